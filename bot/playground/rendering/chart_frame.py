"""Where everything of a chart with axes goes, in the units of its picture.

Letters are allowed the size that they have on a phone, where the picture is drawn small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.playground.rendering.chart_scale import Scale

WIDTH = 480
_PLOT_HEIGHT = 190
_LETTER = 9.2
_LINE = 20
_GAP = 8
_ROOM_OF_A_TURNED_LABEL = 27
_LONGEST_LABEL = 12
_TURN = 40
_ALONG = math.cos(math.radians(_TURN))
_DOWN = math.sin(math.radians(_TURN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    text: str
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    scale: Scale
    labels: tuple[str, ...]
    has_x_label: bool

    @property
    def _wanted(self) -> float:
        return max(len(clipped(label)) for label in self.labels) * _LETTER

    @property
    def _tick_room(self) -> float:
        return max(len(self.scale.told(tick)) for tick in self.scale.ticks) * _LETTER + _GAP

    @property
    def are_labels_turned(self) -> bool:
        return self._wanted + _GAP > (WIDTH - self._tick_room - _GAP) / len(self.labels)

    @property
    def left(self) -> float:
        """Room for the numbers, and for a turned first label, which reaches to the left."""
        if not self.are_labels_turned:
            return self._tick_room
        reach = len(clipped(self.labels[0])) * _LETTER * _ALONG
        return max(self._tick_room, reach - WIDTH / len(self.labels) / 2)

    @property
    def right(self) -> float:
        return WIDTH - _GAP

    @property
    def top(self) -> float:
        return _LINE + _GAP * 1.5

    @property
    def bottom(self) -> float:
        return self.top + _PLOT_HEIGHT

    @property
    def label_line(self) -> float:
        return self.bottom + (_GAP * 1.5 if self.are_labels_turned else _LINE)

    @property
    def height(self) -> float:
        labels = self._wanted * _DOWN + _LINE if self.are_labels_turned else _LINE + _GAP
        return round(self.bottom + labels + (_LINE if self.has_x_label else 0))

    @property
    def slot(self) -> float:
        return (self.right - self.left) / len(self.labels)

    def x(self, index: int) -> float:
        return self.left + (index + 0.5) * self.slot

    def y(self, value: float) -> float:
        return self.bottom - self.scale.share(value) * _PLOT_HEIGHT

    @property
    def shown_labels(self) -> Sequence[Label]:
        """Every one, or every second, third ... where they would run into each other."""
        room = _ROOM_OF_A_TURNED_LABEL if self.are_labels_turned else 1
        every = math.ceil(room / self.slot)
        return [
            Label(text=clipped(label), x=round(self.x(index), 1))
            for index, label in enumerate(self.labels)
            if index % every == 0
        ]


def clipped(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
