"""The audit log: every entry is sealed, nobody is in it by name, and a change shows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest
from sqlalchemy import text

from bot.domain.audit import SOMEBODY, Action, AuditEntry
from bot.domain.keyed import Key
from bot.domain.ledger import first_broken
from db.audit import CHAIN, AuditStore, append_in, token_of
from db.database import Database, make_engine
from db.migrate import driver_url
from tests.factories import NOON

KEY = Key(b"of this installation")
UPDATE = "UPDATE audit_log SET CHANGE WHERE id = 3"


@pytest.fixture
async def database(urls):
    opened = Database(make_engine(urls.worker), KEY)
    yield opened
    await opened.close()


@pytest.fixture
def audit(database):
    return AuditStore(database)


@pytest.fixture
def as_superuser(urls):
    """Somebody who can write to the database, past its triggers, and has no key."""

    def execute(query: LiteralString) -> None:
        with psycopg.connect(driver_url(urls.superuser), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(query.encode())

    return execute


def entry(number: int = 0, **changes) -> AuditEntry:
    values = {
        "at": NOON + timedelta(minutes=number, microseconds=7),
        "actor": "UADA",
        "action": Action.THRESHOLD_SET,
        "detail": {"name": "settle_days", "value": number, "effective_on": "2026-03-25"},
    }
    return AuditEntry(**values | changes)


async def broken(audit: AuditStore, key: Key = KEY) -> int | None:
    return first_broken(key, CHAIN, [row async for row in audit.chain()])


class TestEntries:
    async def test_are_read_newest_first_and_no_more_than_asked_for(self, audit):
        entries = [entry(n) for n in range(4)]
        for each in entries:
            await audit.append(each)

        assert await audit.latest(3) == entries[:0:-1]

    async def test_come_back_whole(self, audit):
        whole = entry(
            action=Action.MEMBERS_CHANGED,
            detail={"team": "Café “<!channel>” \U0001f63a", "joining": 3},
            people={"admin": "UBOB"},
        )
        await audit.append(whole)

        assert await audit.latest(1) == [whole]

    async def test_of_upshot_itself_have_nobody_in_them(self, audit):
        await audit.append(entry(actor=None))

        assert (await audit.latest(1))[0].actor is None

    async def test_name_nobody_who_was_forgotten(self, audit, database):
        await audit.append(entry(people={"admin": "UADA"}))
        async with database.unscoped() as connection:
            await connection.execute(text("DELETE FROM audit_names"))

        [known] = await audit.latest(1)

        assert (known.actor, known.people) == (SOMEBODY, {"admin": None})
        assert await broken(audit) is None

    async def test_of_a_forgetting_leave_no_name_behind(self, audit, database):
        await audit.append(entry(actor="UADA", action=Action.FORGOTTEN, detail={}))

        async with database.unscoped() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM audit_names")) == 0
        assert (await audit.latest(1))[0].actor == SOMEBODY

    async def test_hold_no_slack_users_id(self, audit, database):
        await audit.append(entry(people={"admin": "UBOB"}))

        async with database.unscoped() as connection:
            row = str((await connection.execute(text("SELECT * FROM audit_log"))).one())
        assert "UADA" not in row
        assert "UBOB" not in row
        assert token_of(KEY, "UADA") in row

    async def test_are_kept_with_what_they_are_about_or_not_at_all(self, audit, database):
        async with database.unscoped() as connection:
            await append_in(connection, KEY, entry())
            await connection.rollback()

        assert await audit.latest(9) == []


class TestEntriesFromBeforeTheSeals:
    @pytest.fixture
    async def old(self, database):
        async with database.unscoped() as connection:
            await connection.execute(
                text(
                    "INSERT INTO audit_log (at, actor, action, detail) VALUES"
                    " (:at, 'UADA', 'admin_added', '{\"admin\": \"UBOB\"}')"
                ),
                {"at": NOON},
            )

    async def test_are_listed_still(self, audit, old):
        expected = AuditEntry(
            at=NOON, actor="UADA", action=Action.ADMIN_ADDED, people={"admin": "UBOB"}
        )

        assert await audit.latest(9) == [expected]
        await audit.append(entry(1))
        assert await audit.latest(9) == [entry(1), expected]

    async def test_are_not_in_the_chain(self, audit, old):
        await audit.append(entry(1))

        assert len([row async for row in audit.chain()]) == 1
        assert await broken(audit) is None


class TestTheChain:
    @pytest.fixture(autouse=True)
    async def filled(self, audit):
        for number in range(4):
            await audit.append(entry(number, people={"admin": "UBOB"}))

    async def test_holds(self, audit):
        assert await broken(audit) is None

    async def test_does_not_hold_for_another_key(self, audit):
        assert await broken(audit, Key(b"of somebody else.")) == 0

    async def test_holds_after_the_oldest_were_deleted_in_their_time(self, audit, database):
        async with database.for_retention() as connection:
            await connection.execute(text("DELETE FROM audit_log WHERE id <= 2"))

        assert await broken(audit) is None

    @pytest.mark.parametrize(
        "change",
        [
            "at = at + interval '1 microsecond'",
            "actor = ''",
            "action = 'admin_added'",
            "detail = jsonb_set(detail, '{\"detail\", \"value\"}', '9')",
            'detail = jsonb_set(detail, \'{"people", "admin"}\', \'""\')',
            "seal = NULL",
            "previous = NULL",
            "seal = previous",
        ],
    )
    async def test_shows_every_change_by_somebody_without_the_key(
        self, audit, as_superuser, change
    ):
        as_superuser(UPDATE.replace("CHANGE", change))

        assert await broken(audit) == 2

    async def test_shows_what_was_taken_out_and_what_was_put_in(self, audit, as_superuser):
        as_superuser("DELETE FROM audit_log WHERE id = 2")
        assert await broken(audit) == 1

        as_superuser("DELETE FROM audit_log WHERE id < 4")
        as_superuser("INSERT INTO audit_log (at, actor, action, detail) VALUES"
                     " (now(), 'UEVE', 'admin_added', '{}')")  # fmt: skip
        assert await broken(audit) == 1

    async def test_lists_nothing_that_was_put_in(self, audit, as_superuser):
        as_superuser("INSERT INTO audit_log (at, actor, action, detail) VALUES"
                     " (now(), 'UEVE', 'admin_added', '{}')")  # fmt: skip

        assert "UEVE" not in {known.actor for known in await audit.latest(9)}

    async def test_is_one_however_many_write_at_once(self, audit):
        await asyncio.gather(*(audit.append(entry(number)) for number in range(30)))

        assert len([row async for row in audit.chain()]) == 34
        assert await broken(audit) is None

    async def test_cannot_be_changed_by_the_bot_itself(self, database):
        for statement in ("UPDATE audit_log SET actor = ''", "DELETE FROM audit_log"):
            with pytest.raises(Exception, match="rows of audit_log are only ever added"):
                async with database.unscoped() as connection:
                    await connection.execute(text(statement))
