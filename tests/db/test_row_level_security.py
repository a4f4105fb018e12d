"""Without a scope no person's row shows; with one, only what belongs to it."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Self

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from bot.errors import (
    UnreachableDatabaseError,
    UnsafeDatabaseError,
    UnsupportedDatabaseError,
)
from db.database import ONE_ROLE_ONLY, Database, make_engine
from tests.db.everything_personal import fill

PERSONAL = (
    "account_links",
    "accounts",
    "assertions",
    "budget_steps",
    "deliveries",
    "first_uses",
    "logged_outcomes",
    "muted_tips",
    "nudges",
    "outcome_credits",
    "outcomes",
    "people",
    "preferences",
    "received_usage",
    "session_counts",
    "shown_tips",
    "tags",
    "team_members",
    "usage_records",
)
COACHING = ("budget_steps", "muted_tips", "nudges", "preferences", "shown_tips")
"""What is between a person and Upshot alone."""
NOT_FOR_TEAM_RELEASES = (
    "assertions",
    "deliveries",
    "received_usage",
    "session_counts",
    *COACHING,
)
READ_BY_TEAM_RELEASES = sorted(set(PERSONAL) - set(NOT_FOR_TEAM_RELEASES))
OWN_TO_CHANGE = ("logged_outcomes", "muted_tips", "nudges", "preferences", "tags")
"""What people wrote, chose or answered themselves."""
OWN_IN_PART = ("assertions", "outcome_credits")
"""What others tell of them, and they answer or sort."""
OWN_TO_READ = sorted(set(PERSONAL) - set(OWN_TO_CHANGE))
ROLES_NOT_USE = {
    "admins": "who may change settings: shown to everybody, and nothing about use",
    "audit_names": "who did what the audit log tells, which is nothing about use",
}
"""Tables with a column that names somebody, that hold no person's rows, and why."""
ROWS_EACH = {
    "account_links": 3,
    "accounts": 3,
    "first_uses": 2,
    "team_members": 2,
    "usage_records": 2,
}
CHANGES = {
    "assertions": "objected_at = '2026-03-25'",
    "logged_outcomes": "tier = 'production'",
    "muted_tips": "rule = 'production'",
    "nudges": "answer = 'production'",
    "outcome_credits": "tier = 'production'",
    "preferences": "budget = 150",
    "tags": "tier = 'production'",
}
"""What a person may change of each."""

_NAMES_SOMEBODY = text(
    "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
    " AND (column_name IN ('person_id', 'email', 'slack_user_id', 'account')"
    "  OR table_name IN ('people', 'outcomes'))"
)
_PROTECTED = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
    " AND c.relnamespace = 'public'::regnamespace"
    " AND c.relrowsecurity AND c.relforcerowsecurity"
    " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
)


async def count(connection, table: str) -> int:
    return await connection.scalar(text(f"SELECT count(*) FROM {table}"))


class TestEveryTable:
    async def test_with_a_persons_rows_is_protected_even_from_its_owner(self, database):
        async with database.unscoped() as connection:
            naming = set(await connection.scalars(_NAMES_SOMEBODY))
            protected = set(await connection.scalars(_PROTECTED))

        assert naming - set(ROLES_NOT_USE) == set(PERSONAL)
        assert set(PERSONAL) <= protected

    async def test_left_out_is_really_there(self, database):
        async with database.unscoped() as connection:
            naming = set(await connection.scalars(_NAMES_SOMEBODY))

        assert set(ROLES_NOT_USE) <= naming


