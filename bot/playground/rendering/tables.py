"""A table block as a table: the first row says what stands in its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.playground.rendering.environment import rendered
from bot.playground.rendering.figures import plain_number
from bot.playground.rendering.markup import plain
from bot.playground.rendering.names import Names
from bot.playground.rendering.rich_text import rich_text
from bot.playground.rendering.slack_words import SlackWords
from bot.playground.rendering.texts import unknown

_SIDES = ("left", "center", "right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    shown: Markup
    side: str = "left"
    is_row_title: bool = False


def table(block: Mapping[str, Any], names: Names, words: SlackWords) -> Markup:
    sides = [_side(setting) for setting in block.get("column_settings") or ()]
    rows = [_row(row, sides, names) for row in block.get("rows") or ()]
    return draw_table(rows, label=_label(rows, words))


def draw_table(rows: Sequence[Sequence[Cell]], *, label: str) -> Markup:
    """*label* tells who cannot see it what the box is that they may scroll."""
    titles = rows[0] if rows else ()
    return rendered("table.html", titles=titles, rows=rows[1:], label=label)


def _label(rows: Sequence[Sequence[Cell]], words: SlackWords) -> str:
    titles = ", ".join(cell.shown.striptags() for cell in rows[0]) if rows else ""
    return words("Table: {titles}", titles=titles) if titles else words("Table")


def _row(row: Sequence[Mapping[str, Any]], sides: Sequence[str], names: Names) -> list[Cell]:
    padded = [*sides, *["left"] * len(row)]
    return [
        Cell(shown=_shown(cell, names), side=side) for cell, side in zip(row, padded, strict=False)
    ]


def _side(setting: Mapping[str, Any] | None) -> str:
    side = (setting or {}).get("align", "left")
    return side if side in _SIDES else "left"


def _shown(cell: Mapping[str, Any], names: Names) -> Markup:
    match cell:
        case {"type": "raw_text", "text": str(text)} | {"type": "raw_number", "text": str(text)}:
            return plain(text)
        case {"type": "raw_number", "value": int(number) | float(number)}:
            return plain(plain_number(number))
        case {"type": "rich_text"}:
            return rich_text(cell, names)
        case _:
            return unknown(cell)
