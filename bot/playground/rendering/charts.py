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
from bot.playground.rendering.slack_words import SlackWords
from bot.playground.rendering.tables import Cell, draw_table
from bot.playground.rendering.texts import unknown


def chart(block: Mapping[str, Any], words: SlackWords, *, id_prefix: str) -> Markup:
    """*id_prefix* is one word that no other chart of the page has."""
    data = chart_data(block["chart"])
    if data is None:
        return unknown(block, f"a chart of the kind {block['chart'].get('type')}")
    is_empty = not any(data.known) if data.kind == "pie" else not data.known
    return rendered(
        "chart.html",
        words=words,
        title=block["title"],
        kind=data.kind,
        id_prefix=id_prefix,
        legend=list(chart_drawing.legend(data)),
        drawing=None if is_empty else _drawing(data, words, id_prefix, block["title"]),
        figures=draw_table(
            list(_figures(data, words)), label=words("Figures: {title}", title=block["title"])
        ),
    )


def _drawing(data: ChartData, words: SlackWords, id_prefix: str, title: str) -> Markup:
    frame = chart_drawing.frame_of(data)
    return rendered(
        "chart_pie.html" if data.kind == "pie" else "chart_axes.html",
        id_prefix=id_prefix,
        title=title,
        description=_description(data, words),
        width=WIDTH,
        frame=frame,
        data=data,
        shapes=list(chart_drawing.shapes(data, frame)),
        dots=list(chart_drawing.dots(data, frame)),
    )


def _description(data: ChartData, words: SlackWords) -> str:
    """What a glance at the picture tells; the table has the rest."""
    known = data.known
    decimals = decimals_of(known)
    low, high = plain_number(min(known), decimals), plain_number(max(known), decimals)
    unit = f" {data.y_label}" if data.y_label else ""
    kind = words(f"{data.kind.capitalize()} chart")
    first, last = data.labels[0], data.labels[-1]
    span = words(
        "{count} labels from {first} to {last}.", count=len(data.labels), first=first, last=last
    )
    extremes = words("Lowest {low}, highest {high}{unit}.", low=low, high=high, unit=unit)
    return f"{kind}, {span} {extremes} {words('All figures are in the table.')}"


def _figures(data: ChartData, words: SlackWords) -> Iterator[Sequence[Cell]]:
    columns = [_column(series, words("no data")) for series in data.series]
    titles = [
        data.x_label or words("Label"),
        *(_column_title(data, series) for series in data.series),
    ]
    yield [Cell(shown=plain(titles[0])), *map(_figure, titles[1:])]
    for label, *values in zip(data.labels, *columns, strict=True):
        yield [Cell(shown=plain(label), is_row_title=True), *map(_figure, values)]


def _column(series: Series, unknown_word: str) -> list[str]:
    decimals = decimals_of(series.known)
    return [unknown_word if v is None else plain_number(v, decimals) for v in series.values]


def _column_title(data: ChartData, series: Series) -> str:
    return f"{series.name} ({data.y_label})" if data.y_label else series.name


def _figure(text: str) -> Cell:
    return Cell(shown=plain(text), side="right")
