"""After somebody was forgotten, no mark of theirs is found anywhere, and nothing brings it back."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

import asyncio
import io
import os
import subprocess
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest
from sqlalchemy import make_url, text

from bot.domain.rights import Refusal
from bot.logs import configure_logs
from bot.services.archive import write_archive
from db.audit import AuditStore
from db.embedded.binaries import binaries_for
from db.migrate import driver_url
from db.rights import RightsStore
from tests.factories import MONDAY
from tests.services.marked import BILLED, LOGGED, MARKS, SLACK_ID, SLACK_NAME, TITLE, marked_life

_TABLES = text(
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
    " WHERE schemaname IN ('public', 'procrastinate')"
)
_FOLDER = (
    "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database"
    " WHERE datname = current_database()"
)
_BILL = text(
    "SELECT billed, unattributed, foreign_bills #>> '{EUR,unattributed}',"
    " (SELECT sum(cost) FROM usage_records), (SELECT sum(foreign_cost) FROM usage_records)"
    " FROM provider_days WHERE provider = 'anthropic'"
)


@pytest.fixture
async def life(urls, empty_folder):
    async with marked_life(urls, empty_folder) as opened:
        yield opened


async def every_row(life) -> str:
    async with life.upshot.database.for_jobs() as connection:
        tables = list(await connection.scalars(_TABLES))
        rows = [
            f"{table} {row}"
            for table in tables
            for row in await connection.scalars(text(f"SELECT t::text FROM {table} t"))
        ]
    return "\n".join(rows)


def marks_in(told: str) -> dict[str, str]:
    """Each mark that is there, with what it stands in."""
    lines = told.split("\n")
    return {mark: line for mark in MARKS for line in lines if mark.lower() in line.lower()}


async def forget(life) -> None:
    await life.upshot.services.rights.forget(await life.person())


async def test_every_mark_but_the_name_that_is_never_kept_was_there_before(life):
    assert set(marks_in(await every_row(life))) == set(MARKS) - {SLACK_NAME}


async def test_no_table_has_a_mark_of_who_was_forgotten(life):
    await forget(life)

    assert marks_in(await every_row(life)) == {}


async def test_the_next_night_brings_nobody_back(life):
    await forget(life)
    await life.night()

    assert marks_in(await every_row(life)) == {}
    assert await life.upshot.stores.people.find(SLACK_ID) is None


async def test_the_log_says_nothing_of_who_was_forgotten(life):
    stream = io.StringIO()
    configure_logs("DEBUG", stream=stream)
    await forget(life)
    await life.night()

    assert "day_collected" in stream.getvalue()
    assert marks_in(stream.getvalue()) == {}


async def test_no_file_of_anybody_else_has_a_mark(life):
    await forget(life)
    target = io.BytesIO()
    bob = await life.person("UBOB")
    await write_archive(RightsStore(life.upshot.database).everything(bob), target)

    with ZipFile(target) as archive:
        told = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert "Shared work" in told
    assert marks_in(told) == {}


async def test_a_dump_has_no_mark(life, urls):
    await forget(life)
    told = await asyncio.to_thread(dump_of, urls.superuser)

    assert "COPY public.usage_records" in told
    assert marks_in(told) == {}


def dump_of(url: str) -> str:
    password = {"PGPASSWORD": str(make_url(url).password or "")}
    dumped = subprocess.run(
        [binaries_for(None).folder / "pg_dump", "-w", "-d", driver_url(url)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, **password},
    )
    return dumped.stdout


async def test_the_files_of_the_database_have_no_mark_once_it_was_swept(life, urls):
    counted = ("ANALYZE", "CHECKPOINT")  # as the server does by itself, at a time of its own
    before = await asyncio.to_thread(marks_in_files, urls.superuser, *counted)
    await forget(life)
    # The log of changes beside them and the backups age by themselves.
    sweep = ("VACUUM (FULL, ANALYZE)", "VACUUM (FULL) pg_statistic", "CHECKPOINT")
    after = await asyncio.to_thread(marks_in_files, urls.superuser, *sweep)

    assert set(before) == set(MARKS) - {SLACK_NAME}
    assert after == {}


def marks_in_files(url: str, *statements: str) -> dict[str, str]:
    """By the mark, a file of this database that has it."""
    with psycopg.connect(driver_url(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        [place] = connection.execute(_FOLDER.encode()).fetchone()
    if not Path(place).is_dir():
        pytest.skip("the server's files are somewhere else")
    return {
        mark: path.name
        for path in Path(place).iterdir()
        for mark in MARKS
        if mark.encode() in content_of(path)
    }


def content_of(path: Path) -> bytes:
    """What a file holds; a running server removes some of its own between listing and reading."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class TestTheBills:
    async def test_add_up_as_before(self, life):
        async with life.upshot.database.for_jobs() as connection:
            before = (await connection.execute(_BILL)).one()
        await forget(life)
        async with life.upshot.database.for_jobs() as connection:
            after = (await connection.execute(_BILL)).one()

        assert tuple(before) == (BILLED, Decimal("7.50"), "5", Decimal("3.75"), Decimal(3))
        assert tuple(after)[:3] == (BILLED, Decimal("8.75"), "8")

    async def test_add_up_after_the_next_night_as_well(self, life):
        await forget(life)
        await life.night()

        [invoice] = [
            one
            for one in await life.upshot.invoices.invoices(MONDAY, MONDAY, {})
            if one.provider == "anthropic"
        ]
        assert invoice.billed == BILLED
        assert invoice.attributed + invoice.unattributed == BILLED
        assert invoice.foreign["EUR"].unattributed == Decimal(8)


class TestWhatStays:
    async def test_is_a_line_in_the_log_that_names_nobody(self, life):
        await forget(life)

        [latest, *_] = await AuditStore(life.upshot.database).latest(10)
        assert (latest.action, latest.actor, dict(latest.people)) == ("forgotten", "somebody", {})

    async def test_is_the_work_of_others_as_theirs(self, life):
        await forget(life)

        async with life.upshot.database.for_jobs() as connection:
            kept = await connection.execute(text("SELECT account, title FROM outcome_credits"))
            assert kept.all() == [("bob", "Shared work")]
            assert await connection.scalar(text("SELECT count(*) FROM outcomes")) == 1

    async def test_is_that_this_person_was_forgotten(self, life):
        await forget(life)

        assert await life.upshot.services.rights.refusal_of(SLACK_ID) is Refusal.FORGOTTEN

    async def test_is_nothing_of_what_was_said_in_words_of_theirs(self, life):
        await forget(life)

        told = await every_row(life)
        assert not any(words in told for words in (LOGGED, TITLE))

    async def test_is_an_announcement_without_who_made_it(self, life):
        await forget(life)

        async with life.upshot.database.for_jobs() as connection:
            [said] = await connection.scalars(text("SELECT text FROM deliveries"))
        assert said == "— set settle_days to 9"


async def test_whoever_comes_back_starts_from_nothing(life):
    await forget(life)
    await life.upshot.services.rights.opt_in(SLACK_ID)
    assert life.upshot.slack is not None
    await life.upshot.slack.sync_directory()

    back = await life.person()
    async with life.upshot.database.for_person(back.id) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM usage_records")) == 0
    assert await life.upshot.services.rights.refusal_of(SLACK_ID) is None