@pytest.mark.parametrize("table", PERSONAL)
class TestEveryPersonalTable:
    async def test_reads_as_empty_without_a_scope(self, database, table):
        await fill(database)

        async with database.for_jobs() as connection:
            assert await count(connection, table) >= 2
        async with database.unscoped() as connection:
            assert await count(connection, table) == 0

    async def test_reads_as_empty_after_a_scope_ended(self, urls, table):
        one_connection = Database(make_engine(urls.worker, pool_size=1))
        await fill(one_connection)

        async with one_connection.unscoped() as connection:
            assert await count(connection, table) == 0
        await one_connection.close()

    async def test_cannot_be_changed_without_a_scope(self, database, table):
        await fill(database)

        async with database.unscoped() as connection:
            changed = await connection.execute(text(f"DELETE FROM {table}"))
        async with database.for_jobs() as connection:
            assert await count(connection, table) >= 2
        assert changed.rowcount == 0

    async def test_shows_a_person_that_persons_rows_alone(self, database, table):
        people = await fill(database)

        for person in people:
            async with database.for_person(person) as connection:
                assert await count(connection, table) == ROWS_EACH.get(table, 1)

    async def test_shows_nobody_to_whom_nobody_is(self, database, table):
        await fill(database)

        async with database.for_person(999_999) as connection:
            assert await count(connection, table) == 0

    async def test_lets_a_person_delete_nothing_of_anybody_elses(self, database, table):
        ada, _ = await fill(database)

        async with database.for_jobs() as connection:
            before = await count(connection, table)
        async with database.for_person(ada) as connection:
            deleted = await connection.execute(text(f"DELETE FROM {table}"))
        async with database.for_jobs() as connection:
            assert await count(connection, table) == before - deleted.rowcount
        assert deleted.rowcount == (1 if table in OWN_TO_CHANGE else 0)

    async def test_is_nothing_to_write_to_for_team_releases(self, database, table):
        await fill(database)

        async with database.for_team_releases() as connection:
            changed = await connection.execute(text(f"DELETE FROM {table}"))
        assert changed.rowcount == 0


@pytest.mark.parametrize("table", READ_BY_TEAM_RELEASES)
async def test_team_releases_read_what_they_are_made_of(database, table):
    await fill(database)

    async with database.for_team_releases() as connection:
        assert await count(connection, table) >= 2


async def test_team_releases_do_not_read_what_was_written_to_anybody_or_sent_or_counted(database):
    await fill(database)

    async with database.for_team_releases() as connection:
        for table in NOT_FOR_TEAM_RELEASES:
            assert await count(connection, table) == 0


async def test_nothing_can_be_added_to_somebody_without_a_scope(database):
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.unscoped() as connection:
            await connection.execute(
                text(
                    "INSERT INTO people (slack_user_id, time_zone, locale, is_active)"
                    " VALUES ('UEVE', 'UTC', 'en', true)"
                )
            )


async def test_a_person_changes_own_settings_and_nobody_elses(database):
    ada, bob = await fill(database)

    async with database.for_person(ada) as connection:
        changed = await connection.execute(text("UPDATE people SET digest_cadence = 'off'"))
    async with database.for_jobs() as connection:
        cadences = await connection.execute(text("SELECT id, digest_cadence FROM people"))
        assert dict(cadences.all()) == {ada: "off", bob: "weekly"}
    assert changed.rowcount == 1


@pytest.mark.parametrize("table", [*OWN_TO_CHANGE, *OWN_IN_PART])
class TestWhatAPersonSaysOfOwnMatters:
    async def test_is_changed_in_own_rows_and_in_nobody_elses(self, database, table):
        ada, bob = await fill(database)

        async with database.for_person(ada) as connection:
            await connection.execute(text(f"UPDATE {table} SET {CHANGES[table]}"))
        async with database.for_jobs() as connection:
            changed = await connection.scalars(
                text(f"SELECT person_id FROM {table} WHERE {CHANGES[table]}")
            )
            others = await connection.scalars(text(f"SELECT person_id FROM {table}"))
        assert changed.all() == [ada]
        assert bob in others.all()

    async def test_cannot_be_put_into_somebody_elses_mouth(self, database, table):
        ada, bob = await fill(database)

        with pytest.raises(ProgrammingError, match="row-level security"):
            async with database.for_person(ada) as connection:
                await connection.execute(text(f"UPDATE {table} SET person_id = :bob"), {"bob": bob})


@pytest.mark.parametrize("table", sorted(set(OWN_TO_READ) - {*OWN_IN_PART, "people"}))
async def test_what_others_tell_of_a_person_is_not_that_persons_to_change(database, table):
    ada, _ = await fill(database)

    async with database.for_person(ada) as connection:
        to_change = await connection.execute(text(f"SELECT 1 FROM {table} FOR UPDATE"))

    assert to_change.all() == []


