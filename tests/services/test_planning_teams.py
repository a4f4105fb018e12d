"""What the clock plans for teams, and for what is kept: a week is made once, for all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.disclosure.contributions import Group
from bot.domain.disclosure.figures import WeekRelease
from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.ledger_entries import entries_of
from bot.domain.night import (
    COLLECT_HOUR,
    CollectDay,
    Night,
    ReleaseWeek,
    Retain,
    SettleAssertions,
    TellTeam,
    Welcome,
    Work,
)
from bot.domain.periods import IsoWeek
from bot.domain.retention import Cutoffs
from bot.domain.teams import TeamSource
from bot.services.planning import Planner, Stores
from db.administration import AdministrationStore
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.ledger import LedgerStore
from db.people import PeopleStore
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, WEEK, enroll, make_day, make_record, make_team
from tests.fakes import FakeProvider, RealTime
from tests.releases import WITHHELD, make_making

A_DAY = timedelta(days=1)
MONDAY_NINE = datetime(2026, 3, 23, 9, tzinfo=UTC)
"""The Monday after the week."""
TUESDAY_TEN = datetime(2026, 3, 24, 10, tzinfo=UTC)


class Town:
    """A planner, the teams that it plans for, and the ledger."""

    def __init__(self, database) -> None:
        a_minute = timedelta(minutes=1)
        self.clock = SetClock(MONDAY_NINE)
        self.stores = Stores(
            usage=UsageStore(database),
            people=PeopleStore(database),
            teams=TeamStore(database),
            ledger=LedgerStore(database),
            deliveries=DeliveryStore(database, lease=a_minute, settle=a_minute),
            health=HealthStore(database),
            administration=AdministrationStore(database),
        )

    async def due(self, *providers, **changes: Any) -> list[Work]:
        planner = Planner(
            stores=self.stores,
            providers=providers,
            sources=(),
            clock=self.clock,
            real_now=RealTime().now,
            **{"backfill_days": 3, "has_slack": True, **changes},
        )
        return await planner.due()

    async def days_asked_for(self) -> list[date]:
        work = await self.due(FakeProvider(), backfill_days=365)
        return [each.day for each in work if isinstance(each, CollectDay)]

    async def gather(self, moment: datetime) -> None:
        """It is *moment*, and of the night's steps only messages are left."""
        self.clock.move_to(moment)
        for step in ("directory", "settle"):
            await self.finish(step)

    async def at(self, moment: datetime) -> list[Work]:
        """What is due then for teams."""
        await self.gather(moment)
        for step in ("retain", SettleAssertions(moment.hour).step):
            await self.finish(step)
        return await self.due()

    async def finish(self, step: str) -> None:
        now = self.clock.now()
        await self.stores.health.finish_step(step, Night.at(now).day, now)

    async def add(self, **zones: str) -> list[int]:
        """Teams by name, each in its time zone; gives their ids in that order."""
        teams = [make_team(name, time_zone=zone) for name, zone in zones.items()]
        await self.stores.teams.sync(TeamSource.FILE, teams, [], today=MONDAY - A_DAY)
        ids = {team.name: team.id for team in await self.stores.teams.all()}
        return [ids[name] for name in zones]

    async def release(self, week: IsoWeek, *teams: int) -> None:
        groups = tuple(Group(team=team, members=()) for team in teams)
        snapshot = Snapshot(week=week, groups=groups, past={})
        withheld = WeekRelease(
            teams=dict.fromkeys(teams, WITHHELD), other=WITHHELD, total=WITHHELD, coverage=None
        )
        entries = entries_of(withheld, make_making(snapshot=snapshot))
        assert await self.stores.ledger.keep(entries)


@pytest.fixture
def town(database):
    return Town(database)


