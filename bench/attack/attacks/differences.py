"""With the victim minus without: what all attacks on changes of membership come down to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.attack import knowing
from bench.attack.evidence import Evidence, Measured, Trial
from bench.attack.scene import CELLS, Floats, Partition, Scene, figure
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Release, Rounded

Weeks = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Weeks in which a team was made of the same people."""

    teams: Partition
    weeks: Weeks
    team: int = 0

    def shown(self, scene: Scene, cell: Cell) -> dict[int, Rounded]:
        figures = (
            (week, figure(scene.release(self.teams, week).teams.get(self.team), cell))
            for week in self.weeks
        )
        return {week: one for week, one in figures if one is not None}


def of_means(scene: Scene, sides: Sequence[tuple[Side, Side]], *, truth: Weeks) -> Iterator[Trial]:
    """Each pair of sides is with the victim, and without."""
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=knowing.mean_of_victim(scene, cell, truth),
            typical=knowing.typical(scene, cell, truth),
            evidence=tuple(one for pair in sides for one in _seen(scene, cell, *pair)),
            is_mean=len(truth) > 1,
        )


def _seen(scene: Scene, cell: Cell, having: Side, lacking: Side) -> Iterator[Evidence]:
    shown, less = having.shown(scene, cell), lacking.shown(scene, cell)
    if not shown or not less:
        return
    before, after = tuple(shown), tuple(less)
    people = len(having.teams[having.team]) - 1
    errors = knowing.changes(scene, cell, before, after, people + 1, people) + gap(
        scene, cell, shown, less, people + 1
    )
    yield Measured(mean(shown) - mean(less), errors, scene.cap(cell, before[-1]))


def gap(
    scene: Scene,
    cell: Cell,
    shown: Mapping[int, Rounded],
    less: Mapping[int, Rounded],
    people: int,
    *,
    sets: bool = False,
) -> Floats:
    """All but the amounts of others that is between a team of *people*, and without the victim.

    With *sets*, every week had a member set of its own.
    """
    before, after = tuple(shown), tuple(less)
    sizes = (len(before), len(after)) if sets else (1, 1)
    return np.asarray(
        knowing.noise_of_set(scene, cell, before, people, sets=sizes[0])
        - knowing.noise_of_set(scene, cell, after, people - 1, sets=sizes[1])
        + knowing.shift_of_victim(scene, cell, before[-1], people)
        + knowing.louder(scene, cell, before[-1], people)
        + knowing.rounding(scene, shown.values())
        - knowing.rounding(scene, less.values())
    )


def exactly(
    scene: Scene, cell: Cell, having: Release, lacking: Release, week: int
) -> Iterator[Evidence]:
    """Nobody else's amount of *week* differs: what is left is noise and rounding."""
    people = len(scene.teams[0])
    shown, less = figure(having, cell), figure(lacking, cell)
    if shown is None or less is None:
        return
    errors = gap(scene, cell, {week: shown}, {week: less}, people)
    yield Measured(float(shown.value - less.value), errors, scene.cap(cell, week))


def mean(shown: Mapping[int, Rounded]) -> float:
    return float(np.mean([float(one.value) for one in shown.values()]))
