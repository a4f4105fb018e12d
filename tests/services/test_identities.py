"""What becomes of an admin's lines, and of what people say to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.clock import SetClock
from bot.domain.account_lines import LineFault
from bot.domain.accounts import Assertion
from bot.domain.delivery import DeliveryKind
from bot.domain.people import Person, PersonId
from bot.services.identities import Identities
from tests.factories import NOON, make_message

ADA = Person(id=PersonId(1), slack_user_id="UADA", time_zone="UTC", locale="en-GB")
BOSS = replace(ADA, id=PersonId(2), slack_user_id="UBOSS")
ONE = "anthropic,user_1,ada@example.com"
QUESTION = Assertion(
    id=UUID(int=1),
    source="anthropic",
    account="user_1",
    person=ADA.id,
    asserted_by="UBOSS",
    asserted_at=NOON,
)


class FakeAccounts:
    """Finds ``faults`` in what it is told, or tells Ada of each line, who is its owner as well."""

    def __init__(self, faults=None) -> None:
        self.faults = faults or {}
        self.told = []
        self.named = []
        self.settled = []

    async def assert_owners(self, lines, *, by, at, id_of, tell):
        for line in lines:
            self.named.append(id_of(line))
            asked = replace(QUESTION, id=id_of(line), asserted_by=by, asserted_at=at)
            self.told += [tell(ADA, asked, False), tell(ADA, asked, True)]  # noqa: FBT003
        return self.faults

    async def object(self, person, assertion, at, tell):
        if (person, assertion) != (ADA, QUESTION.id):
            return False
        self.told.append(tell(QUESTION, BOSS))
        return True

    async def settle_assertions(self, now):
        self.settled.append(now)
        return 3


def services(accounts: FakeAccounts) -> Identities:
    return Identities(accounts=accounts, clock=SetClock(NOON))


def told(person, assertion, is_owner):
    return make_message(f"{person.slack_user_id} {assertion.account} {is_owner}")


async def test_nothing_is_asserted_where_a_line_cannot_be_read():
    accounts = FakeAccounts()

    read = await services(accounts).assert_lines(f"{ONE}\nx", by="UBOSS", form="V1", render=told)

    assert read.faults == {2: LineFault.NOT_THREE}
    assert accounts.told == []


async def test_what_the_store_finds_wrong_is_told_by_line():
    accounts = FakeAccounts({1: LineFault.PROVEN})

    read = await services(accounts).assert_lines(ONE, by="UBOSS", form="V1", render=told)

    assert read.faults == {1: LineFault.PROVEN}


async def test_those_concerned_are_told_privately_and_at_once():
    accounts = FakeAccounts()

    await services(accounts).assert_lines(ONE, by="UBOSS", form="V1", render=told)

    target, owner = accounts.told
    assert (target.message.text, owner.message.text) == ("UADA user_1 False", "UADA user_1 True")
    assert (target.kind, target.channel, target.person) == (DeliveryKind.ACCOUNT, "UADA", ADA.id)
    assert target.due_at == NOON
    assert target.topic == str(accounts.named[0])


async def test_every_line_of_every_form_has_a_number_of_its_own():
    accounts = FakeAccounts()
    two = f"{ONE}\nanthropic,user_2,ada@example.com"

    for form in ("V1", "V2"):
        await services(accounts).assert_lines(two, by="UBOSS", form=form, render=told)

    assert len(set(accounts.named)) == 4


async def test_the_admin_hears_of_an_objection_in_a_message_of_its_own():
    accounts = FakeAccounts()

    ended = await services(accounts).object(
        ADA, QUESTION.id, render=lambda admin, ended: make_message(f"{admin.slack_user_id}")
    )

    [message] = accounts.told
    assert ended
    assert (message.channel, message.message.text) == ("UBOSS", "UBOSS")
    assert message.topic != str(QUESTION.id)


async def test_nobody_hears_of_what_was_nobodys_to_refuse():
    accounts = FakeAccounts()

    ended = await services(accounts).object(BOSS, QUESTION.id, render=lambda *_: make_message())

    assert not ended
    assert accounts.told == []


async def test_what_stands_is_settled_by_product_time():
    accounts = FakeAccounts()
    clock = SetClock(NOON + timedelta(days=3))

    assert await Identities(accounts=accounts, clock=clock).settle() == 3
    assert accounts.settled == [NOON + timedelta(days=3)]
