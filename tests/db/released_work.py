"""A company whose weeks are released: its teams, what they use, and what they finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from bot.domain.disclosure.contributions import Cell, Contribution
from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.logged import Tag
from bot.domain.outcomes import Outcome
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, midnight
from bot.domain.teams import TeamSource
from bot.domain.tiers import Tier
from db.contributions import ContributionStore
from db.database import Database
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.tags import TagStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    make_batch,
    make_day,
    make_member,
    make_membership,
    make_outcome,
    make_record,
    make_team,
)

A_DAY = timedelta(days=1)
SETTLE = timedelta(days=7)
STANDS_LONG_ENOUGH = midnight(MONDAY) - SETTLE + timedelta(hours=10)
"""Finished then, it settles on the Monday of the week."""


class Company:
    def __init__(self, database: Database) -> None:
        self.database = database
        self._people: list[str] = []
        self._used: dict[date, list[Any]] = {}
        self._teams: dict[str, list[Any]] = {}
        self._numbers = count(1)
        self.works: list[Outcome] = []

    async def found(
        self,
        *names: str,
        managers: Sequence[str] = (),
        team: str = "Compilers",
        today: date = MONDAY - A_DAY,
        keep: bool = False,
    ) -> int:
        """Make these people a team, from the Monday after *today*; gives its id."""
        self._people += [name for name in (*names, *managers) if name not in self._people]
        await PeopleStore(self.database).sync(
            [make_member(name) for name in self._people], today=NOON.date()
        )
        if not keep:
            self._teams = {}
        self._teams[team] = [
            *(make_membership(name, team) for name in names),
            *(make_membership(name, team, role="manager") for name in managers),
        ]
        store = TeamStore(self.database)
        members = [member for listed in self._teams.values() for member in listed]
        teams = [make_team(name) for name in self._teams]
        await store.sync(TeamSource.FILE, teams, members, today=today)
        return next(known.id for known in await store.all() if known.name == team)

    async def move(self, *names: str, today: date) -> None:
        """Make these people the team from the Monday after *today* on."""
        await self.found(*names, today=today)

    async def use(self, name: str, cost: Decimal, day: date = MONDAY) -> None:
        records = self._used.setdefault(day, [])
        records.append(make_record(name, cost=cost, model=f"model-{len(records)}"))
        await UsageStore(self.database).replace_day(make_day(*records, day=day), NOON)

    async def finish(self, *names: str, at: datetime = STANDS_LONG_ENOUGH, **changes: Any) -> None:
        """One more piece of common work; *at* is when it was finished."""
        work = make_outcome(next(self._numbers), *names, **{"completed_at": at, **changes})
        self.works.append(work)
        await self.tell()

    async def tell(self, now: datetime = NOON) -> None:
        await OutcomeStore(self.database).replace("git", make_batch(*self.works))
        await LinkStore(self.database).link(now, SETTLE)

    async def tag(self, name: str, tier: Tier, day: date) -> None:
        tag = Tag(tier=tier, provider=None, first_day=day, last_day=day)
        await TagStore(self.database).add(await self.id_of(name), tag, NOON)

    async def id_of(self, name: str) -> PersonId:
        person = await PeopleStore(self.database).find(f"U{name.upper()}")
        assert person is not None
        return person.id

    async def tags(self, *names: str) -> set[bytes]:
        return {self.database.key.tag("member", str(await self.id_of(name))) for name in names}

    async def snapshot(self, week: IsoWeek = WEEK) -> Snapshot:
        return await ContributionStore(self.database).snapshot(week, SETTLE)

    async def contributions(self, week: IsoWeek = WEEK) -> list[Contribution]:
        return [one for group in (await self.snapshot(week)).groups for one in group.members]

    async def members_of(self, week: IsoWeek) -> set[bytes]:
        return {one.member for one in await self.contributions(week)}

    async def spends(self) -> list[Decimal]:
        return await self.amounts(Cell.SPEND)

    async def amounts(self, cell: Cell, week: IsoWeek = WEEK) -> list[Decimal]:
        found = await self.contributions(week)
        return sorted(round(one.amounts.get(cell, Decimal(0)), 6) for one in found)
