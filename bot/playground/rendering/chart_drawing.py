"""What the template of a chart puts on paper: shapes with their colour and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.rendering import chart_shapes
from bot.playground.rendering.chart_data import ChartData, Series
from bot.playground.rendering.chart_frame import Frame
from bot.playground.rendering.chart_scale import scale_of
from bot.playground.rendering.figures import decimals_of, plain_number

_COLOURS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    kind: str
    colour: int
    path: str
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    colour: int
    x: float
    y: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    colour: int
    name: str
    value: str = ""


def frame_of(data: ChartData) -> Frame:
    scale = scale_of(data.known)
    return Frame(scale=scale, labels=data.labels, has_x_label=bool(data.x_label))


def shapes(data: ChartData, frame: Frame) -> Iterator[Shape]:
    for place, series in enumerate(data.series):
        match data.kind:
            case "bar":
                yield from _bars(data, frame, place, series)
            case "pie":
                yield from _slices(data)
            case kind:
                yield from _lines(frame, place, series, filled=kind == "area")


def dots(data: ChartData, frame: Frame) -> Iterator[Dot]:
    for place, series in enumerate(data.series):
        if data.kind in {"line", "area"}:
            for index, value in _known(series):
                x, y = round(frame.x(index), 1), round(frame.y(value), 1)
                told = _told(data, series, index, value)
                yield Dot(colour=colour(place), x=x, y=y, told=told)


def legend(data: ChartData) -> Iterator[LegendEntry]:
    """None for a single series: the title says what that is."""
    if data.kind == "pie":
        for place, (label, share) in enumerate(_shares(data)):
            yield LegendEntry(colour=colour(place), name=label, value=f"{share:.0%}")
    elif len(data.series) > 1:
        for place, series in enumerate(data.series):
            yield LegendEntry(colour=colour(place), name=series.name)


def colour(place: int) -> int:
    return place % _COLOURS + 1


def _bars(data: ChartData, frame: Frame, place: int, series: Series) -> Iterator[Shape]:
    for index, value in _known(series):
        path = chart_shapes.bar(frame, index, value, place=place, of=len(data.series))
        told = _told(data, series, index, value)
        yield Shape(kind="bar", colour=colour(place), path=path, told=told)


def _lines(frame: Frame, place: int, series: Series, *, filled: bool) -> Iterator[Shape]:
    for points in chart_shapes.runs(frame, series):
        if filled:
            path = chart_shapes.area(points, frame.y(0))
            yield Shape(kind="area", colour=colour(place), path=path)
        yield Shape(kind="line", colour=colour(place), path=chart_shapes.line(points))


def _slices(data: ChartData) -> Iterator[Shape]:
    start = 0.0
    for place, (label, share) in enumerate(_shares(data)):
        if share > 0:
            path = chart_shapes.slice_of_pie(start, start + share)
            told = f"{label}: {share:.0%}"
            yield Shape(kind="slice", colour=colour(place), path=path, told=told)
        start += share


def _shares(data: ChartData) -> Iterator[tuple[str, float]]:
    [series] = data.series
    sizes = [max(value or 0.0, 0.0) for value in series.values]
    whole = sum(sizes)
    for label, size in zip(data.labels, sizes, strict=True):
        yield label, size / whole if whole else 0.0


def _known(series: Series) -> Iterator[tuple[int, float]]:
    return ((index, value) for index, value in enumerate(series.values) if value is not None)


def _told(data: ChartData, series: Series, index: int, value: float) -> str:
    number = plain_number(value, decimals_of(series.known))
    named = f"{series.name}, " if len(data.series) > 1 else ""
    return f"{named}{data.labels[index]}: {number}"
