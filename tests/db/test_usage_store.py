"""Usage is kept a whole provider-day at a time."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from db.database import Database
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, enroll, make_day, make_record

_STORED = text(
    "SELECT account, product, model, cost_type, charge_category, currency, input_uncached,"
    " cache_read, cache_write, output, reasoning, requests, cost, cost_basis, foreign_cost"
    " FROM usage_records WHERE day = :day"
)


@pytest.fixture
def usage(database: Database) -> UsageStore:
    return UsageStore(database)


async def stored(database: Database, day=MONDAY) -> set[tuple[object, ...]]:
    async with database.for_jobs() as connection:
        return {tuple(row) for row in await connection.execute(_STORED, {"day": day})}


def expected(answer: ProviderDay) -> set[tuple[object, ...]]:
    return {_as_row(record) for record in answer.records}


def _as_row(record: UsageRecord) -> tuple[object, ...]:
    t = record.tokens
    parts = ("input_uncached", "cache_read", "cache_write", "output", "reasoning")
    return (
        *(name or "" for name in record.key),
        *(getattr(t, part) if t else None for part in parts),
        record.requests,
        record.cost,
        record.cost_basis,
        record.foreign_cost,
    )


class TestReplacingADay:
    async def test_keeps_every_figure_as_it_came(self, usage, database):
        answer = make_day(make_record(), make_record("bob", model="claude-opus-5"))

        assert await usage.replace_day(answer, NOON)

        assert await stored(database) == expected(answer)

    async def test_takes_the_place_of_all_that_was_known_of_the_day(self, usage, database):
        await usage.replace_day(make_day(make_record(), make_record("bob")), NOON)
        corrected = make_day(make_record(cost=Decimal("9.99")), make_record("cyd"))

        await usage.replace_day(corrected, NOON + timedelta(hours=1))

        assert await stored(database) == expected(corrected)

    async def test_leaves_other_days_and_providers_alone(self, usage, database):
        tuesday = MONDAY + timedelta(days=1)
        await usage.replace_day(make_day(make_record()), NOON)
        await usage.replace_day(make_day(make_record(), provider="openai"), NOON)
        await usage.replace_day(make_day(make_record(), day=tuesday), NOON)

        await usage.replace_day(make_day(), NOON)

        assert len(await stored(database)) == 1
        assert len(await stored(database, tuesday)) == 1

    async def test_keeps_what_is_unknown_as_unknown(self, usage, database):
        nothing_known = make_record(
            None, product=None, model=None, cost_type=None, tokens=None, requests=None, cost=None,
            cost_basis=None,
        )  # fmt: skip

        await usage.replace_day(make_day(nothing_known), NOON)

        assert await stored(database) == {("", "", "", "", "usage", "USD", *[None] * 9)}

    async def test_keeps_a_zero_as_a_zero(self, usage, database):
        nothing = TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=0, reasoning=0)
        idle = make_record(tokens=nothing, requests=0, cost=Decimal(0))

        await usage.replace_day(make_day(idle), NOON)

        [row] = await stored(database)
        assert row[6:13] == (0, 0, 0, 0, 0, 0, Decimal(0))

    async def test_keeps_an_amount_to_its_last_digit(self, usage, database):
        tiny = Decimal("0.000000000000000123456789")

        await usage.replace_day(make_day(make_record(cost=tiny)), NOON)

        [row] = await stored(database)
        assert row[12] == tiny

    async def test_never_lets_an_older_answer_win(self, usage, database):
        newer = make_day(make_record(cost=Decimal(2)))
        await usage.replace_day(newer, NOON)

        kept = await usage.replace_day(make_day(make_record(cost=Decimal(1))), NOON - _SECOND)

        assert not kept
        assert await stored(database) == expected(newer)

    @pytest.mark.parametrize(
        "half",
        [
            pytest.param({"records": (make_record("x"), make_record(requests=2**70))}, id="copy"),
            pytest.param({"records": (make_record("x"), make_record("x"))}, id="merge"),
            pytest.param({"billed": Decimal("1e140000")}, id="last-statement"),
        ],
    )
    async def test_shows_all_or_nothing_when_it_breaks_in_the_middle(self, usage, database, half):
        before = make_day(make_record(cost=Decimal(1)))
        await usage.replace_day(before, NOON)

        with pytest.raises((psycopg.Error, SQLAlchemyError)):
            await usage.replace_day(replace(make_day(), **half), NOON + _SECOND)

        assert await stored(database) == expected(before)
        assert (await usage.known_days(["anthropic"]))["anthropic"][MONDAY].fetched_at == NOON

    async def test_ends_with_one_whole_answer_when_two_come_at_once(self, usage, database):
        answers = [
            make_day(*(make_record(f"a{n}", cost=Decimal(cost)) for n in range(50)))
            for cost in range(1, 5)
        ]

        await asyncio.gather(
            *(usage.replace_day(answer, NOON + n * _SECOND) for n, answer in enumerate(answers))
        )

        assert await stored(database) == expected(answers[-1])

    async def test_remembers_what_no_record_accounts_for(self, usage, database):
        billed = make_day(make_record(cost=Decimal("1.25")), billed=Decimal("3.00"))

        await usage.replace_day(billed, NOON)

        async with database.unscoped() as connection:
            row = await connection.execute(text("SELECT billed, unattributed FROM provider_days"))
            assert tuple(row.one()) == (Decimal("3.00"), Decimal("1.75"))

    async def test_gives_the_rows_to_whose_account_it_is(self, usage, database):
        [ada, _] = await enroll(database, "ada", "bob")

        await usage.replace_day(make_day(make_record("ada"), make_record("zoe")), NOON)

        async with database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT account, person_id FROM usage_records"))
            assert dict(rows.all()) == {"ada": ada.id, "zoe": None}


class TestADayThatSaysTheSameAgain:
    async def test_is_known_to_have_been_asked_for(self, usage):
        await usage.replace_day(make_day(data_through=NOON), NOON)
        later = NOON + _SECOND

        assert await usage.replace_day(make_day(data_through=later), later)

        known = (await usage.known_days(["anthropic"]))["anthropic"][MONDAY]
        assert (known.fetched_at, known.unchanged_since) == (later, NOON)

    async def test_is_no_news_where_a_later_answer_said_so_too(self, usage):
        await usage.replace_day(make_day(), NOON + _SECOND)

        assert not await usage.replace_day(make_day(), NOON)

    async def test_keeps_what_an_erasure_left_to_nobody(self, usage, database):
        await usage.replace_day(make_day(billed=Decimal(3)), NOON)
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE provider_days SET unattributed = 3"))

        await usage.replace_day(make_day(billed=Decimal(3)), NOON + _SECOND)

        async with database.for_jobs() as connection:
            assert await connection.scalar(text("SELECT unattributed FROM provider_days")) == 3

    async def test_waits_for_whoever_writes_that_day(self, usage, database):
        await usage.replace_day(make_day(), NOON)
        async with database.for_jobs() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:day, 0))"),
                {"day": f"usage anthropic{MONDAY}"},
            )
            again = asyncio.create_task(usage.replace_day(make_day(), NOON + _SECOND))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(again), 0.2)

        assert await again


class TestKnownDays:
    async def test_are_complete_when_the_provider_has_told_of_all_of_the_day(self, usage):
        await usage.replace_day(make_day(), NOON)
        tuesday = MONDAY + timedelta(days=1)
        await usage.replace_day(make_day(day=tuesday, data_through=NOON.replace(day=17)), NOON)

        known = (await usage.known_days(["anthropic"]))["anthropic"]

        assert {day: kept.is_complete for day, kept in known.items()} == {
            MONDAY: True,
            tuesday: False,
        }

    async def test_are_those_of_the_one_provider(self, usage):
        await usage.replace_day(make_day(provider="openai"), NOON)

        assert await usage.known_days(["anthropic"]) == {"anthropic": {}}


_SECOND = timedelta(seconds=1)
_amounts = st.none() | st.decimals(-1000, 1000, places=6)
_counts = st.none() | st.integers(0, 2**40)
_tokens = st.none() | st.builds(
    TokenUsage,
    input_uncached=st.integers(0, 2**40),
    cache_read=st.integers(0, 2**40),
    cache_write=st.integers(0, 2**40),
    output=st.integers(0, 2**40),
    reasoning=_counts,
)
_records = st.builds(
    UsageRecord,
    provider=st.just("anthropic"),
    day=st.just(MONDAY),
    account=st.sampled_from([None, "ada", "bob", "Zoë", "a\tb\\N"]),
    product=st.sampled_from([None, "chat", "code"]),
    model=st.sampled_from([None, "small", "large"]),
    cost_type=st.sampled_from([None, "tokens"]),
    tokens=_tokens,
    requests=_counts,
    cost=_amounts,
    cost_basis=st.sampled_from([None, *CostBasis]),
)
_answers = st.lists(_records, max_size=8, unique_by=lambda record: record.key)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=st.lists(_answers, min_size=1, max_size=4))
async def test_whatever_was_answered_before_the_last_answer_is_what_is_kept(
    database, clean_usage, history
):
    usage = UsageStore(database)
    await clean_usage(database)

    for number, records in enumerate(history):
        assert await usage.replace_day(make_day(*records), NOON + number * _SECOND)

    assert await stored(database) == expected(make_day(*history[-1]))


@pytest.fixture
def clean_usage():
    async def clean(database: Database) -> None:
        async with database.for_jobs() as connection:
            for table in ("usage_records", "provider_days", "accounts"):
                await connection.execute(text(f"DELETE FROM {table}"))

    return clean
