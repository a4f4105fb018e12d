"""A3: an admin makes a second group of the team, without the victim."""

from __future__ import annotations

from collections.abc import Iterator

from bench.attack import knowing
from bench.attack.attacks.differences import Side, exactly, of_means
from bench.attack.attacks.weeks import BEFORE, NOW
from bench.attack.evidence import Trial
from bench.attack.scene import CELLS, Partition, Scene


def as_asked(scene: Scene) -> Iterator[Trial]:
    """Both groups are shown in the same week, as if people could count twice."""
    whole = scene.release(scene.teams, NOW).teams[0]
    nested = scene.release(scene.without_victim(), NOW).teams[0]
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, NOW),
            typical=knowing.typical(scene, cell, (NOW,)),
            evidence=tuple(exactly(scene, cell, whole, nested, NOW)),
        )


def by_home_team(scene: Scene) -> Iterator[Trial]:
    """One home team each: from the week of the change on, the victim's team is the victim alone."""
    if scene.rule.is_exact:
        return as_asked(scene)
    pair = (
        Side(teams=scene.teams, weeks=(BEFORE,)),
        Side(teams=victim_alone(scene), weeks=(NOW,)),
    )
    return of_means(scene, [pair], truth=(BEFORE,))


def victim_alone(scene: Scene) -> Partition:
    return (*scene.without_victim(), (scene.victim,))
