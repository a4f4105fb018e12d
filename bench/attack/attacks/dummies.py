"""A4: people who do nothing are added, around the victim alone or to be counted anew each week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from bench.attack import knowing
from bench.attack.attacks.differences import gap, mean
from bench.attack.attacks.weeks import NOW, QUARTER
from bench.attack.evidence import Evidence, Measured, Trial
from bench.attack.scene import CELLS, Scene, contribution, figure
from bot.domain.disclosure.contributions import Cell, Contribution
from bot.domain.disclosure.figures import Rounded

MOST = 20
BESIDE = 3
"""Teams, which are enough for a pool."""
_FIRST_DUMMY = 10_000


def around_victim(scene: Scene) -> Iterator[Trial]:
    """With none to twenty of them, one after the other; whatever is shown counts."""
    releases = [
        scene.release_of(
            [
                [scene.world.member(scene.victim, NOW), *_dummies(number)],
                *_members(scene, scene.without_victim()[:BESIDE], NOW),
            ],
            NOW,
        )
        for number in range(MOST + 1)
    ]
    for cell in CELLS:
        shown = [figure(release.teams[0], cell) for release in releases]
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, NOW),
            typical=knowing.typical(scene, cell, (NOW,)),
            evidence=tuple(_alone(scene, cell, one) for one in shown if one is not None),
        )


def for_new_noise(scene: Scene) -> Iterator[Trial]:
    """A6 again, while every week one more inactive member makes another set of members."""
    before, after = QUARTER[:6], QUARTER[6:]
    having = [_with_dummies(scene, week, lacking=False) for week in before]
    lacking = [_with_dummies(scene, week, lacking=True) for week in after]
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=knowing.mean_of_victim(scene, cell, before),
            typical=knowing.typical(scene, cell, before),
            evidence=tuple(
                _difference(scene, cell, [one[cell] for one in having], [o[cell] for o in lacking])
            ),
            is_mean=True,
        )


def _alone(scene: Scene, cell: Cell, shown: Rounded) -> Evidence:
    errors = knowing.noise_of_set(scene, cell, (NOW,), 2) + knowing.shift_of_victim(
        scene, cell, NOW, 2
    )
    errors = errors + knowing.rounding(scene, [shown])
    return Measured(float(shown.value), errors, scene.cap(cell, NOW))


def _with_dummies(scene: Scene, week: int, *, lacking: bool) -> dict[Cell, Rounded | None]:
    teams = scene.without_victim() if lacking else scene.teams
    first, *others = _members(scene, teams, week)
    release = scene.release_of([[*first, *_dummies(week)], *others], week)
    return {cell: figure(release.teams[0], cell) for cell in CELLS}


def _difference(
    scene: Scene,
    cell: Cell,
    having: Sequence[Rounded | None],
    lacking: Sequence[Rounded | None],
) -> Iterator[Evidence]:
    before = {week: one for week, one in zip(QUARTER[:6], having, strict=True) if one}
    after = {week: one for week, one in zip(QUARTER[6:], lacking, strict=True) if one}
    if not before or not after:
        return
    people = len(scene.teams[0])
    errors = knowing.changes(scene, cell, tuple(before), tuple(after), people, people - 1) + gap(
        scene, cell, before, after, people, sets=True
    )
    yield Measured(mean(before) - mean(after), errors, scene.cap(cell, QUARTER[0]))


def _dummies(number: int) -> list[Contribution]:
    return [_dummy(one) for one in range(number)]


@cache
def _dummy(number: int) -> Contribution:
    return contribution(_FIRST_DUMMY + number, 0, 0, has_seat=True)


def _members(scene: Scene, teams: Sequence[Sequence[int]], week: int) -> list[list[Contribution]]:
    return [[scene.world.member(one, week) for one in team] for team in teams]
