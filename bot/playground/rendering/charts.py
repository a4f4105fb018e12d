"""A chart block as a picture that can be read aloud, with its figures in a table below.

As Slack draws them: several bars stand side by side, several areas lie one over the other,
the first at the back. Format:
https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.playground.rendering import chart_drawing
from bot.playground.rendering.chart_data import ChartData, Series, chart_data
from bot.playground.rendering.chart_frame import WIDTH
from bot.playground.rendering.environment import rendered
from bot.playground.rendering.figures import decimals_of, plain_number
from bot.playground.rendering.markup import plain
from bot.playground.rendering.tables import Cell, draw_table
from bot.playground.rendering.texts import unknown

_NOT_KNOWN = "no data"


def chart(block: Mapping[str, Any], *, id_prefix: str) -> Markup:
    """*id_prefix* is one word that no other chart of the page has."""
    data = chart_data(block["chart"])
    if data is None:
        return unknown(block, f"a chart of the kind {block['chart'].get('type')}")
    is_empty = not any(data.known) if data.kind == "pie" else not data.known
    return rendered(
        "chart.html",
        title=block["title"],
        kind=data.kind,
        id_prefix=id_prefix,
        legend=list(chart_drawing.legend(data)),
        drawing=None if is_empty else _drawing(data, id_prefix, block["title"]),
        figures=draw_table(list(_figures(data)), label=f"Figures: {block['title']}"),
    )


def _drawing(data: ChartData, id_prefix: str, title: str) -> Markup:
    frame = chart_drawing.frame_of(data)
    return rendered(
        "chart_pie.html" if data.kind == "pie" else "chart_axes.html",
        id_prefix=id_prefix,
        title=title,
        description=_description(data),
        width=WIDTH,
        frame=frame,
        data=data,
        shapes=list(chart_drawing.shapes(data, frame)),
        dots=list(chart_drawing.dots(data, frame)),
    )


def _description(data: ChartData) -> str:
    """What a glance at the picture tells; the table has the rest."""
    known = data.known
    decimals = decimals_of(known)
    low, high = plain_number(min(known), decimals), plain_number(max(known), decimals)
    unit = f" {data.y_label}" if data.y_label else ""
    return (
        f"{data.kind.capitalize()} chart, {len(data.labels)} labels from {data.labels[0]} to "
        f"{data.labels[-1]}. Lowest {low}, highest {high}{unit}. All figures are in the table."
    )


def _figures(data: ChartData) -> Iterator[Sequence[Cell]]:
    columns = [_column(series) for series in data.series]
    titles = [data.x_label or "Label", *(_column_title(data, series) for series in data.series)]
    yield [Cell(shown=plain(titles[0])), *map(_figure, titles[1:])]
    for label, *values in zip(data.labels, *columns, strict=True):
        yield [Cell(shown=plain(label), is_row_title=True), *map(_figure, values)]


def _column(series: Series) -> list[str]:
    decimals = decimals_of(series.known)
    return [_NOT_KNOWN if v is None else plain_number(v, decimals) for v in series.values]


def _column_title(data: ChartData, series: Series) -> str:
    return f"{series.name} ({data.y_label})" if data.y_label else series.name


def _figure(text: str) -> Cell:
    return Cell(shown=plain(text), side="right")
