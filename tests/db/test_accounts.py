"""An account is somebody's by the exact address that a source's own admin API names."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.preferences import Cadence
from bot.domain.schedule import DigestTime
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    make_batch,
    make_day,
    make_identity,
    make_member,
    make_outcome,
    make_record,
    wish,
)


@pytest.fixture
def people(database):
    return PeopleStore(database)


async def owner_of(database, account: str, table: str = "accounts") -> str | None:
    """The Slack user whose rows of *table* those of *account* are."""
    async with database.for_jobs() as connection:
        return await connection.scalar(
            text(
                f"SELECT p.slack_user_id FROM {table} t LEFT JOIN people p ON p.id = t.person_id"
                " WHERE t.account = :account"
            ),
            {"account": account},
        )


async def see(database, account: str, email: str | None) -> None:
    """A provider's answer with *account*, for which it names *email*."""
    emails = {} if email is None else {account: email}
    answer = make_day(make_record(account), emails=emails)
    await UsageStore(database).replace_day(answer, NOON)


@pytest.mark.parametrize("email", ["ada@example.com", " Ada@Example.COM "])
async def test_it_is_whose_address_it_has_whatever_its_case(database, email):
    await enroll(database, "ada")

    await see(database, "user_1", email)

    assert await owner_of(database, "user_1") == "UADA"


@pytest.mark.parametrize(
    "email",
    [
        None,
        "",
        "ada",
        "ada+bot@example.com",
        "a.da@example.com",
        "ada@example.com.example",
        "ada@examp1e.com",
        "аda@example.com",  # noqa: RUF001 - a Cyrillic letter
    ],
)
async def test_it_is_nobodys_when_the_address_is_another(database, email):
    await enroll(database, "ada")

    await see(database, "ada", email)

    assert await owner_of(database, "ada") is None


async def test_an_address_that_two_people_have_is_nobodys(database, people):
    both = make_member("ada"), make_member("bob", email="ada@example.com")
    await people.sync(both, today=NOON.date())

    await see(database, "user_1", "ada@example.com")

    assert await owner_of(database, "user_1") is None


async def test_it_becomes_nobodys_when_a_second_person_gets_its_address(database, people):
    await enroll(database, "ada")
    await see(database, "user_1", "ada@example.com")

    both = [make_member("ada"), make_member("bob", email="ada@example.com")]
    await people.sync(both, today=MONDAY)

    assert await owner_of(database, "user_1") is None
    assert await owner_of(database, "user_1", "usage_records") is None


async def test_its_rows_follow_when_the_directory_changes(database, people):
    await enroll(database, "ada")
    await see(database, "user_1", "ada@example.com")
    work = make_batch(make_outcome(1, "user_1"), identities={"user_1": make_identity()})
    await OutcomeStore(database).replace("git", work)

    married = make_member("ada", email="ada.king@example.com")
    await people.sync([married, make_member("bob", email="ada@example.com")], today=MONDAY)

    assert await owner_of(database, "user_1", "usage_records") == "UBOB"
    assert await owner_of(database, "user_1", "outcome_credits") == "UBOB"


async def test_who_came_after_the_figures_gets_them_with_the_next_directory(database):
    await see(database, "user_1", "ada@example.com")

    await enroll(database, "ada")

    assert await owner_of(database, "user_1", "usage_records") == "UADA"


async def test_an_address_that_is_no_longer_named_is_not_forgotten(database):
    await see(database, "user_1", "ada@example.com")
    await see(database, "user_1", None)

    await enroll(database, "ada")

    assert await owner_of(database, "user_1") == "UADA"


async def test_a_stronger_proof_is_not_undone_by_the_directory(database, people):
    [_, bob] = await enroll(database, "ada", "bob")
    await see(database, "user_1", "ada@example.com")
    async with database.for_jobs() as connection:
        await connection.execute(
            text("UPDATE account_links SET person_id = :bob, proof = 'oauth'"), {"bob": bob.id}
        )
        await connection.execute(
            text("UPDATE accounts SET person_id = :bob, proof = 'asserted'"), {"bob": bob.id}
        )

    await people.sync([make_member("ada"), make_member("bob")], today=NOON.date())

    assert await owner_of(database, "user_1") == "UBOB"


class TestTheDirectory:
    async def test_makes_full_members_people(self, people):
        left_out = [
            replace(make_member(f"x{n}"), **{flag: True})
            for n, flag in enumerate(("is_bot", "is_deactivated", "is_guest", "is_external"))
        ]

        assert await people.sync([make_member("ada"), *left_out], today=NOON.date()) == 1

        assert await people.count() == 1
        assert await people.find("UX2") is None

    async def test_keeps_time_zone_and_locale_and_has_a_default_for_each(self, people):
        nothing = make_member("bob", time_zone=None, locale=None, email=None)

        await people.sync([make_member("ada", time_zone="Asia/Tokyo"), nothing], today=NOON.date())

        ada, bob = await people.find("UADA"), await people.find("UBOB")
        assert (ada.time_zone, ada.locale) == ("Asia/Tokyo", "en-GB")
        assert (bob.time_zone, bob.locale) == ("UTC", "en-US")
        assert set(await people.digest_times()) == {DigestTime("Asia/Tokyo"), DigestTime("UTC")}

    async def test_knows_nobody_who_left_and_everybody_who_came_back(self, database, people):
        [before] = await enroll(database, "ada")
        await people.sync([make_member("bob")], today=NOON.date())
        gone = await people.find("UADA")
        await people.sync([make_member("ada")], today=NOON.date())

        assert gone is None
        assert await people.find("UADA") == before

    async def test_changes_nothing_of_what_a_person_chose(self, database, people):
        [ada] = await enroll(database, "ada")
        await wish(database, ada.id, Cadence.OFF)

        await enroll(database, "ada")

        await see(database, "ada", "ada@example.com")
        assert await people.unwelcomed() == []

    async def test_gives_people_by_their_ids_while_they_are_here(self, database, people):
        [ada, bob] = await enroll(database, "ada", "bob")
        await people.sync([make_member("bob")], today=NOON.date())

        assert await people.by_ids([ada.id, bob.id]) == [bob]


class TestTheUnwelcomed:
    async def test_are_those_of_whom_there_is_something_to_tell(self, database, people):
        [ada, _] = await enroll(database, "ada", "bob")
        await see(database, "ada", "ada@example.com")

        assert await people.unwelcomed() == [ada]

    async def test_are_not_those_who_stopped(self, database, people):
        [ada] = await enroll(database, "ada")
        await see(database, "ada", "ada@example.com")

        await wish(database, ada.id, Cadence.OFF)

        assert await people.unwelcomed() == []
