"""What an admin says of whose an account is waits for those concerned, and harms nobody's proof."""

# ruff: noqa: S608 - the names of the users are our own

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from bot.domain.account_lines import AccountLine, LineFault
from bot.domain.accounts import OBJECTION, STILL
from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.people import Proof
from db.assertions import GIVEN_UP, NOT_ASKED_AGAIN
from db.audit import AuditStore
from db.usage import UsageStore
from tests.db.office import Office
from tests.factories import MONDAY, NOON, enroll, make_day, make_member, make_message, make_record

AN_HOUR = timedelta(hours=1)
IN_TIME = NOON + OBJECTION - timedelta(seconds=1)
AFTERWARDS = NOON + OBJECTION
TODAY = AFTERWARDS.date()


@pytest.fixture
async def office(database):
    office = Office(database)
    await enroll(database, "ada", "bob", "boss")
    await office.sees()
    return office


class TestAnAdminsWord:
    async def test_links_nothing_for_a_day(self, office):
        await office.says()
        await office.sends()

        assert await office.store.settle_assertions(IN_TIME) == 0
        assert await office.links() == []

    async def test_links_after_a_day_without_an_objection(self, office):
        await office.says()
        await office.sends()

        assert await office.store.settle_assertions(AFTERWARDS) == 1

        assert await office.links() == [("UADA", "asserted", TODAY, STILL)]
        assert await office.ask("SELECT person_id IS NULL FROM accounts") == [(False,)]
        assert await office.store.settle_assertions(AFTERWARDS + AN_HOUR) == 0

    async def test_gives_nobody_what_was_before(self, office):
        await office.says()
        await office.sends()

        await office.store.settle_assertions(AFTERWARDS)

        assert await office.owner_of_rows() == [None]

    async def test_names_a_person_by_address_as_well(self, office):
        assert await office.says("ada@example.com") is None

        assert await office.told() == {("UADA", "target")}

    async def test_is_told_to_the_one_it_names_and_to_nobody_else(self, office):
        await office.says()

        assert await office.told() == {("UADA", "target")}

    async def test_waits_until_those_concerned_were_told(self, office):
        """Whom no message reaches cannot have said nothing."""
        await office.says()
        assert await office.store.settle_assertions(AFTERWARDS) == 0

        await office.sends()

        assert await office.store.settle_assertions(AFTERWARDS + OBJECTION) == 0
        assert await office.store.settle_assertions(AFTERWARDS + OBJECTION + AN_HOUR) == 1

    async def test_is_dropped_where_nobody_could_be_told(self, office):
        await office.says()

        await office.store.settle_assertions(NOON + GIVEN_UP + AN_HOUR)

        assert await office.ask("SELECT 1 FROM assertions") == []

    async def test_is_in_the_audit_log(self, office):
        await office.says()

        [entry] = await AuditStore(office.database).latest(5)
        assert (entry.actor, entry.action) == ("UBOSS", "accounts_asserted")
        assert (entry.people, entry.detail) == ({"target": "UADA"}, {"source": "anthropic"})

    async def test_said_twice_asks_once(self, office):
        await office.says()

        assert await office.says(at=NOON + AN_HOUR) is None
        assert await office.ask("SELECT count(*) FROM assertions") == [(1,)]
        assert await office.told() == {("UADA", "target")}


class TestAnObjection:
    async def test_ends_it(self, office):
        await office.says()
        await office.sends()

        assert await office.says_no("UADA", IN_TIME)

        assert await office.store.settle_assertions(AFTERWARDS) == 0
        assert await office.links() == []

    async def test_is_heard_by_the_admin_without_a_reason(self, office):
        await office.says()

        await office.says_no("UADA")

        assert await office.told() == {("UADA", "target"), ("UBOSS", "refused")}
        [entry, _] = await AuditStore(office.database).latest(5)
        assert (entry.action, entry.people) == ("account_refused", {})
        assert entry.detail == {"source": "anthropic"}

    async def test_comes_from_nobody_whom_it_is_not_about(self, office):
        await office.says()

        assert not await office.says_no("UBOB")
        assert not await office.says_no("UADA", assertion=UUID(int=99))

    async def test_comes_once(self, office):
        await office.says()

        assert await office.says_no("UADA")
        assert not await office.says_no("UADA")

    async def test_comes_too_late_when_it_is_linked(self, office):
        await office.says()
        await office.sends()
        await office.store.settle_assertions(AFTERWARDS)

        assert not await office.says_no("UADA", AFTERWARDS)

    async def test_keeps_the_person_from_being_asked_again_for_a_while(self, office):
        await office.says()
        await office.says_no("UADA")

        soon = NOON + NOT_ASKED_AGAIN - AN_HOUR
        assert await office.says(at=soon) is LineFault.REFUSED
        assert await office.says("UBOB", at=soon) is None

    async def test_is_not_for_ever(self, office):
        await office.says()
        await office.says_no("UADA")

        assert await office.says(at=NOON + NOT_ASKED_AGAIN + AN_HOUR) is None


