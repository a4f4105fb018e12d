"""The few shapes of Block Kit that Upshot uses, and how they become one message."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import slackblocks
from slackblocks import (
    ActionsBlock,
    AxisConfig,
    BarChart,
    Block,
    Button,
    ColumnSettings,
    ContextBlock,
    DataPoint,
    DataSeries,
    DataVisualizationBlock,
    DividerBlock,
    HeaderBlock,
    Markdown,
    PlainText,
    RawText,
    RichTextObject,
    SectionBlock,
    StaticSelectMenu,
    TableBlock,
)

from bot.blocks.escaping import clip, plain
from bot.blocks.spoken import spoken
from bot.domain.messages import Message

TEXT_LIMIT = 3_899
_END = 200
_SECTION = 3_000
_FIELD = 2_000
_HEADER = 150
_CONTEXT = 10
_CELL = 120
_LABEL = 20


def message(preview: str, *blocks: Block) -> Message:
    """What is seen and what is read aloud; *preview* shows on a locked phone, so no figures."""
    shown = as_dicts(*blocks)
    return Message(_fitted([*filter(None, (preview, *map(spoken, shown)))]), shown)


def _fitted(lines: Sequence[str]) -> str:
    """All that is said, or as much as fits; the end stays, which says who can see it."""
    text = "\n".join(lines)
    end = lines[-1].rpartition("\n")[2]
    if len(text) <= TEXT_LIMIT or len(end) >= _END:
        return clip(text, TEXT_LIMIT)
    return f"{clip(text, TEXT_LIMIT - len(end) - 1)}\n{end}"


def as_dicts(*blocks: Block) -> tuple[dict[str, Any], ...]:
    return tuple(slackblocks.WebhookMessage(blocks=list(blocks)).to_dict()["blocks"])


def bold(text: str) -> str:
    return f"*{text}*"


def header(block_id: str, text: str) -> Block:
    return HeaderBlock(PlainText(plain(text, most=_HEADER)), block_id=block_id)


def section(block_id: str, *lines: str) -> Block:
    return SectionBlock(_mrkdwn("\n".join(lines), _SECTION), block_id=block_id)


def beside(block_id: str, control: Button | StaticSelectMenu | None, *lines: str) -> Block:
    """Lines with a control that belongs to them, if there is one."""
    return SectionBlock(_mrkdwn("\n".join(lines), _SECTION), block_id=block_id, accessory=control)


def fields(block_id: str, *columns: str) -> Block:
    """Two columns, where there is room for two."""
    return SectionBlock(fields=[_mrkdwn(text, _FIELD) for text in columns], block_id=block_id)


def context(block_id: str, *lines: str) -> Block:
    return ContextBlock([_mrkdwn(line, _SECTION) for line in lines[:_CONTEXT]], block_id=block_id)


def divider(block_id: str) -> Block:
    return DividerBlock(block_id=block_id)


def actions(block_id: str, *buttons: Button) -> Block:
    return ActionsBlock(list(buttons), block_id=block_id)


def button(label: str, action_id: str, *, value: str, spoken_as: str | None = None) -> Button:
    """*value* comes back from the reader's device: an opaque word, nothing about a person."""
    return Button(label, action_id=action_id, value=value, accessibility_label=spoken_as)


def table(block_id: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """The first column names its row; the others are figures, set to the right."""
    cells: list[list[RawText | RichTextObject]] = [
        [RawText(plain(cell, most=_CELL)) for cell in row] for row in (titles, *rows)
    ]
    sides = [ColumnSettings(align="left" if i == 0 else "right") for i in range(len(titles))]
    return TableBlock(cells, sides, block_id=block_id)


def bar_chart(
    block_id: str, title: str, bars: Mapping[str, Decimal], *, name: str, unit: str
) -> Block:
    """One bar for each label, in their order; what is unknown has no bar, never one of zero."""
    points = [DataPoint(clip(label, _LABEL), _finite(value)) for label, value in bars.items()]
    axes = AxisConfig([point.label for point in points], y_label=unit)
    chart = BarChart([DataSeries(name, points)], axes)
    return DataVisualizationBlock(title, chart, block_id=block_id)


def _mrkdwn(text: str, most: int) -> Markdown:
    # verbatim: a typed "@here" or address in somebody's text must not come alive
    return Markdown(clip(text, most), verbatim=True)


def _finite(value: Decimal) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a chart shows finite numbers only")
    return number
