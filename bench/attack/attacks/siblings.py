"""A5: the total minus what is published of all other teams, where the victim's is withheld."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.attack import knowing
from bench.attack.attacks.nested import victim_alone
from bench.attack.attacks.weeks import NOW
from bench.attack.evidence import Evidence, Measured, Trial
from bench.attack.histories import SMALLEST
from bench.attack.scene import CELLS, Floats, Partition, Scene, figure
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded


def released_total(scene: Scene) -> Iterator[Trial]:
    return _of(scene, is_public=False)


def public_total(scene: Scene) -> Iterator[Trial]:
    """The exact total of the workspace is known from elsewhere: from the invoice, say."""
    return _of(scene, is_public=True)


def _of(scene: Scene, *, is_public: bool) -> Iterator[Trial]:
    for cell in CELLS:
        yield Trial(
            cell=cell,
            truth=scene.amount(scene.victim, cell, NOW),
            typical=knowing.typical(scene, cell, (NOW,)),
            evidence=tuple(_seen(scene, cell, is_public=is_public)),
        )


def _seen(scene: Scene, cell: Cell, *, is_public: bool) -> Iterator[Evidence]:
    """What is left of the total is the victim, and whoever else is in no published figure."""
    teams = _only_victim_hidden(scene)
    release = scene.release(teams, NOW)
    total = figure(release.total, cell)
    if total is None:
        return
    shown = {team: figure(one, cell) for team, one in release.teams.items()}
    published = {team: one for team, one in shown.items() if one is not None}
    other = figure(release.other, cell)
    hidden = sum(len(team) for at, team in enumerate(teams) if at not in published) - 1
    figures = [(one, len(teams[team])) for team, one in published.items()]
    value = _public(scene, cell) if is_public else float(total.value)
    observed = value - sum(float(one.value) for one in published.values())
    if is_public or other is None:
        errors = _errors(scene, cell, figures, hidden)
        if is_public:
            errors = errors + _cut_off(scene, cell)
        yield Measured(observed, errors, float("inf"))
    if other is not None:
        # The pool itself: whoever is in it beside the victim hides the victim.
        pool = _errors(scene, cell, [(other, hidden + 1)], hidden)
        yield Measured(float(other.value), pool, scene.cap(cell, NOW))


def _only_victim_hidden(scene: Scene) -> Partition:
    """Teams that are too small anyhow join another: they would hide the victim."""
    *teams, victim = victim_alone(scene)
    small = tuple(one for team in teams[1:] if len(team) < SMALLEST for one in team)
    first, second, *more = (team for team in teams if team is teams[0] or len(team) >= SMALLEST)
    return (first, (*second, *small), *more, victim)


def _errors(scene: Scene, cell: Cell, figures: list[tuple[Rounded, int]], hidden: int) -> Floats:
    """Of figures of as many people, when *hidden* are beside the victim."""
    error = knowing.others(scene, cell, NOW, hidden)
    for one, people in figures:
        error = (
            error
            - knowing.noise_of_set(scene, cell, (NOW,), people)
            - knowing.shifts_of_others(scene, cell, NOW, people, people)
            - knowing.rounding(scene, [one])
        )
    return error


def _public(scene: Scene, cell: Cell) -> float:
    return float(scene.world.amounts(cell)[:, NOW].sum())


def _cut_off(scene: Scene, cell: Cell) -> Floats:
    """What is missing in published figures is in a public total."""
    if scene.rule.is_exact:
        return np.zeros(knowing.DRAWS)
    amounts = scene.world.amounts(cell)[:, NOW]
    cut = amounts - np.minimum(amounts, scene.cap(cell, NOW))
    return np.asarray(scene.rng.choice(cut, (knowing.DRAWS, len(cut))).sum(axis=1))
