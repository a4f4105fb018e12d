"""An account is one person's at a time, and each of its days stays with whoever had it then."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.domain.accounts import EVER, STILL
from bot.domain.outcomes import Credit, Role
from bot.domain.people import Identity, Proof
from bot.domain.periods import midnight
from bot.domain.usage import SessionCount
from db.database import Database, make_engine
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.received import ReceivedStore
from db.tags import TagStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    make_batch,
    make_day,
    make_member,
    make_outcome,
    make_record,
    make_sent,
)

DAY = timedelta(days=1)
BEFORE, AFTER = MONDAY, MONDAY + 4 * DAY
CHANGED = MONDAY + 2 * DAY
"""The night in which something changes, between the two."""
HEIR = make_member("heir", email="ada@example.com")


class Company:
    """One account, what is told of it, and whom the directory knows."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def knows(self, *members, today: date = MONDAY) -> None:
        people = [make_member(m) if isinstance(m, str) else m for m in members]
        await PeopleStore(self.database).sync(people, today=today)

    async def uses(self, day: date, email: str | None = "ada@example.com", **changes) -> None:
        """The account is used on *day*, and what it is named is told that evening."""
        counted = (SessionCount(account="user_1", tool="claude", sessions=1),)
        emails = {} if email is None else {"user_1": email}
        answer = make_day(
            make_record("user_1", **changes), day=day, emails=emails, sessions=counted
        )
        await UsageStore(self.database).replace_day(answer, midnight(day) + DAY)

    async def works(
        self, number: int, day: date, email: str = "ada@example.com", proof=Proof.ADMIN_EMAIL
    ) -> None:
        work = make_outcome(number, "octo", completed_at=midnight(day), title=f"Work {number}")
        named = {"octo": Identity(email=email, proof=proof)}
        batch = make_batch(work, identities=named, complete=False, data_through=midnight(day) + DAY)
        await OutcomeStore(self.database).replace("git", batch)

    async def ask(self, query: str) -> list[tuple]:
        async with self.database.for_jobs() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def days(self, table: str = "usage_records") -> dict[date, str | None]:
        """Whose each day is."""
        rows = await self.ask(
            f"SELECT t.day, p.slack_user_id FROM {table} t LEFT JOIN people p ON p.id = t.person_id"
        )
        return dict(rows)

    async def credits(self) -> dict[str, str | None]:
        return dict(
            await self.ask(
                "SELECT c.source_id, p.slack_user_id FROM outcome_credits c"
                " LEFT JOIN people p ON p.id = c.person_id"
            )
        )

    async def links(self) -> list[tuple]:
        return await self.ask(
            "SELECT p.slack_user_id, l.valid_from, l.valid_to FROM account_links l"
            " JOIN people p ON p.id = l.person_id ORDER BY l.valid_from"
        )

    async def proofs(self) -> list[tuple]:
        return await self.ask(
            "SELECT p.slack_user_id, l.proof FROM account_links l JOIN people p"
            f" ON p.id = l.person_id WHERE l.valid_to = '{STILL}'"
        )


@pytest.fixture
async def company(database):
    company = Company(database)
    await company.knows("ada", "bob")
    return company


class TestTheFirstOwner:
    async def test_has_had_it_from_ever(self, company):
        await company.uses(BEFORE)

        assert await company.links() == [("UADA", EVER, STILL)]

    async def test_gets_the_days_before_the_directory_knew_them(self, company):
        await company.uses(BEFORE, "zoe@example.com")

        await company.knows("ada", "bob", "zoe", today=CHANGED)

        assert await company.days() == {BEFORE: "UZOE"}
        assert await company.days("session_counts") == {BEFORE: "UZOE"}
        assert await company.links() == [("UZOE", EVER, STILL)]

    async def test_gets_the_days_before_its_address_was_told(self, company):
        await company.uses(BEFORE, None)
        await company.uses(AFTER)

        assert await company.days() == {BEFORE: "UADA", AFTER: "UADA"}