class TestNobodyIsGiven:
    async def test_an_account_that_is_not_known(self, office):
        assert await office.says(account="user_9") is LineFault.NO_ACCOUNT
        assert await office.says(source="openai") is LineFault.NO_ACCOUNT

    @pytest.mark.parametrize("who", ["UNOBODY", "nobody@example.com", "ada+x@example.com"])
    async def test_anything_who_is_not_known(self, office, who):
        assert await office.says(who) is LineFault.NO_PERSON

    async def test_anything_who_left(self, office):
        await office.people.sync([make_member("boss")], today=MONDAY)

        assert await office.says() is LineFault.NO_PERSON

    async def test_anything_who_opted_out(self, office):
        await office.ask("UPDATE people SET opted_out_on = '2026-03-01' RETURNING 1")

        assert await office.says() is LineFault.NO_PERSON

    async def test_anything_by_an_address_that_two_have(self, office):
        twin = make_member("twin", email="ada@example.com")
        await office.people.sync([make_member("ada"), twin, make_member("boss")], today=MONDAY)

        assert await office.says("ada@example.com") is LineFault.NO_PERSON

    async def test_anything_by_their_own_word(self, office):
        """An admin would get somebody's figures for the asking."""
        assert await office.says("UBOSS") is LineFault.ONESELF

    async def test_what_was_proven_to_be_somebody_elses(self, office):
        await office.sees(email="bob@example.com")

        assert await office.says() is LineFault.PROVEN

    async def test_what_has_the_address_of_somebody_whom_it_did_not_link_to(self, office):
        await office.sees("ada@example.com")
        await office.ask(
            "UPDATE accounts SET email = 'bob@example.com', proof = 'asserted' RETURNING 1"
        )

        assert await office.says() is LineFault.PROVEN

    async def test_what_another_is_being_asked_about(self, office):
        await office.says()

        assert await office.says("UBOB", by="UEVE") is LineFault.WAITING

    async def test_anything_in_part_of_what_was_said(self, office):
        lines = [
            AccountLine(number=1, source="anthropic", account="user_1", slack_user_id="UADA"),
            AccountLine(number=2, source="anthropic", account="user_9", slack_user_id="UADA"),
        ]
        faults = await office.store.assert_owners(
            lines, by="UBOSS", at=NOON, id_of=lambda line: UUID(int=line.number), tell=_unheard
        )

        assert faults == {2: LineFault.NO_ACCOUNT}
        assert await office.ask("SELECT 1 FROM assertions") == []
        assert await office.told() == set()

    async def test_what_is_theirs_already(self, office):
        await office.sees(email="ada@example.com")

        assert await office.says() is None
        assert await office.told() == set()


class TestTheOwnerOfNow:
    @pytest.fixture
    async def owned(self, office):
        """Ada has the account, by an admin's word."""
        await office.says()
        await office.sends()
        await office.store.settle_assertions(AFTERWARDS)
        return office

    async def test_is_asked_too(self, owned):
        await owned.says("UBOB", at=AFTERWARDS)

        assert {("UBOB", "target"), ("UADA", "owner")} <= await owned.told()

    async def test_says_no_and_keeps_it(self, owned):
        await owned.says("UBOB", at=AFTERWARDS)
        await owned.sends()
        [disputed] = await owned.store.own_disputed((await owned.people.find("UADA")).id)

        assert await owned.says_no("UADA", AFTERWARDS, disputed.id)

        assert await owned.store.settle_assertions(AFTERWARDS + 2 * OBJECTION) == 0
        assert await owned.links() == [("UADA", "asserted", TODAY, STILL)]

    async def test_keeps_its_days_when_it_moves_on(self, owned):
        await owned.says("UBOB", at=AFTERWARDS)
        await owned.sends()

        assert await owned.store.settle_assertions(AFTERWARDS + OBJECTION) == 1

        moved = TODAY + timedelta(days=1)
        assert await owned.links() == [
            ("UADA", "asserted", TODAY, moved),
            ("UBOB", "asserted", moved, STILL),
        ]

    async def test_loses_nothing_before_having_been_told(self, owned):
        await owned.says("UBOB", at=AFTERWARDS)
        await owned.sends("UBOB")

        assert await owned.store.settle_assertions(AFTERWARDS + OBJECTION) == 0
        assert await owned.links() == [("UADA", "asserted", TODAY, STILL)]


