"""What a plain "at least five people" rule shows: exact sums, team by team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.disclosure.contributions import Cell, Group
from bot.domain.disclosure.figures import Release, Rounded, TeamRelease, WeekRelease, Withheld
from bot.domain.disclosure.parameters import Parameters
from bot.domain.keyed import Key
from bot.domain.periods import IsoWeek

FEWEST = 5


def members_5(
    groups: Sequence[Group],
    caps: Mapping[Cell, Decimal],
    parameters: Parameters,
    *,
    key: Key,
    week: IsoWeek,
) -> WeekRelease:
    """Whoever is in the team counts, whether there is anything of theirs or not."""
    del parameters, key, week
    return _released(groups, caps, counts_active=False)


def active_5(
    groups: Sequence[Group],
    caps: Mapping[Cell, Decimal],
    parameters: Parameters,
    *,
    key: Key,
    week: IsoWeek,
) -> WeekRelease:
    """Those count of whom there is anything in the very figure."""
    del parameters, key, week
    return _released(groups, caps, counts_active=True)


def _released(
    groups: Sequence[Group], cells: Mapping[Cell, Decimal], *, counts_active: bool
) -> WeekRelease:
    """The total is of everybody, whether their team is shown or not: as such products do."""
    totals = dict.fromkeys(cells, Decimal(0))
    teams: dict[int, Release] = {}
    for group in groups:
        shown: dict[Cell, Rounded] = {}
        for cell in cells:
            amounts = [one.amounts[cell] for one in group.members if cell in one.amounts]
            value = sum(amounts, Decimal(0))
            totals[cell] += value
            if len(amounts if counts_active else group.members) >= FEWEST:
                shown[cell] = _exact(value)
        teams[group.team] = TeamRelease(figures=shown) if shown else Withheld()
    total = TeamRelease(figures={cell: _exact(value) for cell, value in totals.items()})
    return WeekRelease(teams=teams, other=Withheld(), total=total, coverage=None)


def _exact(value: Decimal) -> Rounded:
    return Rounded(value=value, step=Decimal(0))
