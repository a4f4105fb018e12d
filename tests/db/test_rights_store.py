"""Everything about somebody is told and deleted, from every table that there is."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.domain.audit import Action, AuditEntry
from bot.domain.people import PersonId
from bot.domain.usage import CostBasis
from db.audit import AuditStore
from db.erasure import tables_with
from db.people import PeopleStore
from db.rights import EVERYTHING, RightsStore
from db.usage import UsageStore
from tests.db.everything_personal import fill
from tests.db.test_row_level_security import _NAMES_SOMEBODY, PERSONAL
from tests.factories import MONDAY, NOON, make_day, make_member, make_record

ABOUT_NOBODY_BUT_TOLD = {"teams", "audit_log", "refusals"}
"""Of these, what has to do with the one who asks."""


@pytest.fixture
def store(database):
    return RightsStore(database)


@pytest.fixture
async def ada(database, store):
    await fill(database)
    return await store.find("UADA")


async def told(store, person) -> dict[str, list[dict]]:
    tables: dict[str, list[dict]] = {}
    async for table, row in store.everything(person):
        tables.setdefault(table, []).append(dict(row))
    return tables


async def counts(database) -> dict[str, int]:
    async with database.for_jobs() as connection:
        return {
            table: await connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in PERSONAL
        }


class TestEverything:
    async def test_is_read_from_every_table_that_names_somebody(self, database):
        async with database.unscoped() as connection:
            naming = set(await connection.scalars(_NAMES_SOMEBODY))

        assert naming | ABOUT_NOBODY_BUT_TOLD == set(EVERYTHING)

    async def test_is_read_from_every_table_with_a_person_in_it(self, database):
        async with database.unscoped() as connection:
            naming = await connection.scalars(
                text(
                    "SELECT table_name FROM information_schema.columns"
                    " WHERE table_schema = 'public' AND column_name = 'person_id'"
                )
            )
            assert {table.name for table in tables_with("person_id")} == set(naming)

    async def test_has_something_of_each(self, store, ada):
        assert set(PERSONAL) <= set(await told(store, ada))

    async def test_tells_how_each_account_was_proven_and_which_team_it_is(self, store, ada):
        everything = await told(store, ada)

        assert {link["proof"] for link in everything["account_links"]} == {"admin_email"}
        assert [team["name"] for team in everything["teams"]] == ["Compilers"]

    async def test_goes_through_that_persons_own_door(self, database, store, ada):
        bob = await store.find("UBOB")
        everything = await told(store, ada)

        people = {
            row["person_id"] for rows in everything.values() for row in rows if "person_id" in row
        }
        assert people == {ada.id}
        assert bob.id != ada.id

    async def test_has_no_row_of_another_person_even_where_the_id_is_not_theirs(self, store, ada):
        stranger = type(ada)(
            id=PersonId(999_999), slack_user_id="UEVE", time_zone="UTC", locale="en"
        )

        assert await told(store, stranger) == {}

    async def test_tells_the_entries_of_the_audit_log_with_ones_part_in_them(
        self, database, store, ada
    ):
        audit = AuditStore(database)
        for actor, people in (
            ("UADA", {}),
            ("UBOSS", {"admin": "UADA"}),
            ("UBOSS", {"admin": "UBOB"}),
        ):
            entry = AuditEntry(at=NOON, actor=actor, action=Action.ADMIN_ADDED, people=people)
            await audit.append(entry)

        entries = (await told(store, ada))["audit_log"]
        assert [(entry["action"], entry["part"]) for entry in entries] == [
            ("admin_added", "actor"),
            ("admin_added", "admin"),
        ]

    async def test_is_there_for_whoever_left_as_well(self, database, store, ada):
        await PeopleStore(database).sync([make_member("bob")], today=NOON.date())

        gone = await store.find("UADA")
        assert gone == ada
        assert "usage_records" in await told(store, gone)


class TestForgetting:
    async def test_leaves_no_row_and_takes_none_of_anybody_else(self, database, store, ada):
        bob = await store.find("UBOB")
        before = await told(store, bob)
        await store.forget(ada, NOON)

        assert await told(store, bob) == before
        # work of nobody and accounts of nobody are what is left beside Bob's
        left = await counts(database)
        assert {table: left[table] for table in PERSONAL if table != "outcomes"} == {
            table: len(before.get(table, [])) for table in PERSONAL if table != "outcomes"
        }

    async def test_takes_the_days_on_which_an_account_had_left_its_owner(self, database, store):
        await fill(database)
        await PeopleStore(database).sync([make_member("bob")], today=MONDAY)
        late = make_day(make_record("ada"), day=MONDAY + timedelta(days=1))
        await UsageStore(database).replace_day(late, NOON)
        await store.forget(await store.find("UADA"), NOON)

        async with database.for_jobs() as connection:
            kept = await connection.scalars(text("SELECT DISTINCT account FROM usage_records"))
            assert set(kept) == {"bob"}

    async def test_leaves_an_account_that_is_somebody_elses_now(self, database, store):
        await fill(database)
        people = PeopleStore(database)
        async with database.for_jobs() as connection:
            await connection.execute(
                text(
                    "UPDATE accounts SET person_id = (SELECT id FROM people WHERE slack_user_id ="
                    " 'UBOB') WHERE source = 'anthropic' AND account = 'ada'"
                )
            )
        await store.forget(await store.find("UADA"), NOON)
        await UsageStore(database).replace_day(make_day(make_record("ada"), emails={}), NOON)

        async with database.for_jobs() as connection:
            kept = await connection.scalars(
                text("SELECT count(*) FROM usage_records WHERE account = 'ada'")
            )
            assert kept.one() == 1
        assert await people.find("UADA") is None

    async def test_keeps_a_bill_that_has_no_total_as_it_is(self, database, store, ada):
        await store.forget(ada, NOON)

        async with database.for_jobs() as connection:
            bills = await connection.scalars(text("SELECT unattributed FROM provider_days"))
            assert set(bills) == {None}

    async def test_does_not_add_an_estimate_to_a_bill(self, database, store, ada):
        day = make_day(
            make_record("ada", cost=Decimal(3), cost_basis=CostBasis.PROVIDER_ESTIMATE),
            make_record("bob", cost=Decimal(2)),
            billed=Decimal(10),
        )
        await UsageStore(database).replace_day(day, NOON)
        await store.forget(ada, NOON)

        async with database.for_jobs() as connection:
            [left] = await connection.scalars(
                text("SELECT unattributed FROM provider_days WHERE provider = 'anthropic'")
            )
        assert left == Decimal(8)