class TestUpkeep:
    async def test_comes_after_what_people_wait_for(self, town, database):
        await enroll(database, "ada")
        await town.stores.usage.replace_day(make_day(make_record()), NOON)
        await town.gather(MONDAY_NINE)

        assert await town.due() == [Welcome(), SettleAssertions(9), Retain()]

    async def test_is_done_without_slack_too(self, town):
        await town.gather(MONDAY_NINE)

        assert await town.due(has_slack=False) == [SettleAssertions(9), Retain()]

    async def test_settles_assertions_every_hour_and_deletes_every_night(self, town):
        assert await town.at(MONDAY_NINE) == []

        town.clock.move_to(MONDAY_NINE + timedelta(hours=1))

        assert await town.due() == [SettleAssertions(10)]


class TestRetention:
    async def test_bounds_what_is_asked_for(self, town):
        """Or what is deleted every night would be asked for again, and deleted again."""
        today = town.clock.now().date()
        kept = (await town.stores.administration.thresholds(today))["retention_days"]

        asked = await town.days_asked_for()

        assert min(asked) == Cutoffs.on(today, kept).facts
        assert len(asked) == kept

    @pytest.mark.parametrize("hour", [0, COLLECT_HOUR - 1, COLLECT_HOUR, 23])
    async def test_never_deletes_what_is_asked_for_at_any_hour(self, town, hour):
        town.clock.move_to(MONDAY_NINE.replace(hour=hour))

        asked = await town.days_asked_for()

        assert min(asked) >= Cutoffs.on(MONDAY_NINE.date(), 180).facts


class TestTeams:
    async def test_are_released_on_tuesday_morning(self, town):
        [team] = await town.add(A="UTC")
        await town.release(WEEK.back(1), team)

        assert await town.at(TUESDAY_TEN) == [ReleaseWeek(WEEK)]

    async def test_are_told_once_their_week_is_in_the_ledger(self, town):
        [team] = await town.add(A="UTC")
        await town.release(WEEK, team)

        assert await town.at(TUESDAY_TEN) == [TellTeam(team, WEEK)]

    async def test_are_told_of_the_week_before_until_then(self, town):
        await town.add(A="UTC")

        assert await town.at(MONDAY_NINE) == [ReleaseWeek(WEEK.back(1))]

    async def test_are_released_together_and_told_each_in_its_own_time(self, town):
        """The week is made as soon as the first team is due, and for all of them."""
        tokyo, lima = await town.add(Tokyo="Asia/Tokyo", Lima="America/Lima")
        await town.release(WEEK.back(1), tokyo, lima)

        at_eight = await town.at(TUESDAY_TEN.replace(hour=8))
        await town.release(WEEK, tokyo, lima)
        then = await town.due()
        in_the_afternoon = await town.at(TUESDAY_TEN.replace(hour=15))

        assert at_eight == [TellTeam(lima, WEEK.back(1)), ReleaseWeek(WEEK)]
        assert then == [TellTeam(lima, WEEK.back(1)), TellTeam(tokyo, WEEK)]
        assert set(in_the_afternoon) == {TellTeam(tokyo, WEEK), TellTeam(lima, WEEK)}

    async def test_are_not_told_of_weeks_from_before_there_were_any_of_them(self, town):
        await town.release(WEEK)
        await town.add(A="UTC")

        assert await town.at(TUESDAY_TEN) == []

    async def test_are_told_of_their_last_week(self, town):
        [team] = await town.add(A="UTC")
        await town.stores.teams.sync(TeamSource.FILE, [], [], today=MONDAY + A_DAY)
        await town.release(WEEK, team)

        assert await town.at(TUESDAY_TEN) == [TellTeam(team, WEEK)]
        assert await town.at(TUESDAY_TEN + timedelta(weeks=1)) == []

    async def test_follow_the_day_that_an_admin_set(self, town):
        await town.add(A="UTC")
        store, today = town.stores.administration, MONDAY_NINE.date()
        await store.set_threshold("summary_day", 0, today, "UADA", MONDAY_NINE)

        assert await town.at(MONDAY_NINE) == [ReleaseWeek(WEEK)]