async def test_a_slack_user_sees_one_row_of_people_and_nothing_else(database):
    await fill(database)

    async with database.for_slack_user("UADA") as connection:
        assert {table: await count(connection, table) for table in PERSONAL} == {
            table: int(table == "people") for table in PERSONAL
        }


class TestAppendOnlyTables:
    ROWS = (
        ("thresholds", "(name, value, effective_on) VALUES ('settle_days', 7, '2026-03-16')"),
        ("audit_log", "(at, actor, action, detail) VALUES (now(), 'UADA', 'x', '{}')"),
        (
            "ledger",
            (
                "(week, scope, team_id, released_at, body, previous, seal)"
                " VALUES ('2026-03-16', 'team', 1, now(), '{}', '', '')"
            ),
        ),
    )

    @pytest.mark.parametrize(("table", "row"), ROWS)
    @pytest.mark.parametrize("change", ["UPDATE {} SET workspace_id = 2", "DELETE FROM {}"])
    async def test_refuse_every_change(self, database, table, row, change):
        async with database.unscoped() as connection:
            await connection.execute(text(f"INSERT INTO {table} {row}"))

        with pytest.raises(DBAPIError, match="only ever added"):
            async with database.unscoped() as connection:
                await connection.execute(text(change.format(table)))


class TestStarting:
    async def test_is_fine_with_a_role_made_for_it(self, database):
        await database.refuse_if_unsafe()

        assert await database.weaknesses() == ()

    async def test_is_refused_to_a_superuser(self, urls):
        async with opened(urls.superuser) as database:
            with pytest.raises(UnsafeDatabaseError) as refusal:
                await database.refuse_if_unsafe()

        assert "NOSUPERUSER NOBYPASSRLS" in refusal.value.hint

    async def test_is_refused_to_a_role_that_may_bypass_row_level_security(self, urls, server):
        worker = make_engine(urls.worker).url.username
        server.execute(f"ALTER ROLE {worker} BYPASSRLS")
        try:
            async with opened(urls.worker) as database:
                with pytest.raises(UnsafeDatabaseError):
                    await database.refuse_if_unsafe()
        finally:
            server.execute(f"ALTER ROLE {worker} NOBYPASSRLS")

    async def test_is_refused_where_there_is_no_server(self, urls):
        nowhere = make_engine(urls.worker).url.set(host="127.0.0.1", port=1, query={})

        async with opened(nowhere) as database:
            with pytest.raises(UnreachableDatabaseError):
                await database.refuse_if_unsafe()

    async def test_is_refused_on_a_server_before_16(self, urls):
        async with OldServer(make_engine(urls.worker)) as database:
            with pytest.raises(UnsupportedDatabaseError) as refusal:
                await database.refuse_if_unsafe()

        assert "16" in refusal.value.hint


class TestWithOneRoleOnly:
    """The role that owns the tables works too."""

    async def test_personal_tables_still_read_as_empty_without_a_scope(self, urls):
        async with opened(urls.owner) as database:
            await fill(database)
            async with database.unscoped() as connection:
                seen = {table: await count(connection, table) for table in PERSONAL}

        assert seen == dict.fromkeys(PERSONAL, 0)

    async def test_starting_is_allowed_and_the_weakness_is_told(self, urls):
        async with opened(urls.owner) as database:
            await database.refuse_if_unsafe()
            assert await database.weaknesses() == (ONE_ROLE_ONLY,)


class OldServer(Database):
    """Says that it is PostgreSQL 15, as the setting that is asked for does there."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def unscoped(self):
        yield _AnswersOldVersion()


class _AnswersOldVersion:
    async def execute(self, _: object) -> _AnswersOldVersion:
        return self

    def one(self) -> tuple[int, bool]:
        return 150_012, False


@asynccontextmanager
async def opened(url: str):
    database = Database(make_engine(url))
    try:
        yield database
    finally:
        await database.close()
