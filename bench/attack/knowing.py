"""What an attacker who does not know something takes it for: draws from what is common."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bench.attack.histories import IDLE, NEVER, week_at
from bench.attack.scene import Floats, Scene
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded
from bot.domain.disclosure.parameters import epoch_of

DRAWS = 400
ACTIVE = (1 - NEVER) * (1 - IDLE)
Weeks = tuple[int, ...]


def typical(scene: Scene, cell: Cell, weeks: Weeks) -> float:
    """The workspace's median of those who have any, which the attacker may know exactly."""
    means = _means(scene.world.amounts(cell), weeks)
    return float(np.median(means[means > 0]))


def mean_of_victim(scene: Scene, cell: Cell, weeks: Weeks) -> float:
    return float(_means(scene.world.amounts(cell)[[scene.victim]], weeks)[0])


def others(scene: Scene, cell: Cell, week: int, unknown: int) -> Floats:
    """The sum of as many people of whom nothing is known."""
    everybody = scene.capped(range(len(scene.world.history.people)), cell, week)
    return np.asarray(scene.rng.choice(everybody, (DRAWS, unknown)).sum(axis=1))


def changes(
    scene: Scene, cell: Cell, before: Weeks, after: Weeks, people: int, unknown: int
) -> Floats:
    """By how much the means of *unknown* among *people* fell, with the shifts of who is idle."""
    everybody = range(len(scene.world.history.people))
    falls = np.zeros(len(everybody))
    has_shifts = scene.rule.noise.largest_shift > 0
    shifts = _shifts(scene, people, len(everybody)) if has_shifts else falls
    for weeks, sign in ((before, 1), (after, -1)):
        for week in weeks:
            capped = scene.capped(everybody, cell, week)
            if has_shifts:
                capped = capped + scene.cap(cell, week) * (capped > 0) * shifts
            falls = falls + sign / len(weeks) * capped
    return np.asarray(scene.rng.choice(falls, (DRAWS, unknown)).sum(axis=1))


def noise_of_set(scene: Scene, cell: Cell, weeks: Weeks, people: int, *, sets: int = 1) -> Floats:
    """The mean of what a member set, or several in turn, has for good and by the quarter."""
    model = scene.rule.noise
    if not (model.for_good or model.of_the_quarter):
        return np.zeros(DRAWS)
    quarters = max(len({epoch_of(week_at(week)) for week in weeks}), sets)
    reach = scene.cap(cell, weeks[-1]) * model.loudness(people)
    for_good = _even(scene, sets) * model.for_good
    return np.asarray(reach * (for_good + _even(scene, quarters) * model.of_the_quarter))


def shift_of_victim(scene: Scene, cell: Cell, week: int, people: int) -> Floats:
    if not scene.rule.noise.largest_shift:
        return np.zeros(DRAWS)
    return np.asarray(scene.cap(cell, week) * _shifts(scene, people, DRAWS))


def shifts_of_others(scene: Scene, cell: Cell, week: int, people: int, contributors: int) -> Floats:
    """Together: many, so that their sum is as good as normal."""
    model = scene.rule.noise
    if not model.largest_shift:
        return np.zeros(DRAWS)
    one = np.sqrt(np.mean(np.linspace(model.smallest_shift, model.largest_shift, 20) ** 2))
    reach = scene.cap(cell, week) * model.loudness(people) * one
    return np.asarray(reach * np.sqrt(ACTIVE * contributors) * scene.rng.normal(size=DRAWS))


def louder(scene: Scene, cell: Cell, week: int, people: int) -> Floats:
    """What the others' shifts add where one fewer makes the noise louder."""
    model = scene.rule.noise
    step = model.loudness(people - 1) / model.loudness(people) - 1
    if not step:
        return np.zeros(DRAWS)
    return np.asarray(step * shifts_of_others(scene, cell, week, people, people - 1))


def rounding(scene: Scene, figures: Iterable[Rounded]) -> Floats:
    """The mean of what rounding took from figures that were not alike before."""
    halves = np.array([float(one.step) / 2 for one in figures])
    if not halves.any():
        return np.zeros(DRAWS)
    draws = scene.rng.uniform(-halves, halves, (DRAWS, len(halves)))
    return np.asarray(draws.mean(axis=1))


def _even(scene: Scene, draws: int) -> Floats:
    return np.asarray(scene.rng.uniform(-1, 1, (DRAWS, draws)).mean(axis=1))


def _shifts(scene: Scene, people: int, count: int) -> Floats:
    """In caps."""
    model = scene.rule.noise
    size = scene.rng.uniform(model.smallest_shift, model.largest_shift, count)
    return np.asarray(model.loudness(people) * scene.rng.choice((-1.0, 1.0), count) * size)


def _means(amounts: Floats, weeks: Weeks) -> Floats:
    return np.asarray(amounts[:, list(weeks)].mean(axis=1))
