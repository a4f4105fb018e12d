"""A6 with the same members all along: the victim is away, on holiday say, and colleagues know.

The set of members does not change, nor does what is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bench.attack import knowing
from bench.attack.attacks.differences import mean
from bench.attack.attacks.weeks import BEFORE, NOW, QUARTER
from bench.attack.evidence import Evidence, Measured, Trial
from bench.attack.scene import CELLS, Scene, figure
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded, WeekRelease

Weeks = tuple[int, ...]


def one_week(scene: Scene) -> Iterator[Trial]:
    """Nobody else's amount changes."""
    return _of(scene, (BEFORE,), (NOW,), amounts=BEFORE)


def many_weeks(scene: Scene) -> Iterator[Trial]:
    return _of(scene, QUARTER[:6], QUARTER[6:])


def _of(scene: Scene, before: Weeks, after: Weeks, amounts: int | None = None) -> Iterator[Trial]:
    there = {week: _figures(scene.release(scene.teams, week)) for week in before}
    away = {week: _figures(_while_away(scene, week, amounts)) for week in after}
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=knowing.mean_of_victim(scene, cell, before),
            typical=knowing.typical(scene, cell, before),
            evidence=tuple(_seen(scene, cell, there, away, is_alike=amounts is not None)),
            is_mean=len(before) > 1,
        )


def _seen(
    scene: Scene,
    cell: Cell,
    there: Mapping[int, Mapping[Cell, Rounded | None]],
    away: Mapping[int, Mapping[Cell, Rounded | None]],
    *,
    is_alike: bool,
) -> Iterator[Evidence]:
    shown = {week: one for week, of in there.items() if (one := of[cell])}
    less = {week: one for week, of in away.items() if (one := of[cell])}
    if not shown or not less:
        return
    people, first = len(scene.teams[0]), next(iter(shown))
    errors = (
        knowing.shift_of_victim(scene, cell, first, people)
        + knowing.rounding(scene, shown.values())
        - knowing.rounding(scene, less.values())
    )
    if not is_alike:
        errors = errors + knowing.changes(
            scene, cell, tuple(shown), tuple(less), people, people - 1
        )
    yield Measured(mean(shown) - mean(less), errors, scene.cap(cell, first))


def _while_away(scene: Scene, week: int, amounts: int | None) -> WeekRelease:
    source = week if amounts is None else amounts
    groups = [[scene.world.member(one, source) for one in team] for team in scene.teams]
    at = scene.teams[0].index(scene.victim)
    groups[0][at] = replace(groups[0][at], amounts={}, is_active=False)
    return scene.release_of(groups, week, caps=scene.world.caps(source))


def _figures(release: WeekRelease) -> dict[Cell, Rounded | None]:
    return {cell: figure(release.teams[0], cell) for cell in CELLS}
