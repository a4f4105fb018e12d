"""What is left for those who are meant to read it: how far off shown totals and trends are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from bench.attack.attacks.weeks import BEFORE, NOW
from bench.attack.scene import CELLS, Scene, figure
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Release

BANDS = ((5, 11), (12, 19), (20, 40))


class Error(StrEnum):
    CAPPED = "capped"
    UNCAPPED = "uncapped"
    TREND = "trend"


MOST: Mapping[tuple[tuple[int, int], Error], float] = {
    ((12, 19), Error.CAPPED): 0.15,
    ((20, 40), Error.CAPPED): 0.08,
    ((12, 19), Error.TREND): 0.08,
    ((20, 40), Error.TREND): 0.05,
}
"""For spend, as medians."""


class Fate(StrEnum):
    SHOWN = "shown"
    POOLED = "pooled"
    WITHHELD = "withheld"


@dataclass(slots=True)
class Usefulness:
    errors: dict[tuple[Cell, tuple[int, int], Error], list[float]] = field(default_factory=dict)
    fates: dict[tuple[Cell, tuple[int, int], Fate], int] = field(default_factory=dict)

    def look(self, scene: Scene) -> None:
        """At all teams of a workspace, in two weeks that follow each other."""
        for cell in CELLS:
            for team, members in enumerate(scene.teams):
                if len(members) >= BANDS[0][0]:
                    self._team(scene, cell, team)

    def merge(self, other: Usefulness) -> None:
        for key, errors in other.errors.items():
            self.errors.setdefault(key, []).extend(errors)
        for fate, count in other.fates.items():
            self.fates[fate] = self.fates.get(fate, 0) + count

    def median(self, cell: Cell, band: tuple[int, int], error: Error) -> float | None:
        errors = self.errors.get((cell, band, error))
        return median(errors) if errors else None

    def share(self, cell: Cell, band: tuple[int, int], fate: Fate) -> float:
        total = sum(self.fates.get((cell, band, one), 0) for one in Fate)
        return self.fates.get((cell, band, fate), 0) / max(total, 1)

    def missed(self) -> Iterator[str]:
        for (band, error), most in MOST.items():
            found = self.median(Cell.SPEND, band, error)
            if found is None or found >= most:
                measured = "unknown" if found is None else f"{found:.1%}"
                people = f"{band[0]}-{band[1]} people"
                yield f"{error} error at {people}: {measured}, not under {most:.0%}"

    def _team(self, scene: Scene, cell: Cell, team: int) -> None:
        members = scene.teams[team]
        band = next(band for band in BANDS if band[0] <= len(members) <= band[1])
        now, then = (figure(_release(scene, team, week), cell) for week in (NOW, BEFORE))
        fate = _fate(scene, cell, is_shown=now is not None)
        self.fates[cell, band, fate] = self.fates.get((cell, band, fate), 0) + 1
        if now is None:
            return
        capped, before = (float(scene.capped(members, cell, w).sum()) for w in (NOW, BEFORE))
        uncapped = sum(scene.amount(one, cell, NOW) for one in members)
        self._add(cell, band, Error.CAPPED, float(now.value), capped)
        self._add(cell, band, Error.UNCAPPED, float(now.value), uncapped)
        if then is not None and then.value and before:
            self._add(cell, band, Error.TREND, float(now.value / then.value), capped / before)

    def _add(
        self, cell: Cell, band: tuple[int, int], error: Error, shown: float, true: float
    ) -> None:
        self.errors.setdefault((cell, band, error), []).append(abs(shown / true - 1))


def _release(scene: Scene, team: int, week: int) -> Release:
    return scene.release(scene.teams, week).teams[team]


def _fate(scene: Scene, cell: Cell, *, is_shown: bool) -> Fate:
    if is_shown:
        return Fate.SHOWN
    other = figure(scene.release(scene.teams, NOW).other, cell)
    return Fate.WITHHELD if other is None else Fate.POOLED
