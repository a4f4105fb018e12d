"""What is sent to us is kept by its names, and the accounts' days are made of it."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from sqlalchemy import text

from bot.domain.periods import midnight
from bot.domain.received import CountedEvent, ReceivedRecord, Signal
from bot.domain.usage import CostBasis, TokenUsage, combine
from bot.errors import BrokenDatabaseError
from db.database import Database, make_engine
from db.people import PeopleStore
from db.received import SEEN_FOR, ReceivedStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, enroll, make_day, make_member, make_record

ACME = "ingest:acme"
CLAUDE = "otlp:claude_code"
TUESDAY = MONDAY + timedelta(days=1)


def make_sent(record_id: str = "r1", account: str | None = "ada", **changes: Any) -> ReceivedRecord:
    """A record of Acme's; what is no field of it goes to its usage."""
    own = {name: changes.pop(name) for name in ("signal", "email") if name in changes}
    usage = make_record(account, **{"provider": ACME, "cost_type": None, **changes})
    period_end = midnight(usage.day) + timedelta(days=1)
    return ReceivedRecord(record_id=record_id, usage=usage, period_end=period_end, **own)


def make_event(event_id: str = "e1", account: str | None = "ada", **changes: Any) -> CountedEvent:
    own = {name: changes.pop(name) for name in ("signal", "email") if name in changes}
    usage = make_record(account, **{"provider": CLAUDE, **changes})
    period_end = midnight(usage.day) + timedelta(hours=9)
    return CountedEvent(event_id=event_id, usage=usage, period_end=period_end, **own)


@pytest.fixture
def received(database: Database) -> ReceivedStore:
    return ReceivedStore(database)


async def ask(database: Database, question: str) -> list[tuple[Any, ...]]:
    async with database.for_jobs() as connection:
        return [tuple(row) for row in await connection.execute(text(question))]


async def costs(database: Database) -> dict[tuple[Any, str], Decimal | None]:
    """What each account's days cost."""
    rows = await ask(database, "SELECT day, account, sum(cost) FROM usage_records GROUP BY 1, 2")
    return {(day, account): cost for day, account, cost in rows}