class TestSomebodyWhoLeft:
    async def test_keeps_the_days_until_that_night_and_no_later_one(self, company):
        await company.uses(BEFORE)

        await company.knows("bob", today=CHANGED)
        await company.uses(AFTER)

        assert await company.links() == [("UADA", EVER, CHANGED)]
        assert await company.days() == {BEFORE: "UADA", AFTER: None}
        assert await company.ask("SELECT person_id FROM accounts") == [(None,)]

    async def test_loses_what_was_told_before_the_night_but_is_of_later(self, company):
        await company.uses(AFTER)

        await company.knows("bob", today=CHANGED)

        assert await company.days() == {AFTER: None}

    @pytest.mark.parametrize("flag", ["is_deactivated", "is_guest", "is_external"])
    async def test_may_have_been_turned_into_a_guest_or_a_stranger(self, company, flag):
        await company.uses(BEFORE)

        await company.knows(make_member("ada", **{flag: True}), "bob", today=CHANGED)

        assert await company.links() == [("UADA", EVER, CHANGED)]

    async def test_is_known_to_have_left_until_they_are_back(self, company):
        async def left():
            return await company.ask("SELECT deactivated_on FROM people WHERE email LIKE 'ada%'")

        await company.knows("bob", today=CHANGED)
        gone = await left()
        await company.knows("bob", today=AFTER)
        still = await left()
        await company.knows("ada", "bob", today=AFTER)

        assert (gone, still, await left()) == ([(CHANGED,)], [(CHANGED,)], [(None,)])

    async def test_who_comes_back_goes_on_where_they_left(self, company):
        await company.uses(BEFORE)
        await company.knows("bob", today=CHANGED)
        await company.uses(AFTER)

        await company.knows("ada", "bob", today=AFTER)

        assert await company.links() == [("UADA", EVER, STILL)]
        assert await company.days() == {BEFORE: "UADA", AFTER: "UADA"}

    async def test_who_comes_back_does_not_get_what_another_has_by_then(self, company):
        await company.uses(BEFORE)
        await company.knows(HEIR, today=CHANGED)

        await company.knows(HEIR, make_member("ada", email="king@example.com"), today=AFTER)

        assert await company.links() == [("UADA", EVER, CHANGED), ("UHEIR", CHANGED, STILL)]


class TestAnAddressThatANewHireGets:
    async def test_takes_the_later_days_along_and_none_of_the_earlier(self, company):
        await company.uses(BEFORE)

        await company.knows("bob", HEIR, today=CHANGED)
        await company.uses(AFTER)
        await company.uses(BEFORE, requests=9)

        assert await company.links() == [("UADA", EVER, CHANGED), ("UHEIR", CHANGED, STILL)]
        assert await company.days() == {BEFORE: "UADA", AFTER: "UHEIR"}
        assert await company.days("session_counts") == {BEFORE: "UADA", AFTER: "UHEIR"}

    async def test_takes_later_work_along_and_none_of_the_earlier(self, company):
        await company.works(1, BEFORE)

        await company.knows("bob", HEIR, today=CHANGED)
        await company.works(2, AFTER)
        await company.works(1, BEFORE)

        assert await company.credits() == {"app#1": "UADA", "app#2": "UHEIR"}

    async def test_takes_what_is_sent_of_later_days_along(self, company):
        store = ReceivedStore(company.database)
        sent = [make_sent("okta:1", "r1", day=BEFORE), make_sent("okta:1", "r2", day=AFTER)]
        named = [s.__class__(**{**_fields(s), "email": "ada@example.com"}) for s in sent]
        await store.put(named, NOON)

        await company.knows("bob", HEIR, today=CHANGED)
        moved = await company.days(), await company.days("received_usage")
        await store.put(named, NOON)

        assert moved == ({BEFORE: "UADA", AFTER: "UHEIR"}, {BEFORE: "UADA", AFTER: "UHEIR"})
        assert await company.days() == {BEFORE: "UADA", AFTER: "UHEIR"}

    async def test_does_so_after_months_in_which_it_was_nobodys(self, company):
        await company.uses(BEFORE)
        await company.knows("bob", today=CHANGED)
        await company.uses(CHANGED)

        await company.knows("bob", HEIR, today=AFTER)

        assert await company.links() == [("UADA", EVER, CHANGED), ("UHEIR", AFTER, STILL)]
        assert await company.days() == {BEFORE: "UADA", CHANGED: None}

    async def test_shows_the_heir_nothing_of_what_unfinished_work_was_said_to_be_for(self, company):
        unfinished = make_outcome(1, credits=(Credit("octo", Role.AUTHOR),), completed_at=None)
        named = {"octo": Identity(email="ada@example.com", proof=Proof.ADMIN_EMAIL)}
        batch = make_batch(unfinished, identities=named)
        await OutcomeStore(company.database).replace("git", batch)
        ada = await PeopleStore(company.database).find("UADA")
        await TagStore(company.database).set_tier(ada.id, "git", "app#1", "exploration")

        await company.knows("bob", HEIR, today=CHANGED)

        assert await company.credits() == {"app#1": "UHEIR"}
        assert await company.ask("SELECT tier FROM outcome_credits") == [(None,)]


class TestAChangeThatIsTakenBackOnTheSameDay:
    async def test_leaves_no_trace(self, company):
        await company.uses(BEFORE)
        await company.knows("bob", today=CHANGED)
        await company.knows("bob", HEIR, today=AFTER)

        await company.knows("bob", today=AFTER)

        assert await company.links() == [("UADA", EVER, CHANGED)]


