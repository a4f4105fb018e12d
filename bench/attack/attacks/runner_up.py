"""A1: members of the team take what they know off its total."""

from __future__ import annotations

from collections.abc import Iterator

from bench.attack import knowing
from bench.attack.attacks.weeks import NOW
from bench.attack.evidence import Evidence, Measured, Trial
from bench.attack.scene import CELLS, Scene, figure
from bot.domain.disclosure.contributions import Cell


def alone(scene: Scene) -> Iterator[Trial]:
    """Whoever has most, but for the victim."""
    return _of(scene, 1)


def two_together(scene: Scene) -> Iterator[Trial]:
    return _of(scene, 2)


def four_together(scene: Scene) -> Iterator[Trial]:
    """One fewer than the smallest number of contributors."""
    return _of(scene, 4)


def everybody_else(scene: Scene) -> Iterator[Trial]:
    return _of(scene, len(scene.teams[0]) - 1)


def _of(scene: Scene, coalition: int) -> Iterator[Trial]:
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, NOW),
            typical=knowing.typical(scene, cell, (NOW,)),
            evidence=tuple(_seen(scene, cell, coalition)),
        )


def _seen(scene: Scene, cell: Cell, coalition: int) -> Iterator[Evidence]:
    shown = figure(scene.release(scene.teams, NOW).teams[0], cell)
    if shown is None:
        return
    rest = scene.without_victim()[0]
    known = sorted((scene.amount(one, cell, NOW) for one in rest), reverse=True)[:coalition]
    cap = scene.cap(cell, NOW)
    errors = (
        knowing.others(scene, cell, NOW, len(rest) - len(known))
        + knowing.noise_of_set(scene, cell, (NOW,), len(rest) + 1)
        + knowing.shift_of_victim(scene, cell, NOW, len(rest) + 1)
        + knowing.shifts_of_others(scene, cell, NOW, len(rest) + 1, len(rest))
        + knowing.rounding(scene, [shown])
    )
    yield Measured(float(shown.value) - sum(min(one, cap) for one in known), errors, cap)
