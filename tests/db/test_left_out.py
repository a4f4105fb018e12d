"""Of whoever wants nothing kept nothing is written, and the invoice still adds up."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.domain.rights import Refusal, Refuser
from bot.domain.usage import CostBasis, SessionCount
from db.invoices import InvoiceStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.received import ReceivedStore
from db.refusals import add_refusals
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    make_batch,
    make_day,
    make_member,
    make_outcome,
    make_record,
    make_sent,
)

ADA = Refuser(slack_user_id="UADA", addresses=frozenset({"ada@example.com"}))
TABLES = (
    "accounts",
    "account_links",
    "usage_records",
    "session_counts",
    "received_usage",
    "outcome_credits",
)


@pytest.fixture
async def refused(database):
    """Ada was forgotten, by an address; Bob was not."""
    async with database.for_jobs() as connection:
        await add_refusals(connection, database.key, ADA, Refusal.FORGOTTEN, MONDAY)
    return database


async def traces(database) -> list[str]:
    """The tables that have a word of Ada's in any row."""
    async with database.for_jobs() as connection:
        found = {}
        for table in TABLES:
            rows = await connection.scalars(text(f"SELECT t::text FROM {table} t"))
            found[table] = any("ada" in row for row in rows)
    return [table for table, is_there in found.items() if is_there]


class TestAProvidersDay:
    async def test_is_kept_without_them(self, refused):
        counts = tuple(SessionCount(account=a, tool="claude", sessions=1) for a in ("ada", "bob"))
        answer = make_day(make_record("ada"), make_record("bob"), sessions=counts)

        await UsageStore(refused).replace_day(answer, NOON)

        assert await traces(refused) == []
        async with refused.for_jobs() as connection:
            for table in ("usage_records", "session_counts", "accounts"):
                rows = await connection.scalars(text(f"SELECT account FROM {table}"))
                assert rows.all() == ["bob"]

    async def test_has_what_they_cost_on_the_bill_and_nobodys(self, refused):
        estimate = make_record(
            "ada", cost=Decimal(100), cost_basis=CostBasis.PROVIDER_ESTIMATE, cost_type="estimate"
        )
        answer = make_day(
            make_record("ada", cost=Decimal(7)),
            estimate,
            make_record("bob", cost=Decimal(2)),
            billed=Decimal(10),
        )

        await UsageStore(refused).replace_day(answer, NOON)

        [invoice] = await InvoiceStore(refused).invoices(MONDAY, MONDAY, {})
        assert (invoice.attributed, invoice.unattributed) == (Decimal(2), Decimal(8))
        assert invoice.difference == 0

    async def test_has_what_they_cost_in_another_currency_as_well(self, refused):
        foreign = {"currency": "EUR", "cost": None, "cost_type": "tokens"}
        answer = make_day(
            make_record("ada", foreign_cost=Decimal(7), **foreign),
            make_record("bob", foreign_cost=Decimal(2), **foreign),
            foreign_billed={"EUR": Decimal(10)},
        )

        await UsageStore(refused).replace_day(answer, NOON)

        async with refused.for_jobs() as connection:
            bills = await connection.scalar(text("SELECT foreign_bills FROM provider_days"))
        assert bills == {"EUR": {"billed": "10", "unattributed": "8"}}

    async def test_that_was_kept_before_is_kept_anew_without_them(self, database):
        answer = make_day(make_record("ada"), make_record("bob"), billed=Decimal(5))
        await UsageStore(database).replace_day(answer, NOON)
        async with database.for_jobs() as connection:
            await add_refusals(connection, database.key, ADA, Refusal.OPTED_OUT, MONDAY)

        await UsageStore(database).replace_day(answer, NOON + timedelta(hours=1))

        async with database.for_jobs() as connection:
            kept = await connection.scalars(text("SELECT account FROM usage_records"))
            assert kept.all() == ["bob"]
            unattributed = await connection.scalar(text("SELECT unattributed FROM provider_days"))
        assert unattributed == Decimal("3.75")


class TestFinishedWork:
    async def test_stays_where_others_did_it_too(self, refused):
        work = make_outcome(1, "ada", "bob", title="Of ada and bob", source_id="app#1")

        await OutcomeStore(refused).replace("git", make_batch(work, make_outcome(2, "ada")))

        async with refused.for_jobs() as connection:
            outcomes = await connection.scalar(text("SELECT count(*) FROM outcomes"))
            credited = await connection.scalars(text("SELECT account FROM outcome_credits"))
            assert (outcomes, credited.all()) == (1, ["bob"])
            assert (await connection.scalars(text("SELECT account FROM accounts"))).all() == ["bob"]


class TestWhatIsSent:
    async def test_is_taken_and_not_kept(self, refused):
        said = await ReceivedStore(refused).put([make_sent("ada"), make_sent("bob")], NOON)

        assert said.accepted == 2
        assert await traces(refused) == []
        async with refused.for_jobs() as connection:
            kept = await connection.scalars(text("SELECT account FROM usage_records"))
            assert kept.all() == ["bob"]


class TestTheDirectory:
    async def test_leaves_out_whoever_was_forgotten(self, refused):
        await PeopleStore(refused).sync([make_member("ada"), make_member("bob")], today=MONDAY)

        assert await PeopleStore(refused).find("UADA") is None
        assert await PeopleStore(refused).count() == 1
        assert await PeopleStore(refused).addresses() == {"bob@example.com"}

    async def test_keeps_whoever_opted_out_and_writes_nothing_to_them(self, database):
        [ada] = await enroll(database, "ada")
        await UsageStore(database).replace_day(make_day(make_record("ada")), NOON)
        people = PeopleStore(database)
        before = await people.unwelcomed()
        async with database.for_jobs() as connection:
            await add_refusals(connection, database.key, ADA, Refusal.OPTED_OUT, MONDAY)
            await connection.execute(text("UPDATE people SET opted_out_on = '2026-03-16'"))

        await enroll(database, "ada")

        assert before == [ada]
        assert await people.find("UADA") == ada
        assert await people.unwelcomed() == []
        assert await people.unwatched(NOON.date()) == []