class TestRecords:
    async def test_become_the_accounts_day(self, received, database):
        said = await received.put([make_sent()], NOON)

        [row] = await ask(
            database,
            "SELECT provider, day, account, product, model, cost_type, charge_category, currency,"
            " input_uncached, cache_read, cache_write, output, reasoning, requests, cost,"
            " cost_basis, foreign_cost FROM usage_records",
        )
        assert row == (
            *(ACME, MONDAY, "ada", "claude_code", "claude-sonnet-5", "billed", "usage", "USD"),
            *(100, 2000, 30, 400, None, 7, Decimal("1.25"), "billed", None),
        )
        assert (said.accepted, said.replaced) == (1, 0)
        assert said.through == {ACME: midnight(TUESDAY)}

    async def test_of_one_account_and_model_are_added_up(self, received, database):
        await received.put([make_sent("r1"), make_sent("r2")], NOON)

        assert await ask(database, "SELECT requests, cost FROM usage_records") == [
            (14, Decimal("2.50"))
        ]

    async def test_sent_again_replace_and_never_add(self, received, database):
        await received.put([make_sent("r1"), make_sent("r2")], NOON)

        said = await received.put([make_sent("r1", cost=Decimal(9))], NOON)

        assert await costs(database) == {(MONDAY, "ada"): Decimal("10.25")}
        assert (said.accepted, said.replaced) == (1, 1)

    async def test_sent_again_unchanged_change_nothing(self, received, database):
        kept = "SELECT ctid, xmin::text FROM usage_records UNION SELECT ctid, xmin::text"
        kept += " FROM received_usage"
        await received.put([make_sent("r1"), make_sent("r2", "bob")], NOON)
        before = await ask(database, kept)

        await received.put([make_sent("r1"), make_sent("r2", "bob")], NOON)

        assert await ask(database, kept) == before

    async def test_twice_in_one_post_are_the_last_of_them(self, received, database):
        said = await received.put([make_sent(), make_sent(cost=Decimal(3))], NOON)

        assert await costs(database) == {(MONDAY, "ada"): Decimal(3)}
        assert (said.accepted, said.replaced) == (2, 1)

    @pytest.mark.parametrize(
        ("moved", "there"),
        [({"day": TUESDAY}, (TUESDAY, "ada")), ({"account": "bob"}, (MONDAY, "bob"))],
    )
    async def test_that_moved_leave_nothing_where_they_were(self, received, database, moved, there):
        await received.put([make_sent()], NOON)

        await received.put([make_sent(**moved)], NOON)

        assert await costs(database) == {there: Decimal("1.25")}

    async def test_that_moved_leave_the_rest_of_the_day_as_it_was(self, received, database):
        await received.put([make_sent("r1"), make_sent("r2"), make_sent("r3", "bob")], NOON)

        await received.put([make_sent("r1", day=TUESDAY)], NOON)

        assert await costs(database) == {
            (MONDAY, "ada"): Decimal("1.25"),
            (MONDAY, "bob"): Decimal("1.25"),
            (TUESDAY, "ada"): Decimal("1.25"),
        }

    async def test_of_one_sender_never_touch_another_or_a_provider_that_is_asked(
        self, received, database
    ):
        await UsageStore(database).replace_day(make_day(make_record()), NOON)
        await received.put([make_sent(), make_sent(provider="ingest:other")], NOON)

        await received.put([make_sent(cost=Decimal(5))], NOON)

        rows = await ask(database, "SELECT provider, cost FROM usage_records ORDER BY provider")
        assert dict(rows) == {
            "anthropic": Decimal("1.25"),
            ACME: Decimal(5),
            "ingest:other": Decimal("1.25"),
        }

    async def test_cannot_be_named_as_a_provider_that_is_asked(self, received):
        with pytest.raises(ValueError, match="sender"):
            await received.put([make_sent(provider="anthropic")], NOON)

    async def test_keep_amounts_of_different_bases_apart(self, received, database):
        listed = make_sent("r2", cost_basis=CostBasis.LIST_PRICE, cost=Decimal(2))
        unpriced = make_sent("r3", cost_basis=None, cost=None)

        await received.put([make_sent("r1"), listed, unpriced], NOON)

        assert set(
            await ask(database, "SELECT cost_type, cost_basis, cost FROM usage_records")
        ) == {
            ("billed", "billed", Decimal("1.25")),
            ("list_price", "list_price", Decimal(2)),
            ("", None, None),
        }

    async def test_keep_other_currencies_apart(self, received, database):
        euros = make_sent("r2", cost=None, foreign_cost=Decimal(7), currency="EUR")

        await received.put([make_sent("r1"), euros], NOON)

        rows = await ask(database, "SELECT currency, cost, foreign_cost FROM usage_records")
        assert set(rows) == {("USD", Decimal("1.25"), None), ("EUR", None, Decimal(7))}

    async def test_keep_what_is_unknown_as_unknown(self, received, database):
        nothing = make_sent(tokens=None, requests=None, cost=None, cost_basis=None)

        await received.put([nothing], NOON)

        figures = "input_uncached, output, requests, cost"
        assert await ask(database, f"SELECT {figures} FROM usage_records") == [4 * (None,)]

    async def test_that_are_negative_or_huge_are_kept_and_told(self, received, database):
        correction = make_sent("r2", "bob", cost=Decimal(-3))
        huge = make_sent("r3", "cyd", cost=Decimal(20_000))

        await received.put([make_sent("r1"), correction, huge], NOON)

        assert await ask(database, "SELECT oddities FROM provider_days") == [
            (["negative amounts of use: 1", "amounts over $10,000 for one account and model: 1"],)
        ]

        await received.put([make_sent("r2", "bob"), make_sent("r3", "cyd")], NOON)

        assert await ask(database, "SELECT oddities FROM provider_days") == [([],)]

    async def test_reach_as_far_as_was_sent_and_no_further_than_now(self, received):
        this_morning = NOON.date()

        said = await received.put([make_sent(day=this_morning)], NOON)

        assert said.through == {ACME: NOON}

    async def test_that_come_late_do_not_set_back_how_far_they_reach(self, received, database):
        await received.put([make_sent("r1", day=TUESDAY)], NOON)

        said = await received.put([make_sent("r2")], NOON)

        assert said.through == {ACME: midnight(TUESDAY + timedelta(days=1))}
        assert len(await ask(database, "SELECT FROM provider_days WHERE billed IS NULL")) == 2

    async def test_of_nobody_are_kept_as_nobodys(self, received, database):
        await received.put([make_sent(account=None)], NOON)

        assert await costs(database) == {(MONDAY, ""): Decimal("1.25")}

    async def test_none_at_all_are_fine(self, received):
        assert (await received.put([], NOON)).accepted == 0


