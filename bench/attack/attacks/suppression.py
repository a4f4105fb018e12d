"""A10: whether a figure is shown at all tells how the largest amount compares with the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import exp

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped]

from bench.attack import knowing
from bench.attack.attacks.weeks import NOW, QUARTER
from bench.attack.evidence import Evidence, Trial
from bench.attack.histories import IDLE
from bench.attack.scene import CELLS, Floats, Scene, contribution, figure
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import WeekRelease
from bot.domain.disclosure.parameters import Parameters

P_FROM, P_WIDTH = 0.2, 0.15
"""Between which an installation's p lies: that much is public."""
COLLUDERS = 4
_WEEKLY = 0.4
"""How much a victim's week differs from what is usual, on the log scale."""
_MEAN = (1 - IDLE) * exp(_WEEKLY**2 / 2)
"""Of a victim's weeks, idle ones among them, as a multiple of the median active one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Or withheld; everybody else's amounts are known."""

    is_shown: bool
    others: Floats
    cap: float

    def likelihood(self, amounts: Floats) -> Floats:
        capped = np.minimum(amounts, self.cap)
        largest, second = np.sort(self.others)[::-1][:2]
        total = capped + self.others.sum()
        first = np.maximum(capped, largest)
        runner_up = np.where(capped > largest, largest, np.maximum(capped, second))
        by_p = ((total - first - runner_up) / first - P_FROM) / P_WIDTH
        chance = np.clip(by_p, 0, 1) * (first <= total * float(Parameters.LARGEST_SHARE))
        return np.asarray((chance if self.is_shown else 1 - chance) + 1e-3)


@dataclass(slots=True)
class Probed:
    """Weeks in which all the others' amounts were *rests*, and what was shown then."""

    cell: Cell
    rests: list[float] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)

    def likelihood(self, amounts: Floats) -> Floats:
        spread = _WEEKLY if self.cell is Cell.SPEND else _WEEKLY + 1 / np.sqrt(amounts)
        likelihood, level = np.ones_like(amounts), amounts / _MEAN
        for rest, is_shown in zip(self.rests, self.shown, strict=True):
            chance = (1 - IDLE) * ndtr(np.log(rest / level) / spread)
            likelihood = likelihood * (chance if is_shown else 1 - chance)
        return np.asarray(likelihood)


def seen_once(scene: Scene) -> Iterator[Trial]:
    """Everybody but the victim has told the attacker what is theirs."""
    release = scene.release(scene.teams, NOW)
    for cell in CELLS:
        others = scene.capped(scene.without_victim()[0], cell, NOW)
        is_shown = figure(release.teams[0], cell) is not None
        evidence = Shown(is_shown, others, scene.cap(cell, NOW))
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, NOW),
            typical=knowing.typical(scene, cell, (NOW,)),
            evidence=_if_capped(scene, evidence),
        )


def probed(scene: Scene) -> Iterator[Trial]:
    """Four colluders choose what is theirs, so that the answer halves what is possible."""
    evidence = {cell: Probed(cell) for cell in CELLS}
    typical = {cell: knowing.typical(scene, cell, QUARTER) for cell in CELLS}
    for week in QUARTER if not scene.rule.is_exact else ():
        rests = {cell: _middle(evidence[cell], typical[cell]) for cell in CELLS}
        release = _with_colluders(scene, week, rests)
        for cell, rest in rests.items():
            evidence[cell].rests.append(rest)
            evidence[cell].shown.append(figure(release.teams[0], cell) is not None)
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=knowing.mean_of_victim(scene, cell, QUARTER),
            typical=typical[cell],
            evidence=_if_capped(scene, evidence[cell]),
            is_mean=True,
        )


def _middle(evidence: Probed, typical: float) -> float:
    """Of what is possible by now: half lies on either side."""
    possible = np.geomspace(typical / 50, typical * 50, 80)
    beliefs = evidence.likelihood(possible).cumsum()
    return float(possible[np.searchsorted(beliefs, beliefs[-1] / 2)])


def _with_colluders(scene: Scene, week: int, rests: Mapping[Cell, float]) -> WeekRelease:
    spend, outcomes = (rests[cell] / COLLUDERS for cell in CELLS)
    colluders = [
        contribution(10_000 + one, spend, outcomes, has_seat=True) for one in range(COLLUDERS)
    ]
    team = [scene.world.member(scene.victim, week), *colluders]
    # A team that is too small would always take the smallest other with it.
    others = next(team for team in scene.teams[1:] if len(team) > COLLUDERS)
    return scene.release_of([team, [scene.world.member(one, week) for one in others]], week)


def _if_capped(scene: Scene, evidence: Evidence) -> tuple[Evidence, ...]:
    """The naive rules look at nobody's amount."""
    return () if scene.rule.is_exact else (evidence,)
