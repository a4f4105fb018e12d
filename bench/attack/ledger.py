"""A year of releases of a workspace in which people come, go and change teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bench.attack.histories import CAP_WEEKS, workspace
from bench.attack.scene import CapsOf, Floats, Partition, Rule, Scene, World, figure, seeded
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import WeekRelease

SIZES = (5, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 19, 20, 24, 27, 36, 3)
"""Of the teams at the beginning: 232 people, one in ten of whom never uses anything."""
CHANGES = 2
"""Of membership, a week."""
MOST_AWAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One figure: whose sum it is, and what else everybody knows of it."""

    week: int
    members: tuple[int, ...]
    contributors: frozenset[int]
    value: float
    step: float
    cap: float
    has_noise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """``amounts`` are what really was, capped where figures are; people in rows."""

    entries: tuple[Entry, ...]
    amounts: Floats
    weeks: range


def year_of(
    rule: Rule,
    caps_of: CapsOf,
    cell: Cell,
    *,
    seed: int,
    weeks: int = 52,
    sizes: Sequence[int] = SIZES,
) -> Year:
    rng = Random(seed)
    history = workspace(sizes, rng, CAP_WEEKS + weeks)
    world = World(history=history, caps_of=caps_of, victim=0, seed=seed)
    draws, key = seeded(seed)
    scene = Scene(world=world, rule=rule, key=key, rng=draws)
    entries: list[Entry] = []
    capped = world.amounts(cell).copy()
    span = range(CAP_WEEKS, CAP_WEEKS + weeks)
    for week, teams in zip(span, _partitions(history.teams, rng, weeks), strict=True):
        capped[:, week] = scene.capped(range(len(history.people)), cell, week)
        entries += _entries(scene, cell, teams, week)
    return Year(entries=tuple(entries), amounts=capped, weeks=span)


def _partitions(first: Partition, rng: Random, weeks: int) -> Iterator[Partition]:
    """Somebody moves, opts out, or is back in some team."""
    teams, away = [list(team) for team in first], []
    for _ in range(weeks):
        yield tuple(tuple(team) for team in teams)
        for _ in range(CHANGES):
            source = rng.choice([team for team in teams if len(team) > 1])
            moving = source.pop(rng.randrange(len(source)))
            if rng.random() < 1 / 2:
                rng.choice(teams).append(moving)
            else:
                away.append(moving)
            if len(away) > MOST_AWAY:
                rng.choice(teams).append(away.pop(0))


def _entries(scene: Scene, cell: Cell, teams: Partition, week: int) -> Iterator[Entry]:
    """Each team's figure, the pool's, and the total where it is not the sum of the others."""
    release = scene.release(teams, week)
    sets = dict(enumerate(teams))
    shown = {team: figure(release.teams[team], cell) for team in sets}
    pool = tuple(one for team in sets if shown[team] is None for one in sets[team])
    everybody = tuple(one for team in teams for one in team)
    figures = [(sets[team], one) for team, one in shown.items()]
    figures.append((pool, figure(release.other, cell)))
    if not _adds_up(release, cell):
        figures.append((everybody, figure(release.total, cell)))
    for members, one in figures:
        if one is not None:
            yield Entry(
                week=week,
                members=members,
                contributors=frozenset(m for m in members if scene.amount(m, cell, week) > 0),
                value=float(one.value),
                step=float(one.step),
                cap=scene.cap(cell, week),
                has_noise=not scene.rule.is_exact,
            )


def _adds_up(release: WeekRelease, cell: Cell) -> bool:
    """A total that is the sum of what is published says nothing that the parts do not."""
    total = figure(release.total, cell)
    parts = [figure(one, cell) for one in (*release.teams.values(), release.other)]
    return total is not None and total.value == sum(one.value for one in parts if one is not None)