class TestWhileItWaits:
    async def test_a_better_proof_ends_it(self, office):
        await office.says()
        await office.sends()

        await office.sees(email="bob@example.com")

        assert await office.store.settle_assertions(AFTERWARDS) == 0
        assert await office.ask("SELECT 1 FROM assertions") == []
        assert [link[:2] for link in await office.links()] == [("UBOB", "admin_email")]

    async def test_who_leaves_is_given_nothing(self, office):
        await office.says()
        await office.sends()

        await office.people.sync([make_member("boss")], today=NOON.date())

        assert await office.store.settle_assertions(AFTERWARDS) == 0
        assert await office.links() == []

    async def test_who_opts_out_is_given_nothing(self, office):
        await office.says()
        await office.sends()

        await office.ask("UPDATE people SET opted_out_on = '2026-03-25' RETURNING 1")

        assert await office.store.settle_assertions(AFTERWARDS) == 0
        assert await office.links() == []


class TestARaceForOneAccount:
    async def test_has_one_winner_at_the_desk(self, office):
        said = await asyncio.gather(
            *(office.says(who, by=by) for who, by in (("UADA", "UX"), ("UBOB", "UY")))
        )

        assert sorted(map(str, said)) == ["None", "waiting"]
        assert await office.ask("SELECT count(*) FROM assertions") == [(1,)]

    async def test_has_one_winner_in_the_night(self, office):
        await office.says()
        await office.sends()

        linked = await asyncio.gather(
            *(office.store.settle_assertions(AFTERWARDS) for _ in range(3)),
            office.sees(email="bob@example.com"),
        )

        owners = await office.ask(f"SELECT person_id FROM account_links WHERE valid_to = '{STILL}'")
        assert len(owners) == 1
        assert sum(filter(None, linked)) <= 1


class TestOnesOwn:
    async def test_accounts_are_shown_with_their_proof(self, office):
        await office.sees(email="ada@example.com")
        ada, bob = [(await office.people.find(u)).id for u in ("UADA", "UBOB")]

        [link] = await office.store.own(ada)

        assert (link.source, link.account, link.proof) == (
            "anthropic",
            "user_1",
            Proof.ADMIN_EMAIL,
        )
        assert await office.store.own(bob) == []

    async def test_questions_are_shown_to_the_one_who_is_asked(self, office):
        await office.says()
        ada, bob = [(await office.people.find(u)).id for u in ("UADA", "UBOB")]

        [asked] = await office.store.own_assertions(ada)

        assert (asked.account, asked.person) == ("user_1", ada)
        assert await office.store.own_assertions(bob) == []
        assert await office.store.own_disputed(ada) == []


async def test_admins_see_how_many_there_are_and_no_names(office):
    both = make_day(make_record("user_1"), make_record("user_2"), make_record("user_3"))
    await UsageStore(office.database).replace_day(both, NOON)
    await office.sees("user_2", "ada@example.com")
    await office.says("UBOB", "user_3")

    [counts] = await office.store.counts()

    assert (counts.source, counts.waiting) == ("anthropic", 1)
    assert counts.by_proof == {Proof.ADMIN_EMAIL: 1, None: 2}


def _unheard(person, assertion, is_owner) -> NewDelivery:
    return NewDelivery(
        kind=DeliveryKind.ACCOUNT,
        channel=person.slack_user_id,
        person=person.id,
        period_start=NOON.date(),
        due_at=NOON,
        message=make_message(),
        topic=str(assertion.id),
    )
