"""Weeks of made-up teams, and what is released of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.figures import Release, Rounded, TeamRelease, WeekRelease
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.releasing import release_week
from bot.domain.keyed import Key
from bot.domain.periods import IsoWeek

SPEND = Cell.SPEND
MERGED = Cell.MERGED_CHANGE
CAPS = dict.fromkeys(Cell, Decimal(100))
"""Of every cell, so that figures have a step of 50."""
STEP = Decimal(50)
WEEK = IsoWeek(2026, 15)
QUARTER = tuple(IsoWeek(2026, number) for number in range(14, 27))
NEXT_QUARTER = IsoWeek(2026, 27)
KEYS = tuple(Key(bytes([number]) * 32) for number in range(30))
KEY = KEYS[0]
MANY_KEYS = tuple(Key(number.to_bytes(2) * 16) for number in range(200))
"""For what holds on average."""


def tag(team: int, member: int) -> bytes:
    return f"{team}/{member}".encode()


def people(
    *amounts: float | str, team: int = 1, cell: Cell = SPEND, **more: Any
) -> list[Contribution]:
    """One member for each amount."""
    return [
        Contribution(member=tag(team, n), amounts={cell: Decimal(str(amount))}, **more)
        for n, amount in enumerate(amounts)
    ]


def group(*amounts: float | str, team: int = 1, cell: Cell = SPEND, **more: Any) -> Group:
    return Group(team=team, members=tuple(people(*amounts, team=team, cell=cell, **more)))


def released(
    *groups: Group,
    caps: Mapping[Cell, Decimal] = CAPS,
    rules: Parameters = Parameters(),  # noqa: B008, frozen
    key: Key = KEY,
    week: IsoWeek = WEEK,
) -> WeekRelease:
    return release_week(groups, caps, rules, key=key, week=week)


def figure(release: Release, cell: Cell = SPEND) -> Decimal | None:
    """The rounded figure; ``None`` where it is withheld."""
    match release:
        case TeamRelease(figures=figures) if cell in figures:
            told = figures[cell]
            assert isinstance(told, Rounded)
            return told.value
        case _:
            return None


def shown(*groups: Group, **changes: Any) -> Decimal | None:
    """The first team's spend."""
    return figure(released(*groups, **changes).teams[groups[0].team])


def by_key(*groups: Group, keys: Iterable[Key] = KEYS, **changes: Any) -> list[Decimal | None]:
    """The first team's spend, in each of thirty installations."""
    return [shown(*groups, key=key, **changes) for key in keys]


def told_teams(release: WeekRelease, cell: Cell = SPEND) -> set[int]:
    return {team for team, one in release.teams.items() if figure(one, cell) is not None}


def total_of(figures: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in figures if value is not None), Decimal(0))
