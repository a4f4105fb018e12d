"""What tools count of their sessions is kept with the provider's day, or added to as it is sent."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.periods import midnight
from bot.domain.received import CountedEvent, Signal
from bot.domain.usage import SessionCount, UsageRecord
from db.database import Database
from db.people import PeopleStore
from db.received import SEEN_FOR, ReceivedStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, enroll, make_day, make_member, make_record

TUESDAY = MONDAY + timedelta(days=1)
AN_HOUR = timedelta(hours=1)
CLAUDE = "otlp:claude_code"


def make_count(account: str = "ada", **counts: int | None) -> SessionCount:
    return SessionCount(account=account, tool="claude", **counts)


def make_event(event_id: str = "e1", account: str = "ada", **counts: int | None) -> CountedEvent:
    return CountedEvent(
        event_id=event_id,
        usage=UsageRecord(provider=CLAUDE, account=account, day=MONDAY),
        period_end=midnight(MONDAY) + timedelta(hours=9),
        email=account if "@" in account else f"{account}@example.com",
        signal=Signal.METRICS,
        sessions=make_count(account, **counts),
    )


async def kept(database: Database) -> dict[tuple[Any, ...], tuple[int | None, ...]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(
            text(
                "SELECT provider, day, account, sessions, commits, pull_requests"
                " FROM session_counts WHERE tool = 'claude'"
            )
        )
        return {(provider, day, who): tuple(told) for provider, day, who, *told in rows}


async def suggestions(database: Database) -> list[tuple[int | None, ...]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(
            text("SELECT offered, accepted FROM session_counts ORDER BY account")
        )
        return [tuple(row) for row in rows]


async def owners(database: Database) -> dict[str, int | None]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT account, person_id FROM session_counts"))
        return dict(rows.all())


async def rows_of(database: Database, table: str) -> int:
    async with database.for_jobs() as connection:
        return await connection.scalar(text(f"SELECT count(*) FROM {table}"))


class TestOfAProvidersDay:
    @pytest.fixture
    def usage(self, database):
        return UsageStore(database)

    async def test_are_kept_as_they_came_and_the_unknown_as_unknown(self, usage, database):
        counts = (make_count("ada", sessions=2, commits=0), make_count("bob", pull_requests=1))

        await usage.replace_day(make_day(sessions=counts), NOON)

        assert await kept(database) == {
            ("anthropic", MONDAY, "ada"): (2, 0, None),
            ("anthropic", MONDAY, "bob"): (None, None, 1),
        }

    async def test_have_the_suggestions_that_were_offered_and_taken(self, usage, database):
        counts = (make_count("ada", offered=60, accepted=0), make_count("bob", sessions=1))

        await usage.replace_day(make_day(sessions=counts), NOON)

        assert await suggestions(database) == [(60, 0), (None, None)]

    async def test_are_replaced_when_the_day_is_read_again(self, usage, database):
        before = (make_count("ada", commits=2), make_count("bob", commits=5))
        await usage.replace_day(make_day(make_record(), sessions=before), NOON)

        after = (make_count("ada", commits=3), make_count("cyd", commits=1))
        await usage.replace_day(make_day(make_record(), sessions=after), NOON + AN_HOUR)

        assert await kept(database) == {
            ("anthropic", MONDAY, "ada"): (None, 3, None),
            ("anthropic", MONDAY, "cyd"): (None, 1, None),
        }

    async def test_are_gone_when_the_day_is_read_again_without_them(self, usage, database):
        await usage.replace_day(make_day(sessions=(make_count(commits=2),)), NOON)

        await usage.replace_day(make_day(), NOON + AN_HOUR)

        assert await kept(database) == {}

    async def test_of_other_days_and_providers_are_left_alone(self, usage, database):
        answer = make_day(sessions=(make_count(commits=2),))
        for other in (answer, replace(answer, day=TUESDAY), replace(answer, provider="openai")):
            await usage.replace_day(other, NOON)

        await usage.replace_day(make_day(), NOON + AN_HOUR)

        assert set(await kept(database)) == {
            ("anthropic", TUESDAY, "ada"),
            ("openai", MONDAY, "ada"),
        }

    async def test_of_an_older_answer_never_win(self, usage, database):
        await usage.replace_day(make_day(sessions=(make_count(commits=2),)), NOON)

        older = make_day(sessions=(make_count(commits=1),))
        assert not await usage.replace_day(older, NOON - AN_HOUR)

        assert await kept(database) == {("anthropic", MONDAY, "ada"): (None, 2, None)}

    async def test_alone_changed_make_it_another_answer(self, usage):
        await usage.replace_day(make_day(make_record()), NOON)

        counted = make_day(make_record(), sessions=(make_count(commits=2),))
        await usage.replace_day(counted, NOON + AN_HOUR)

        known = (await usage.known_days(["anthropic"]))["anthropic"][MONDAY]
        assert known.unchanged_since == NOON + AN_HOUR

    async def test_belong_to_whose_account_it_is_even_without_use(self, usage, database):
        [ada] = await enroll(database, "ada")
        counts = (make_count("user_1", commits=1), make_count("user_2", commits=1))

        emails = {"user_1": "ada@example.com"}
        await usage.replace_day(make_day(sessions=counts, emails=emails), NOON)

        assert await owners(database) == {"user_1": ada.id, "user_2": None}

    async def test_go_along_with_an_account_that_is_linked_later(self, usage, database):
        await usage.replace_day(
            make_day(sessions=(make_count(commits=1),), emails={"ada": "ada@example.com"}), NOON
        )
        before = await owners(database)

        [ada] = await enroll(database, "ada")

        assert before == {"ada": None}
        assert await owners(database) == {"ada": ada.id}

    async def test_leave_with_an_address_that_somebody_else_has_now(self, usage, database):
        await enroll(database, "ada")
        await usage.replace_day(
            make_day(sessions=(make_count(commits=1),), emails={"ada": "ada@example.com"}), NOON
        )

        await PeopleStore(database).sync(
            [make_member("ada", email="lovelace@example.com")], today=MONDAY
        )

        assert await owners(database) == {"ada": None}


class TestSent:
    @pytest.fixture
    def received(self, database):
        return ReceivedStore(database)

    async def test_are_added_up_over_the_day(self, received, database):
        await received.add([make_event("e1", sessions=1), make_event("e2", commits=2)], NOON)
        said = await received.add([make_event("e3", sessions=1, commits=1)], NOON)

        assert await kept(database) == {(CLAUDE, MONDAY, "ada"): (2, 3, None)}
        assert (said.accepted, said.replaced) == (1, 0)

    async def test_have_their_suggestions_added_up(self, received, database):
        await received.add([make_event("e1", offered=3, accepted=2)], NOON)
        await received.add([make_event("e2", offered=4), make_event("e3", accepted=1)], NOON)

        assert await suggestions(database) == [(7, 3)]

    async def test_count_once_however_often_they_are_sent(self, received, database):
        events = [make_event("e1", commits=1), make_event("e2", "bob", commits=1)]
        await received.add(events, NOON)

        said = await received.add([*events, events[0]], NOON)

        assert await kept(database) == {
            (CLAUDE, MONDAY, "ada"): (None, 1, None),
            (CLAUDE, MONDAY, "bob"): (None, 1, None),
        }
        assert (said.accepted, said.replaced) == (3, 3)

    async def test_make_no_use_and_no_day_that_use_is_known_of(self, received, database):
        said = await received.add([make_event(commits=1)], NOON)

        tables = ("usage_records", "received_usage", "provider_days")
        assert [await rows_of(database, table) for table in tables] == [0, 0, 0]
        assert said.through == {}

    async def test_come_with_use_in_one_request(self, received, database):
        call = CountedEvent(
            event_id="call 1",
            usage=make_record("ada", provider=CLAUDE),
            period_end=NOON,
            email="ada@example.com",
        )

        said = await received.add([call, make_event(commits=1)], NOON)

        assert await kept(database) == {(CLAUDE, MONDAY, "ada"): (None, 1, None)}
        assert await rows_of(database, "usage_records") == 1
        assert (said.accepted, said.replaced) == (2, 0)

    async def test_belong_to_whose_address_the_sender_names(self, received, database):
        address = "ada@example.com"
        await received.add([make_event(account=address, commits=1)], NOON)
        before = await owners(database)
        [ada] = await enroll(database, "ada")

        await received.add([make_event("e2", address, commits=1)], NOON)

        assert before == {address: None}
        assert await owners(database) == {address: ada.id}

    async def test_are_forgotten_as_events_and_kept_as_counts(self, received, database):
        await received.add([make_event(commits=1)], NOON)

        await received.add([make_event("e2", commits=1)], NOON + SEEN_FOR + AN_HOUR)

        assert await rows_of(database, "seen_events") == 1
        assert await kept(database) == {(CLAUDE, MONDAY, "ada"): (None, 2, None)}
