"""Slack's own tables and charts, the blocks that came last and are still being rolled out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.slack import block_kit_limits as limits
from bot.playground.slack.block_kit_rich_text import RICH_TEXT
from bot.playground.slack.checks import (
    Check,
    all_of,
    at,
    boolean,
    by_type,
    choice,
    items,
    number,
    positive,
    shape,
    string,
)

_BLOCK_ID: dict[str, Check] = {"block_id": string(longest=limits.IDENTIFIER)}
_CELL = by_type(
    {
        "raw_text": shape({"type": choice("raw_text"), "text": string()}),
        "raw_number": shape({"type": choice("raw_number"), "value": number, "text": string()}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _column_setting(value: Any, pointer: str) -> Iterator[str]:
    # null skips a column
    if value is not None:
        yield from _COLUMN(value, pointer)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _table_is_short(block: Any, pointer: str) -> Iterator[str]:
    if sum(map(len, _texts(block.get("rows")))) > limits.TABLE_CHARACTERS:
        yield at(f"{pointer}/rows", f"no more than {limits.TABLE_CHARACTERS} characters allowed")


TABLE = all_of(
    shape(
        {
            "type": choice("table"),
            "rows": items(items(_CELL, most=limits.TABLE_COLUMNS), most=limits.TABLE_ROWS),
        },
        {**_BLOCK_ID, "column_settings": items(_column_setting, most=limits.TABLE_COLUMNS)},
    ),
    _table_is_short,
)

_LABEL = string(longest=limits.CHART_LABEL)
_AXIS_LABEL = string(longest=limits.CHART_AXIS_LABEL)
_SEGMENT = shape({"label": _LABEL, "value": positive})
_SERIES = shape(
    {
        "name": _LABEL,
        "data": items(shape({"label": _LABEL, "value": number}), most=limits.CHART_POINTS),
    }
)
_AXES = shape(
    {"categories": items(_LABEL, most=limits.CHART_POINTS)},
    {"x_label": _AXIS_LABEL, "y_label": _AXIS_LABEL},
)


def _series_agree(chart: Any, pointer: str) -> Iterator[str]:
    """Every series has its own name and one point for each category, in their order."""
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield at(f"{pointer}/series", "series names must be unique")
    if len(set(categories)) < len(categories):
        yield at(f"{pointer}/axis_config/categories", "categories must be unique")
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            where = f"{pointer}/series/{index}/data"
            yield at(where, "must have exactly one point for each category")


def _labels_differ(chart: Any, pointer: str) -> Iterator[str]:
    labels = [segment["label"] for segment in chart["segments"]]
    if len(set(labels)) < len(labels):
        yield at(f"{pointer}/segments", "segment labels must be unique")


def _chart(parts: Check, rule: Check) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        complaints = list(parts(value, pointer))
        yield from complaints or rule(value, pointer)

    return check


def _axis_chart(kind: str) -> Check:
    parts = {
        "type": choice(kind),
        "series": items(_SERIES, most=limits.CHART_SERIES),
        "axis_config": _AXES,
    }
    return _chart(shape(parts), _series_agree)


_PIE = shape({"type": choice("pie"), "segments": items(_SEGMENT, most=limits.CHART_SEGMENTS)})

DATA_VISUALIZATION = shape(
    {
        "type": choice("data_visualization"),
        "title": string(longest=limits.CHART_TITLE),
        "chart": by_type(
            {
                "line": _axis_chart("line"),
                "bar": _axis_chart("bar"),
                "area": _axis_chart("area"),
                "pie": _chart(_PIE, _labels_differ),
            }
        ),
    },
    _BLOCK_ID,
)
