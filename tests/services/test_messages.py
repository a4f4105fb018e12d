"""Digests and welcomes find their way into the outbox, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.blocks.digest import render_digest
from bot.blocks.welcome import render_welcome
from bot.clock import SetClock
from bot.domain.commands import CommandNames
from bot.domain.periods import midnight
from bot.domain.preferences import Cadence
from bot.language import ENGLISH
from bot.services.digests import Digests
from db.administration import AdministrationStore
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_batch,
    make_day,
    make_member,
    make_outcome,
    make_record,
)
from tests.services.coaches import make_coach

A_MINUTE = timedelta(minutes=1)


def digest_of(_reader, digest):
    return render_digest(ENGLISH, digest)


def welcome(_reader):
    return render_welcome(ENGLISH, CommandNames())


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def outbox(database):
    return DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE)


@pytest.fixture
def digests(database, outbox, clock):
    return Digests(
        people=PeopleStore(database),
        personal=PersonalStore(database),
        deliveries=outbox,
        administration=AdministrationStore(database),
        preferences=PreferenceStore(database),
        coach=make_coach(database, clock),
        clock=clock,
        sources=frozenset({"anthropic"}),
    )


@pytest.fixture
def used(database):
    """Each of these used AI on Monday, at a price of its own: 1, 2, 3 … dollars."""

    async def used(*names: str, prices=None) -> None:
        records = [
            make_record(name, cost=Decimal((prices or {}).get(name, number)))
            for number, name in enumerate(names, start=1)
        ]
        await UsageStore(database).replace_day(make_day(*records), NOON)
        await HealthStore(database).provider_succeeded("anthropic", NOON)

    return used


async def planned(database) -> dict[str, tuple[str, datetime, str]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT channel, kind, due_at, text FROM deliveries"))
        return {channel: (kind, due_at, words) for channel, kind, due_at, words in rows}


class TestDigests:
    async def test_show_each_reader_the_readers_own_figures(self, digests, database, used):
        ada, bob = await enroll(database, "ada", "bob")
        await used("ada", "bob", prices={"ada": "12.34", "bob": "98.76"})

        await digests.plan_period(Cadence.WEEKLY, WEEK.period, [ada.id, bob.id], digest_of)

        told = await planned(database)
        assert "12.34" in told["UADA"][2]
        assert "98.76" not in told["UADA"][2]
        assert "98.76" in told["UBOB"][2]

    async def test_are_planned_once_for_good(self, digests, database, used):
        [ada] = await enroll(database, "ada")
        await used("ada")

        assert await digests.plan_period(Cadence.WEEKLY, WEEK.period, [ada.id], digest_of) == 1
        assert await digests.plan_period(Cadence.WEEKLY, WEEK.period, [ada.id], digest_of) == 0

    async def test_go_to_nobody_who_left(self, digests, database):
        [ada, _] = await enroll(database, "ada", "bob")
        await enroll(database, "bob")

        assert await digests.plan_period(Cadence.WEEKLY, WEEK.period, [ada.id], digest_of) == 0

    async def test_are_due_within_the_readers_own_day(self, digests, database, clock):
        zones = {"ada": "Europe/London", "bob": "Australia/Sydney"}
        people = PeopleStore(database)
        await people.sync(
            [make_member(name, time_zone=zone) for name, zone in zones.items()], today=NOON.date()
        )
        ids = [person.id for name in zones if (person := await people.find(f"U{name.upper()}"))]

        await digests.plan_period(Cadence.WEEKLY, WEEK.period, ids, digest_of)

        due = {channel: due_at for channel, (_, due_at, _) in (await planned(database)).items()}
        assert due["UADA"] == NOON
        assert due["UBOB"] == datetime(2026, 3, 25, 22, tzinfo=UTC)

    async def test_wait_for_no_source_that_is_off(self, digests, database, used):
        [ada] = await enroll(database, "ada")
        await used("ada")
        await HealthStore(database).failed("openai", "No.", "Look.", NOON)

        digest = await digests.last_week(ada)

        assert digest.data_through == (("anthropic", MONDAY),)

    async def test_tell_how_far_the_sources_reach_that_the_reader_uses(
        self, digests, database, used
    ):
        ada, bob = await enroll(database, "ada", "bob")
        await used("ada")
        health = HealthStore(database)
        for source in ("git", "openai"):
            await health.source_succeeded(source, midnight(MONDAY), NOON)
        with_more = replace(
            digests,
            sources=frozenset({"anthropic", "git", "openai"}),
            work_sources=frozenset({"git"}),
        )

        of_ada, of_bob = [await with_more.last_week(person) for person in (ada, bob)]

        assert [name for name, _ in of_ada.data_through] == ["anthropic", "git"]
        assert [name for name, _ in of_bob.data_through] == ["anthropic", "git", "openai"]

    async def test_tells_of_the_systems_that_hold_the_readers_own_work(self, digests, database):
        [ada, bob] = await enroll(database, "ada", "bob")
        health = HealthStore(database)
        for source, account in (("git", "ada"), ("jira", "zoe")):
            work = make_outcome(1, account, source=source)
            await OutcomeStore(database).replace(source, make_batch(work))
            await health.source_succeeded(source, NOON, NOON)
        both = frozenset({"git", "jira"})
        reading = replace(digests, sources=both, work_sources=both)

        of_ada, of_bob = [await reading.last_week(person) for person in (ada, bob)]

        assert [name for name, _ in of_ada.data_through] == ["git"]
        assert [name for name, _ in of_bob.data_through] == ["git", "jira"]


class TestAskingInPerson:
    async def test_shows_the_week_that_is_running(self, digests, database):
        [ada] = await enroll(database, "ada")
        today = make_day(make_record(cost=Decimal(3)), day=NOON.date())
        await UsageStore(database).replace_day(today, NOON)

        digest = await digests.this_week(ada)

        assert (digest.total, digest.is_closed) == (Decimal(3), False)
        assert digest.period.first_day == date(2026, 3, 23)

    async def test_shows_the_month_that_is_running(self, digests, database, used):
        [ada] = await enroll(database, "ada")
        await used("ada")

        digest = await digests.this_month(ada)

        assert (digest.total, digest.period.first_day) == (Decimal(1), date(2026, 3, 1))

    async def test_shows_the_last_week_as_a_closed_one(self, digests, database, used):
        [ada] = await enroll(database, "ada")
        await used("ada")

        digest = await digests.last_week(ada)

        assert (digest.total, digest.is_closed) == (Decimal(1), True)


class TestWelcomes:
    async def test_go_to_those_who_are_new_once_and_without_a_figure(self, digests, database, used):
        await enroll(database, "ada", "bob")
        await used("ada", prices={"ada": "12.34"})

        assert await digests.plan_welcomes(welcome) == 1
        assert await digests.plan_welcomes(welcome) == 0

        told = await planned(database)
        assert set(told) == {"UADA"}
        kind, due_at, words = told["UADA"]
        assert (kind, due_at) == ("welcome", NOON)
        assert "12" not in words