class TestWhose:
    async def test_they_are_is_told_by_the_address(self, received, database):
        [ada] = await enroll(database, "ada")

        await received.put([make_sent(account="okta:1", email="ada@example.com")], NOON)

        for table in ("usage_records", "received_usage"):
            assert await ask(database, f"SELECT person_id FROM {table}") == [(ada.id,)]
        assert await ask(database, "SELECT proof FROM accounts") == [("admin_email",)]

    async def test_they_are_stays_known_when_only_the_account_is_named(self, received, database):
        [ada] = await enroll(database, "ada")
        await received.put([make_sent("r1", "okta:1", email="ada@example.com")], NOON)

        await received.put([make_sent("r2", "okta:1", day=TUESDAY)], NOON)

        assert await ask(database, "SELECT person_id FROM usage_records") == 2 * [(ada.id,)]

    async def test_they_are_follows_the_directory(self, received, database):
        sent = make_sent(account="okta:1", email="ada@example.com")
        await received.put([sent], NOON)
        await enroll(database, "ada")
        married = make_member("ada", email="king@example.com")
        heir = make_member("bob", email="ada@example.com")
        await PeopleStore(database).sync([married, heir], today=MONDAY)

        for table in ("usage_records", "received_usage"):
            assert await ask(
                database,
                f"SELECT slack_user_id FROM {table} JOIN people p ON p.id = person_id",
            ) == [("UBOB",)]


class TestEvents:
    async def test_are_added_up(self, received, database):
        await received.add([make_event("e1"), make_event("e2")], NOON)
        said = await received.add([make_event("e3", requests=None, tokens=None)], NOON)

        assert await ask(
            database, "SELECT cost, requests, input_uncached, reasoning FROM usage_records"
        ) == [(Decimal("3.75"), 14, 200, None)]
        assert (said.accepted, said.replaced) == (1, 0)
        assert said.through == {CLAUDE: midnight(MONDAY) + timedelta(hours=9)}

    async def test_count_once_however_often_they_are_sent(self, received, database):
        await received.add([make_event("e1"), make_event("e1")], NOON)

        said = await received.add([make_event("e1"), make_event("e2")], NOON)

        assert await costs(database) == {(MONDAY, "ada"): Decimal("2.50")}
        assert (said.accepted, said.replaced) == (2, 1)

    async def test_of_two_senders_may_have_the_same_name(self, received, database):
        await received.add([make_event("e1"), make_event("e1", provider="otlp:codex")], NOON)

        assert await costs(database) == {(MONDAY, "ada"): Decimal("2.50")}

    async def test_are_forgotten_after_the_time_in_which_senders_try_again(
        self, received, database
    ):
        await received.add([make_event("e1")], NOON)
        await received.add([make_event("e2")], NOON + SEEN_FOR - timedelta(seconds=1))
        assert len(await ask(database, "SELECT FROM seen_events")) == 2

        await received.add([make_event("e3")], NOON + SEEN_FOR + timedelta(seconds=1))

        assert len(await ask(database, "SELECT FROM seen_events")) == 2

    async def test_leave_no_trace_of_their_names(self, received, database):
        await received.add([make_event("request of ada@example.com")], NOON)

        [(event,)] = await ask(database, "SELECT event FROM seen_events")
        assert len(event) == 32
        assert b"ada" not in event

    async def test_read_from_metrics_do_not_count_beside_logs(self, received, database):
        metric = make_event("m1", signal=Signal.METRICS, cost=Decimal(100))
        other_day = make_event("m2", signal=Signal.METRICS, cost=Decimal(40), day=TUESDAY)
        other_account = make_event("m3", "bob", signal=Signal.METRICS, cost=Decimal(30))
        await received.add([metric, other_day, other_account], NOON)
        assert (await costs(database))[MONDAY, "ada"] == Decimal(100)

        await received.add([make_event("e1", model="claude-opus-5")], NOON)

        assert await costs(database) == {
            (MONDAY, "ada"): Decimal("1.25"),
            (TUESDAY, "ada"): Decimal(40),
            (MONDAY, "bob"): Decimal(30),
        }

    async def test_are_asserted_and_no_more(self, received, database):
        await enroll(database, "ada")

        typed = make_event(account="ada@example.com", email="ada@example.com")
        await received.add([typed], NOON)

        assert await ask(database, "SELECT email, proof, person_id IS NULL FROM accounts") == [
            ("ada@example.com", "asserted", False)
        ]

    async def test_give_nobody_an_account_of_another_name(self, received, database):
        """Whoever has the token can type any account beside an address of their own."""
        await enroll(database, "ada", "eve")
        await received.add([make_event(account="user_1")], NOON)

        typed = make_event("e2", account="user_1", email="eve@example.com")
        await received.add([typed], NOON)
        await enroll(database, "ada", "eve")

        assert await ask(database, "SELECT email, person_id FROM accounts") == [(None, None)]


