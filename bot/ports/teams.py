"""Teams, and what was released of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.ledger import LedgerEntry, Sealed
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.teams import (
    ChannelProblem,
    HomeTeam,
    MembersChanged,
    Membership,
    ReleasedWeek,
    Team,
    TeamListing,
    TeamSource,
)


class TeamStore(Protocol):
    """Which teams there are, and who counts where since when.

    What changes does so with the next ISO week. Whatever changes something tells of every team
    that it changed; ``waiting`` tells of all.
    """

    async def sync(
        self,
        source: TeamSource,
        teams: Sequence[Team],
        members: Sequence[Membership],
        *,
        today: date,
    ) -> list[MembersChanged]: ...

    async def put(
        self,
        source: TeamSource,
        teams: Sequence[Team],
        members: Sequence[Membership],
        *,
        today: date,
    ) -> list[MembersChanged]: ...

    async def relist(
        self, listed: Mapping[int, Collection[str]], *, ended: Collection[int] = (), today: date
    ) -> list[MembersChanged]: ...

    async def reorder(self, teams: Sequence[int], *, today: date) -> list[MembersChanged]: ...

    async def waiting(self, today: date) -> list[MembersChanged]: ...

    async def ending(self, today: date) -> list[Team]: ...

    async def all(self) -> list[Team]: ...

    async def of_week(self, week: IsoWeek) -> list[Team]: ...

    async def listings(self, today: date) -> list[TeamListing]: ...

    async def note_channels(self, problems: Mapping[str, ChannelProblem | None]) -> None: ...

    async def home_of(self, person: PersonId, today: date) -> tuple[HomeTeam, HomeTeam | None]: ...

    async def of_person(self, person: PersonId, today: date) -> list[Team]: ...


class ContributionStore(Protocol):
    """What teams' releases are made of, in one snapshot; no name gets out of it."""

    async def snapshot(self, week: IsoWeek, settle: timedelta) -> Snapshot: ...


class LedgerStore(Protocol):
    """What was released, once and for good."""

    async def released(self, week: IsoWeek) -> bool: ...

    async def keep(self, entries: Sequence[LedgerEntry]) -> bool: ...

    async def of_team(self, team: int, until: IsoWeek, most: int) -> list[ReleasedWeek]: ...

    async def to_tell(self, week: IsoWeek) -> frozenset[int]: ...

    def chain(self) -> AsyncIterator[Sealed]: ...


class TeamBudgetStore(Protocol):
    """Which shares of a month's amount each team's channel was told of."""

    async def told(self, team: int, month: date) -> frozenset[int]: ...

    async def keep(self, team: int, month: date, step: int, on: date) -> None: ...
