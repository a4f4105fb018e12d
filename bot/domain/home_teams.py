"""Which one team each person counts in, of all those that several sources wish the person into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeVar

from bot.domain.periods import IsoWeek
from bot.domain.teams import Team, TeamSource

Who = TypeVar("Who")

RANK: Mapping[TeamSource, int] = MappingProxyType(
    {source: rank for rank, source in enumerate(TeamSource)}
)


def in_order(teams: Iterable[Team]) -> list[Team]:
    """*teams*, the one first in which somebody who is wished into several of them counts."""
    return sorted(teams, key=lambda team: (RANK[team.source], team.position, team.id))


def home_teams(teams: Iterable[Team], wishes: Iterable[tuple[int, Who]]) -> dict[Who, int]:
    """The id of everybody's home team, given the ids of the teams that each is wished into.

    A wish for what is none of *teams* is for nothing.
    """
    places = {team.id: place for place, team in enumerate(in_order(teams))}
    homes: dict[Who, int] = {}
    for team, who in wishes:
        if team in places and (who not in homes or places[team] < places[homes[who]]):
            homes[who] = team
    return homes


def next_monday(today: date) -> date:
    """When what changes about memberships *today* takes effect."""
    return IsoWeek.of(today).monday + timedelta(weeks=1)
