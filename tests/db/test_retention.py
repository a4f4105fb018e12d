"""Nothing is kept longer than was said, and nothing less long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.audit import Action, AuditEntry
from bot.domain.ledger import first_broken
from bot.domain.retention import Cutoffs
from db.audit import AuditStore
from db.linking import LinkStore
from db.people import PeopleStore
from db.refusals import user_tag
from db.retention import RetentionStore
from db.rights import RightsStore
from tests.db.everything_personal import fill
from tests.db.test_row_level_security import PERSONAL, count
from tests.factories import MONDAY, NOON, make_member

DAYS = 180
A_DAY = timedelta(days=1)
STAY_WITH_A_PERSON = {"account_links", "accounts", "muted_tips", "people", "preferences"}
"""As long as the person is here: who they are, what is theirs, and what they chose."""
LISTED_STILL = {"team_members"}


@pytest.fixture
def store(database):
    return RetentionStore(database)


def cutoffs(days_later: int) -> Cutoffs:
    return Cutoffs.on(NOON.date() + days_later * A_DAY, DAYS)


async def left(database, *tables: str) -> dict[str, int]:
    async with database.for_jobs() as connection:
        return {table: await count(connection, table) for table in tables}


async def test_on_the_day_itself_nothing_goes(database, store):
    await fill(database)
    before = await left(database, *PERSONAL, "provider_days")
    deleted = await store.delete_before(cutoffs(0))

    assert await left(database, *PERSONAL, "provider_days") == before
    assert not any(deleted.values())


async def test_facts_go_the_day_after_the_last_and_not_before(database, store):
    await fill(database)
    last = (MONDAY - NOON.date()).days + DAYS

    await store.delete_before(cutoffs(last))
    assert (await left(database, "usage_records"))["usage_records"] == 4
    await store.delete_before(cutoffs(last + 1))
    assert await left(database, "usage_records", "outcomes", "tags", "nudges") == {
        "usage_records": 0,
        "outcomes": 0,
        "tags": 0,
        "nudges": 0,
    }


async def test_after_500_days_there_is_nothing_but_who_is_here_and_what_they_chose(database, store):
    await fill(database)
    await AuditStore(database).append(
        AuditEntry(at=NOON, actor="UADA", action=Action.ADMIN_ADDED, people={"admin": "UBOB"})
    )
    await store.delete_before(cutoffs(500))
    # what is worked out from the facts is worked out anew every night
    await LinkStore(database).link(NOON + 500 * A_DAY, 7 * A_DAY)

    everything = await left(database, *PERSONAL, "provider_days", "audit_log", "audit_names")
    assert {table for table, rows in everything.items() if rows} == (
        STAY_WITH_A_PERSON | LISTED_STILL
    )


async def test_the_words_of_a_message_go_after_30_days_and_that_it_was_sent_stays(database, store):
    await fill(database)
    async with database.for_jobs() as connection:
        await connection.execute(
            text("UPDATE deliveries SET state = 'sent' WHERE channel = 'UADA'")
        )
    deleted = await store.delete_before(cutoffs(31))

    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT channel, text, blocks FROM deliveries"))
        words = {channel: (said, blocks) for channel, said, blocks in rows}
    assert words["UADA"] == ("", [])
    assert words["UBOB"][0] == "Hello"
    assert deleted["deliveries.text"] == 1


class TestWhoeverLeft:
    @pytest.fixture
    async def ada_left(self, database):
        ada, _ = await fill(database)
        await PeopleStore(database).sync([make_member("bob")], today=NOON.date())
        return ada

    async def test_is_kept_for_30_days(self, database, store, ada_left):
        await store.delete_before(cutoffs(30))

        assert await RightsStore(database).find("UADA") is not None

    async def test_is_gone_after_that_with_everything(self, database, store, ada_left):
        deleted = await store.delete_before(cutoffs(31))

        assert deleted["people"] == 1
        assert await RightsStore(database).find("UADA") is None
        async with database.for_jobs() as connection:
            kept = await connection.scalars(text("SELECT DISTINCT account FROM usage_records"))
            assert set(kept) == {"bob"}

    async def test_is_no_stranger_to_be_refused(self, database, store, ada_left):
        await store.delete_before(cutoffs(31))
        await PeopleStore(database).sync([make_member("ada")], today=NOON.date() + 40 * A_DAY)

        assert await PeopleStore(database).find("UADA") is not None

    async def test_is_given_30_days_from_when_that_was_first_seen(self, database, store, ada_left):
        async with database.for_jobs() as connection:
            await connection.execute(text("UPDATE people SET deactivated_on = NULL"))
        await store.delete_before(cutoffs(100))

        async with database.for_jobs() as connection:
            [since] = await connection.scalars(
                text("SELECT deactivated_on FROM people WHERE NOT is_active")
            )
        assert since == NOON.date() + 100 * A_DAY


class TestTheChains:
    async def test_lose_their_oldest_entries_and_hold(self, database, store):
        audit = AuditStore(database)
        for day in range(0, 500, 50):
            at = NOON + day * A_DAY
            await audit.append(AuditEntry(at=at, actor="UBOSS", action=Action.ADMIN_ADDED))
        deleted = await store.delete_before(cutoffs(500))

        assert deleted["audit_log"] == 2
        assert len(await audit.latest(100)) == 8
        links = [link async for link in audit.chain()]
        assert first_broken(database.key, "audit", links) is None

    async def test_names_go_with_the_last_entry_that_needs_them(self, database, store):
        audit = AuditStore(database)
        for user, day in (("UADA", 0), ("UBOB", 450)):
            at = NOON + day * A_DAY
            await audit.append(AuditEntry(at=at, actor=user, action=Action.ADMIN_ADDED))
        await store.delete_before(cutoffs(500))

        async with database.unscoped() as connection:
            names = await connection.scalars(text("SELECT slack_user_id FROM audit_names"))
            assert names.all() == ["UBOB"]


async def test_refusals_are_never_deleted(database, store):
    await fill(database)
    rights = RightsStore(database)
    await rights.forget(await rights.find("UADA"), NOON)
    await store.delete_before(cutoffs(5_000))

    async with database.unscoped() as connection:
        tags = set(await connection.scalars(text("SELECT tag FROM refusals")))
    assert user_tag(database.key, "UADA") in tags


async def test_a_range_goes_batch_by_batch_to_its_end(database):
    await fill(database)
    deleted = await RetentionStore(database, batch=1).delete_before(cutoffs(500))

    assert deleted["usage_records"] == 4
    assert (await left(database, "usage_records"))["usage_records"] == 0