class TestTwoAtOnce:
    async def test_end_whole(self, received, database):
        """Each post says the same of all; whichever is last, all is as one of them said."""
        posts = [
            [make_sent(f"r{n}", f"person{n % 5}", cost=Decimal(cost)) for n in range(50)]
            for cost in range(1, 7)
        ]

        await asyncio.gather(*(received.put(post, NOON) for post in posts))

        sums = set((await costs(database)).values())
        assert len(sums) == 1
        assert sums <= {Decimal(10 * cost) for cost in range(1, 7)}

    async def test_count_every_event_once(self, received, database):
        each = [[make_event(f"e{n}"), make_event("shared")] for n in range(6)]

        await asyncio.gather(*(received.add(events, NOON) for events in each))

        assert await costs(database) == {(MONDAY, "ada"): 7 * Decimal("1.25")}


async def test_a_database_that_refuses_keeps_nothing_and_says_no_figure(urls, database, server):
    owner = Database(make_engine(urls.owner))
    async with owner.unscoped() as connection:
        await connection.execute(text("ALTER TABLE provider_days ADD CHECK (day < '2020-01-01')"))
    try:
        with pytest.raises(BrokenDatabaseError) as refusal:
            await ReceivedStore(database).put([make_sent(account="secret-account")], NOON)
    finally:
        async with owner.unscoped() as connection:
            await connection.execute(
                text("ALTER TABLE provider_days DROP CONSTRAINT provider_days_day_check")
            )
        await owner.close()

    assert "secret-account" not in str(refusal.value)
    for table in ("received_usage", "usage_records", "accounts"):
        assert await ask(database, f"SELECT FROM {table}") == []


SENT = st.builds(
    make_sent,
    record_id=st.sampled_from("pqrs"),
    account=st.sampled_from(("ada", "bob")),
    day=st.sampled_from((MONDAY, TUESDAY)),
    model=st.sampled_from(("a", "b", None)),
    cost=st.decimals(-5, 5, places=3),
    cost_basis=st.sampled_from(CostBasis),
    tokens=st.none()
    | st.builds(
        TokenUsage,
        input_uncached=st.integers(0, 9),
        cache_read=st.just(0),
        cache_write=st.just(0),
        output=st.integers(0, 9),
    ),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(posts=st.lists(st.lists(SENT, max_size=5), max_size=5))
async def test_days_are_the_sums_of_what_was_last_sent_whatever_came_before(
    received, database, posts
):
    async with database.for_jobs() as connection:
        for table in ("received_usage", "usage_records", "provider_days"):
            await connection.execute(text(f"DELETE FROM {table}"))
    last: dict[str, ReceivedRecord] = {}
    for post in posts:
        await received.put(post, NOON)
        last |= {sent.record_id: sent for sent in post}

    expected: set[tuple[Any, ...]] = set()
    for day in (MONDAY, TUESDAY):
        of_day = [sent.usage for sent in last.values() if sent.usage.day == day]
        by_basis = [structs.replace(usage, cost_type=usage.cost_basis) for usage in of_day]
        expected |= {
            (day, r.account, r.model or "", r.cost_type, r.tokens and r.tokens.output, r.cost)
            for r in combine(by_basis)
        }
    stored = await ask(
        database, "SELECT day, account, model, cost_type, output, cost FROM usage_records"
    )
    assert set(stored) == expected
