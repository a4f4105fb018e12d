"""Rich text, tables, charts, and markdown."""

from __future__ import annotations

import math

from tests.playground.slack.limits.making import (
    Json,
    chart,
    line,
    markdown,
    message,
    pie,
    plain,
    rich_line,
    rich_list,
    rich_text,
    section,
    series,
    table,
    weeks,
)

FIGURES: dict[str, tuple[Json, Json, str]] = {
    "rich text has known leaves": (
        message(rich_text(rich_line({"type": "text", "text": "x", "style": {"bold": True}}))),
        message(rich_text(rich_line({"type": "mrkdwn", "text": "x"}))),
        "/blocks/0/elements/0/elements/0/type",
    ),
    "list indent of 8": (
        message(rich_text(rich_list(indent=8))),
        message(rich_text(rich_list(indent=9))),
        "/blocks/0/elements/0/indent",
    ),
    "100 rows": (message(table(100)), message(table(101)), "/blocks/0/rows"),
    "20 columns": (message(table(1, 20)), message(table(1, 21)), "/blocks/0/rows/0"),
    "a cell is not empty": (message(table()), message(table(1, 1, "")), "/rows/0/0/text"),
    "10,000 characters in a table": (
        message(table(10, 10, "x" * 100)),
        message(table(10, 10, "x" * 101)),
        "/blocks/0/rows",
    ),
    "a numeric cell has a number": (
        message({"type": "table", "rows": [[{"type": "raw_number", "value": 1, "text": "1"}]]}),
        message({"type": "table", "rows": [[{"type": "raw_number", "value": "1", "text": "1"}]]}),
        "/blocks/0/rows/0/0/value",
    ),
    "columns have settings": (
        message(table(column_settings=[None, {"align": "right"}])),
        message(table(column_settings=[{"align": "top"}])),
        "/blocks/0/column_settings/0/align",
    ),
    "one table": (message(table()), message(table(), table()), "/blocks"),
    "chart title of 50": (
        message(chart(line(), title="x" * 50)),
        message(chart(line(), title="x" * 51)),
        "/blocks/0/title",
    ),
    "a chart has a known type": (
        message(chart(line())),
        message(chart({"type": "radar"})),
        "/blocks/0/chart/type",
    ),
    "6 series": (
        message(chart(line(*[series(str(n)) for n in range(6)]))),
        message(chart(line(*[series(str(n)) for n in range(7)]))),
        "/blocks/0/chart/series",
    ),
    "series have names of their own": (
        message(chart(line(series("You"), series("Usual")))),
        message(chart(line(series("You"), series("You")))),
        "/blocks/0/chart/series",
    ),
    "series name of 20": (
        message(chart(line(series("x" * 20)))),
        message(chart(line(series("x" * 21)))),
        "/blocks/0/chart/series/0/name",
    ),
    "20 points": (
        message(chart(line(series(labels=weeks(20)), categories=weeks(20)))),
        message(chart(line(series(labels=weeks(21)), categories=weeks(21)))),
        "/blocks/0/chart/series/0/data",
    ),
    "a point for each category": (
        message(chart(line(series(labels=("W2", "W1"))))),
        message(chart(line(series(labels=("W1",))))),
        "/blocks/0/chart/series/0/data",
    ),
    "points have the categories' labels": (
        message(chart(line())),
        message(chart(line(series(labels=("W1", "W3"))))),
        "/blocks/0/chart/series/0/data",
    ),
    "category of 20": (
        message(chart(line(series(labels=("x" * 20,)), categories=("x" * 20,)))),
        message(chart(line(series(labels=("x" * 21,)), categories=("x" * 21,)))),
        "/blocks/0/chart/axis_config/categories/0",
    ),
    "axis label of 50": (
        message(chart(line(x_label="x" * 50))),
        message(chart(line(x_label="x" * 51))),
        "/blocks/0/chart/axis_config/x_label",
    ),
    "values are finite": (
        message(chart(line(series(value=-1.5)))),
        message(chart(line(series(value=math.nan)))),
        "/blocks/0/chart/series/0/data/0/value",
    ),
    "values are not missing": (
        message(chart(line(series(value=0)))),
        message(chart(line(series(value=None)))),
        "/blocks/0/chart/series/0/data/0/value",
    ),
    "6 segments": (
        message(chart(pie(*[1] * 6))),
        message(chart(pie(*[1] * 7))),
        "/blocks/0/chart/segments",
    ),
    "segments are positive": (
        message(chart(pie(0.1))),
        message(chart(pie(0))),
        "/blocks/0/chart/segments/0/value",
    ),
    "2 charts": (message(*[chart(line())] * 2), message(*[chart(line())] * 3), "/blocks"),
    "12,000 characters of markdown in all": (
        message(markdown("x" * 6000), markdown("x" * 6000)),
        message(markdown("x" * 6000), markdown("x" * 6001)),
        "/blocks",
    ),
    "an alert is for modals": (
        message(section()),
        message({"type": "alert", "text": plain()}),
        "/blocks/0/type",
    ),
}  # fmt: skip
