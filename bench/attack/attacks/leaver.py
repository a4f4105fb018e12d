"""A2, A6, A11: somebody comes or goes, and figures of before and after are compared."""

from __future__ import annotations

from collections.abc import Iterator

from bench.attack import knowing
from bench.attack.attacks.differences import Side, exactly, of_means
from bench.attack.attacks.weeks import BEFORE, EIGHT_AFTER, EIGHT_BEFORE, NOW, QUARTER
from bench.attack.evidence import Trial
from bench.attack.scene import CELLS, Partition, Scene

SIBLING = 1


def week_on_week(scene: Scene) -> Iterator[Trial]:
    """A2: leaves for good, moves to another team, or joins."""
    kind = scene.world.seed % 3
    if kind == 0:
        pairs = [(Side(teams=scene.teams, weeks=(BEFORE,)), _without(scene, (NOW,)))]
        return of_means(scene, pairs, truth=(BEFORE,))
    if kind == 1:
        old, new = scene.teams, _moved(scene)
        left = (Side(teams=old, weeks=(BEFORE,)), Side(teams=new, weeks=(NOW,)))
        joined = (
            Side(teams=new, weeks=(NOW,), team=SIBLING),
            Side(teams=old, weeks=(BEFORE,), team=SIBLING),
        )
        return of_means(scene, [left, joined], truth=(BEFORE,))
    pairs = [(Side(teams=scene.teams, weeks=(NOW,)), _without(scene, (BEFORE,)))]
    return of_means(scene, pairs, truth=(NOW,))


def same_week_again(scene: Scene) -> Iterator[Trial]:
    """A2b: nobody else's amount changes; for a ledger, two weeks that happen to be alike."""
    first = scene.release(scene.teams, BEFORE)
    second = scene.release(scene.without_victim(), NOW, amounts_of=BEFORE)
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, BEFORE),
            typical=knowing.typical(scene, cell, (BEFORE,)),
            evidence=tuple(exactly(scene, cell, first.teams[0], second.teams[0], BEFORE)),
        )


def eight_weeks_each_side(scene: Scene) -> Iterator[Trial]:
    """A6 across two quarters: the noise of before and of after is drawn for each."""
    pairs = [(Side(teams=scene.teams, weeks=EIGHT_BEFORE), _without(scene, EIGHT_AFTER))]
    return of_means(scene, pairs, truth=EIGHT_BEFORE)


def within_a_quarter(scene: Scene) -> Iterator[Trial]:
    """A6 inside one: six weeks with and seven without are all there are."""
    first, second = QUARTER[:6], QUARTER[6:]
    pairs = [(Side(teams=scene.teams, weeks=first), _without(scene, second))]
    return of_means(scene, pairs, truth=first)


def toggled(scene: Scene) -> Iterator[Trial]:
    """A11: opts out and in again, every week of a quarter."""
    with_victim, without = QUARTER[::2], QUARTER[1::2]
    pairs = [(Side(teams=scene.teams, weeks=with_victim), _without(scene, without))]
    return of_means(scene, pairs, truth=with_victim)


def _without(scene: Scene, weeks: tuple[int, ...]) -> Side:
    return Side(teams=scene.without_victim(), weeks=weeks)


def _moved(scene: Scene) -> Partition:
    teams = list(scene.without_victim())
    teams[SIBLING] = (*teams[SIBLING], scene.victim)
    return tuple(teams)
