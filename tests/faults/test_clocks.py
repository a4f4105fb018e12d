"""Clocks that change for summer, stand at half hours, jump ahead, and go back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.app import Upshot, open_upshot
from bot.blocks.delivery import stamp_of
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.domain.periods import days, midnight
from bot.playground.company import Company, make_company
from bot.playground.elsewhere import SharedClock
from bot.playground.world import World, open_world
from jobs.once import run_all_due
from tests.faults.conftest import IS_SOAK

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Beirut",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
SPRING = (date(2026, 2, 28), date(2026, 4, 7))
"""New York 8 March, Berlin and Beirut 29 March; Auckland, Sydney and Lord Howe 5 April."""
AUTUMN = (date(2026, 9, 19), date(2026, 11, 3))
"""Auckland 27 September, Sydney and Lord Howe 4 October, Berlin and Beirut 25 October, New York
1 November."""
HALF_HOURS = [timedelta(minutes=30 * number) for number in range(48)]


@dataclass(frozen=True, kw_only=True)
class Life:
    """The real bot under a clock that is set, and when each message arrived by that clock."""

    world: World
    upshot: Upshot
    clock: SetClock
    arrivals: dict[str, list[tuple[str, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def live_at(self, moment: datetime) -> int:
        """How many messages came at *moment*."""
        self.clock.move_to(moment)
        self.world.advance(moment)
        await run_all_due(self.upshot.queue, self.upshot.tick)
        return sum(self._new(person, moment) for person in self.world.company.people)

    def _new(self, person: str, moment: datetime) -> int:
        seen = self.arrivals[person]
        fresh = self.world.slack.dms_to(person)[len(seen) :]
        seen += [(stamp_of(message.blocks) or "", moment) for message in fresh]
        return len(fresh)

    async def digests(self) -> dict[str, date]:
        """The week that each planned digest is about."""
        async with self.upshot.database.for_jobs() as connection:
            rows = await connection.execute(
                text("SELECT id::text, period_start FROM deliveries WHERE kind = 'digest'")
            )
            return dict(rows.all())

    async def digests_of_people(self) -> dict[str, list[tuple[date, datetime]]]:
        """For each person, the weeks told of and when, on the person's own clock."""
        weeks = await self.digests()
        return {
            person.slack_id: [
                (weeks[stamp], at.astimezone(ZoneInfo(person.time_zone)))
                for stamp, at in self.arrivals[person.slack_id]
                if stamp in weeks
            ]
            for person in self.world.company.employees
        }


@asynccontextmanager
async def living(urls, folder: Path, company: Company) -> AsyncIterator[Life]:
    clock = SharedClock(midnight(company.start))
    with open_world(company, folder, clock, port=0) as world:
        given = DatabaseUrls(owner=urls.owner, worker=urls.worker)
        async with open_upshot(world.settings, given, clock) as upshot:
            yield Life(world=world, upshot=upshot, clock=clock)


def company_in(zones: tuple[str, ...], ends: date) -> Company:
    """A small company whose people live in *zones*, one after the other."""
    company = make_company(people=23, weeks=1, ends=ends, longest_revision_days=1)
    homes = {
        person.slack_id: zones[number % len(zones)]
        for number, person in enumerate(company.employees)
    }
    return replace(
        company,
        employees=tuple(replace(p, time_zone=homes[p.slack_id]) for p in company.employees),
        directory=tuple(
            replace(entry, time_zone=homes.get(entry.slack_id, "UTC"))
            for entry in company.directory
        ),
    )


def moments(first: date, last: date) -> Iterator[datetime]:
    """The first weekend whole, then the hours round each Monday; every half hour in the soak."""
    for day in days(first, last):
        whole = IS_SOAK or day <= first + timedelta(days=1)
        steps: Iterable[timedelta] = HALF_HOURS[:: 1 if IS_SOAK else 4] if whole else ()
        if not whole and day.weekday() == 0:
            steps = HALF_HOURS[12::4]
        elif not whole and day.weekday() == 1:
            steps = HALF_HOURS[1:14:6]
        yield from (midnight(day) + step for step in steps)


@pytest.mark.parametrize("season", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_each_local_week_has_one_digest_in_working_hours_whatever_the_clocks_do(
    urls, folder, show, season
):
    first, last = season
    async with living(urls, folder, company_in(ZONES, first)) as life:
        for moment in moments(first, last):
            await life.live_at(moment)
        told = await life.digests_of_people()
    readers = {person: digests for person, digests in told.items() if digests}
    show(
        f"{'daylight saving ' + str(first):<34}people {len(readers)}"
        f"  digests {sum(map(len, readers.values()))}"
    )

    assert {_zone_of(life, person) for person in readers} == set(ZONES)
    mondays = [day for day in days(first, last - timedelta(days=7)) if day.weekday() == 0]
    for person, digests in readers.items():
        assert [week for week, _ in digests] == mondays[-len(digests) :], person
        assert len(digests) >= len(mondays) - 1, person
        assert {9 <= at.hour < 18 for _, at in digests} == {True}, (person, digests)
        assert max(Counter(at.isocalendar()[:2] for _, at in digests).values()) == 1, person


def _zone_of(life: Life, person: str) -> str:
    return life.world.company.people[person].time_zone


class TestAClockThatJumps:
    START = date(2026, 5, 2)
    MONDAY = midnight(date(2026, 5, 11))
    LATER = MONDAY + timedelta(days=45, hours=12)
    LAST_WEEK_THEN = date(2026, 6, 15)

    @pytest.fixture
    async def life(self, urls, folder):
        """People in Berlin and New York, who know what Upshot is."""
        company = company_in(("Europe/Berlin", "America/New_York"), self.START)
        async with living(urls, folder, company) as life:
            for hours in (6, 9, 14, 30, 33, 38):
                await life.live_at(midnight(self.START) + timedelta(hours=hours))
            yield life

    async def test_ahead_tells_of_the_latest_week_only_and_back_a_day_of_nothing(self, life):
        await life.live_at(self.MONDAY + timedelta(hours=14))
        before = await life.digests_of_people()
        await self._live_on(life, self.LATER)
        after = await life.digests_of_people()
        fresh = {person: after[person][len(told) :] for person, told in before.items() if told}

        assert fresh
        for told in fresh.values():
            assert [week for week, _ in told] == [self.LAST_WEEK_THEN]

        count = life.world.slack.message_count
        for hours in range(1, 25):
            await life.live_at(self.LATER - timedelta(hours=hours))
        assert life.world.slack.message_count == count

    async def test_ahead_of_a_digest_that_waits_for_the_morning_drops_that_one(self, life):
        await life.live_at(self.MONDAY + timedelta(hours=25))
        waiting = await life.digests()
        await self._live_on(life, self.LATER)

        told = await life.digests_of_people()
        assert waiting
        assert {week for digests in told.values() for week, _ in digests} == {self.LAST_WEEK_THEN}

    @staticmethod
    async def _live_on(life: Life, moment: datetime) -> None:
        for hours in range(0, 25, 3):
            await life.live_at(moment + timedelta(hours=hours))