class TestTheOrderOfTrust:
    @pytest.mark.parametrize("weaker", [Proof.IDP, Proof.ASSERTED])
    async def test_a_weaker_proof_never_replaces_a_stronger(self, company, weaker):
        await company.works(1, BEFORE)

        await company.works(2, AFTER, "bob@example.com", weaker)
        await company.knows("ada", "bob", today=AFTER)

        assert await company.proofs() == [("UADA", "admin_email")]

    async def test_a_stronger_proof_replaces_a_weaker_from_that_day_on(self, company):
        await company.works(1, BEFORE, proof=Proof.ASSERTED)
        await company.works(2, BEFORE, proof=Proof.ASSERTED)

        await company.works(3, AFTER, "bob@example.com")

        assert await company.links() == [
            ("UADA", EVER, AFTER + DAY),
            ("UBOB", AFTER + DAY, STILL),
        ]
        assert set((await company.credits()).values()) == {"UADA"}

    async def test_a_stronger_proof_of_the_same_person_is_kept_instead(self, company):
        await company.works(1, BEFORE, proof=Proof.IDP)

        await company.works(2, AFTER)

        assert await company.proofs() == [("UADA", "admin_email")]
        assert await company.links() == [("UADA", EVER, STILL)]

    @pytest.mark.parametrize("proof", [Proof.IDP, Proof.ASSERTED])
    async def test_the_directory_moves_nothing_that_was_proven_otherwise(self, company, proof):
        await company.works(1, BEFORE, proof=proof)

        await company.knows(make_member("ada", email="king@example.com"), HEIR, today=CHANGED)

        assert await company.proofs() == [("UADA", proof)]

    async def test_a_sign_on_that_names_another_address_moves_it(self, company):
        await company.works(1, BEFORE, proof=Proof.IDP)

        await company.works(2, AFTER, "bob@example.com", Proof.IDP)

        assert await company.proofs() == [("UBOB", "idp")]

    async def test_a_typed_address_moves_nothing_from_a_living_owner(self, company):
        await company.works(1, BEFORE, proof=Proof.ASSERTED)

        await company.works(2, AFTER, "bob@example.com", Proof.ASSERTED)
        await company.knows("ada", "bob", today=AFTER)

        assert await company.proofs() == [("UADA", "asserted")]


class TestClaimedDomains:
    @pytest.fixture
    async def claiming(self, urls):
        """Knows that the company's addresses end in one of these."""
        claimed = Database(make_engine(urls.worker), claimed_domains=("Corp.example", "@b.example"))
        yield Company(claimed)
        await claimed.close()

    @pytest.mark.parametrize(
        ("email", "owner"),
        [
            ("ada@corp.example", "UADA"),
            ("Ada@CORP.example", "UADA"),
            ("ada@b.example", "UADA"),
            ("ada@example.com", None),
            ("ada@evil-corp.example", None),
            ("ada@corp.example.evil.example", None),
            ('"ada@corp.example"@evil.example', None),
            ("ada@sub.corp.example", None),
        ],
    )
    async def test_are_the_only_ones_that_link(self, claiming, email, owner):
        await claiming.knows(make_member("ada", email=email))

        await claiming.uses(BEFORE, email)

        assert await claiming.days() == {BEFORE: owner}

    async def test_end_what_was_linked_by_another_when_they_are_set(self, company, claiming):
        await company.uses(BEFORE)

        await claiming.knows("ada", "bob", today=CHANGED)

        assert await company.links() == [("UADA", EVER, CHANGED)]


class TestPeopleWhoOptedOut:
    async def test_are_given_nothing_more(self, company):
        await company.ask("UPDATE people SET opted_out_on = '2026-03-01' RETURNING id")

        await company.uses(BEFORE)

        assert await company.links() == []


class TestSeveralAtOnce:
    async def test_leave_an_account_with_one_owner_and_rows_that_are_that_owners(self, company):
        """Days come in while the directory gives the address to one and the other."""
        answers = [company.uses(MONDAY + n * DAY, cost=Decimal(n)) for n in range(6)]
        readings = [company.knows("bob", who, today=CHANGED) for who in ("ada", HEIR, "ada", HEIR)]

        await asyncio.gather(*answers, *readings)

        open_links = await company.proofs()
        assert len(open_links) <= 1
        owners = await company.ask(
            "SELECT u.day FROM usage_records u LEFT JOIN account_links l ON l.source = u.provider"
            " AND l.account = u.account AND l.valid_from <= u.day AND u.day < l.valid_to"
            " WHERE u.person_id IS DISTINCT FROM l.person_id"
        )
        assert owners == []
        overlaps = await company.ask(
            "SELECT 1 FROM account_links a JOIN account_links b USING (source, account)"
            " WHERE a.valid_from < b.valid_from AND b.valid_from < a.valid_to"
        )
        assert overlaps == []

    async def test_that_tell_of_the_same_work_end(self, company):
        works = [company.works(n, BEFORE) for n in range(5)]

        await asyncio.gather(*works, company.knows("bob", HEIR, today=CHANGED))
        await LinkStore(company.database).link(NOON, DAY)

        assert len(await company.proofs()) == 1


def _fields(sent) -> dict:
    return {name: getattr(sent, name) for name in sent.__struct_fields__}
