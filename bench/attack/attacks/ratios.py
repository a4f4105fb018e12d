"""A7: one figure's noise is taken off another, by whoever knows the first exactly.

What a team merged can often be counted by hand, so its noise is known to whoever does. Were spend
per merged change, or the spend of a head, made with the same noise, it would cancel.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.attack import knowing
from bench.attack.attacks.weeks import BEFORE, NOW
from bench.attack.evidence import Evidence, Measured, Trial
from bench.attack.scene import CELLS, Scene, figure
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import WeekRelease


def cancelled(scene: Scene) -> Iterator[Trial]:
    without = scene.without_victim()
    releases = [
        (scene.release(scene.teams, BEFORE), scene.teams[0]),
        (scene.release(without, NOW, amounts_of=BEFORE), without[0]),
    ]
    for cell, known in zip(CELLS, reversed(CELLS), strict=True):
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, BEFORE),
            typical=knowing.typical(scene, cell, (BEFORE,)),
            evidence=tuple(_seen(scene, cell, known, releases)),
        )


def _seen(
    scene: Scene, cell: Cell, known: Cell, releases: list[tuple[WeekRelease, tuple[int, ...]]]
) -> Iterator[Evidence]:
    value, errors, sign = 0.0, np.zeros(knowing.DRAWS), 1
    factor = 0.0 if scene.rule.is_exact else scene.cap(cell, BEFORE) / scene.cap(known, BEFORE)
    for release, team in releases:
        shown, beside = figure(release.teams[0], cell), figure(release.teams[0], known)
        if shown is None or beside is None:
            return
        noise = float(beside.value) - float(scene.capped(team, known, BEFORE).sum())
        value += sign * (float(shown.value) - factor * noise)
        errors = errors + knowing.rounding(scene, [shown])
        errors = errors + factor * knowing.rounding(scene, [beside])
        sign = -1
    yield Measured(value, errors, scene.cap(cell, BEFORE))
