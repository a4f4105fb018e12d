"""The lines that bars, lines, areas and slices are drawn with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.playground.rendering.chart_data import Series
from bot.playground.rendering.chart_frame import Frame

Point = tuple[float, float]

_BAND = 0.7
_WIDEST_BAR = 44
_BETWEEN_BARS = 2
_ROUNDING = 5.0
_LEAST_HEIGHT = 1.5
RADIUS = 100
_FULL = 0.9999


def bar(frame: Frame, index: int, value: float, *, place: int, of: int) -> str:
    """The *place*-th of as many bars side by side as there are series."""
    room = min(frame.slot * _BAND / of, _WIDEST_BAR)
    gap = min(_BETWEEN_BARS, room / 4) if of > 1 else 0
    width = room - gap
    left = frame.x(index) - (of * room - gap) / 2 + place * room
    base, end = frame.y(0), frame.y(value)
    if abs(base - end) < _LEAST_HEIGHT:  # a known zero is seen, unlike what is not known
        end = base + math.copysign(_LEAST_HEIGHT, end - base or -1)
    return _rounded(left, left + width, base, end)


def _rounded(left: float, right: float, base: float, end: float) -> str:
    """A bar whose far end is round; it may hang down."""
    corner = min(_ROUNDING, (right - left) / 2, abs(base - end))
    inner = end + math.copysign(corner, base - end)
    return (
        f"M{left:.1f} {base:.1f}V{inner:.1f}"
        f"Q{left:.1f} {end:.1f} {left + corner:.1f} {end:.1f}H{right - corner:.1f}"
        f"Q{right:.1f} {end:.1f} {right:.1f} {inner:.1f}V{base:.1f}Z"
    )


def runs(frame: Frame, series: Series) -> Iterator[Sequence[Point]]:
    """The points between which a line may be drawn: over what is not known there is none."""
    for known, values in groupby(enumerate(series.values), lambda item: item[1] is not None):
        if known:
            yield [(frame.x(i), frame.y(value)) for i, value in values if value is not None]


def line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def area(points: Sequence[Point], base: float) -> str:
    return f"{line(points)}L{points[-1][0]:.1f} {base:.1f}L{points[0][0]:.1f} {base:.1f}Z"


def slice_of_pie(start: float, end: float) -> str:
    """From *start* to *end*, in parts of the whole, clockwise from the top."""
    if end - start > _FULL:
        return (
            f"M0 -{RADIUS}A{RADIUS} {RADIUS} 0 1 1 0 {RADIUS}A{RADIUS} {RADIUS} 0 1 1 0 -{RADIUS}Z"
        )
    (x1, y1), (x2, y2) = _on_the_rim(start), _on_the_rim(end)
    large = int(end - start > 0.5)
    return f"M0 0L{x1:.2f} {y1:.2f}A{RADIUS} {RADIUS} 0 {large} 1 {x2:.2f} {y2:.2f}Z"


def _on_the_rim(share: float) -> Point:
    angle = math.tau * share
    return RADIUS * math.sin(angle), -RADIUS * math.cos(angle)
