"""The tables come from migrations alone, and those agree with the models."""

from __future__ import annotations

import psycopg
import pytest
from alembic import command
from alembic.util.exc import CommandError
from sqlalchemy.engine import make_url

from bot.errors import OutdatedDatabaseError, UnreachableDatabaseError
from db.database import Database, make_engine
from db.migrate import alembic_config, downgrade, driver_url, migrate, require_current


@pytest.fixture
def empty(server):
    with server.empty_database() as urls:
        yield urls


AS_JOB = "SELECT set_config('upshot.scope', 'jobs', true)"


def tables(url: str) -> set[str]:
    with psycopg.connect(driver_url(url)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows} - {"alembic_version"}


def test_go_up_from_nothing_down_to_nothing_and_up_again(empty):
    migrate(empty.owner)
    there = tables(empty.owner)
    downgrade(empty.owner)
    gone = tables(empty.owner)
    migrate(empty.owner)

    assert {"people", "usage_records", "deliveries"} <= there
    assert gone == set()
    assert tables(empty.owner) == there


def test_leave_no_function_or_policy_behind(empty):
    migrate(empty.owner)
    downgrade(empty.owner)

    with psycopg.connect(driver_url(empty.owner)) as connection:
        left = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION ALL SELECT policyname FROM pg_policies"
        ).fetchall()
    assert left == []


def test_done_twice_change_nothing(empty):
    migrate(empty.owner)
    migrate(empty.owner)

    command.check(alembic_config(empty.owner))


def test_leave_whoever_pressed_stop_alone_with_all_that_is_new(empty):
    migrate(empty.owner, "0005")
    with psycopg.connect(driver_url(empty.owner)) as connection:
        connection.execute(AS_JOB)
        for name, cadence in (("UADA", "weekly"), ("UBOB", "off")):
            connection.execute(
                "INSERT INTO people (slack_user_id, time_zone, locale, is_active, digest_cadence)"
                " VALUES (%s, 'UTC', 'en-US', true, %s)",
                (name, cadence),
            )

    migrate(empty.owner)

    with psycopg.connect(driver_url(empty.owner)) as connection:
        connection.execute(AS_JOB)
        stopped = connection.execute(
            "SELECT p.slack_user_id, c.nudges, c.budget_notes, c.tips FROM preferences c"
            " JOIN people p ON p.id = c.person_id"
        ).fetchall()
    assert stopped == [("UBOB", False, False, False)]


def test_say_so_where_there_is_no_server(urls):
    nowhere = make_url(urls.owner).set(host="127.0.0.1", port=1, query={})

    with pytest.raises(UnreachableDatabaseError):
        migrate(nowhere.render_as_string(hide_password=False))


def test_agree_with_the_models(urls):
    try:
        command.check(alembic_config(urls.owner))
    except CommandError as difference:
        pytest.fail(str(difference))


def test_keep_the_job_queue_out_of_our_own_schema(urls):
    assert not any(name.startswith("procrastinate") for name in tables(urls.owner))


def test_give_the_worker_no_right_to_change_tables(urls):
    with (
        psycopg.connect(driver_url(urls.worker)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("ALTER TABLE people DISABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize("revision", [None, "0001"])
async def test_a_bot_does_not_start_on_tables_of_another_version(empty, revision):
    if revision is not None:
        migrate(empty.owner, revision)
    database = Database(make_engine(empty.owner))

    with pytest.raises(OutdatedDatabaseError) as refusal:
        await require_current(database)

    assert "upshot migrate" in refusal.value.hint
    await database.close()


async def test_a_bot_starts_on_the_tables_of_its_version(database):
    await require_current(database)
