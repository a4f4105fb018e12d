"""Work of somebody who is in no directory: it is nobody's until that person is known."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.disclosure.contributions import Cell
from bot.domain.outcomes import Credit, Role
from bot.domain.people import Proof
from bot.domain.teams import TeamSource
from db.contributions import ContributionStore
from db.people import PeopleStore
from db.personal import PersonalStore
from db.teams import TeamStore
from db.work import WorkStore
from tests.db.linked_work import SETTLE, LinkedWork, change
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_identity,
    make_member,
    make_membership,
    make_team,
)

SUNDAY = MONDAY + timedelta(days=6)
TEAM = ("ada", "bob")


class Company:
    """Ada and Bob, the work that is known, and all who may be shown some of it."""

    def __init__(self, database) -> None:
        self.database = database
        self.works = LinkedWork(database)

    async def join(self, *names):
        return await enroll(self.database, *names)

    async def shown_to(self, person) -> list[str]:
        """What *person* sees of work in the list and in the digest."""
        own = await WorkStore(self.database).own(person.id, MONDAY, SUNDAY)
        asked = await PersonalStore(self.database).history_of(person.id, MONDAY, SUNDAY)
        [sent] = await PersonalStore(self.database).histories_of([person.id], MONDAY, SUNDAY)
        assert len(own) == len(asked.work) == len(sent.work)
        return sorted(work.source_id for work in own)

    async def counted_in_team(self, *names) -> Decimal:
        """In the week in which it settled."""
        members = [make_membership(name) for name in names]
        before = MONDAY - timedelta(days=1)
        await TeamStore(self.database).sync(TeamSource.FILE, [make_team()], members, today=before)
        [team] = (await ContributionStore(self.database).snapshot(WEEK.back(-1), SETTLE)).groups
        counted = (one.amounts.get(Cell.MERGED_CHANGE, Decimal(0)) for one in team.members)
        return sum(counted, Decimal(0))


@pytest.fixture
async def company(database):
    company = Company(database)
    await company.join(*TEAM)
    return company


async def test_work_of_an_unknown_person_is_nobodys(company):
    [ada, bob] = await company.join(*TEAM)

    await company.works.tell(change("acme/web#1", "zoe"))
    await company.works.link()

    assert await company.shown_to(ada) == await company.shown_to(bob) == []
    assert await company.counted_in_team(*TEAM) == 0
    assert await company.works.rows("SELECT person_id FROM outcome_credits") == [(None,)]


async def test_work_without_an_address_is_nobodys_either(company):
    [ada, bob] = await company.join(*TEAM)

    await company.works.tell(change("acme/web#1", "ada"), identities={})
    await company.works.link()

    assert await company.shown_to(ada) == await company.shown_to(bob) == []


async def test_it_is_theirs_once_they_are_in_the_directory(company):
    await company.works.tell(change("acme/web#1", "zoe"))
    await company.works.link()

    [*_, zoe] = await company.join(*TEAM, "zoe")
    await company.works.link()

    assert await company.shown_to(zoe) == ["acme/web#1"]
    assert await company.counted_in_team(*TEAM, "zoe") == 1
    assert await company.counted_in_team(*TEAM) == 0


async def test_it_is_theirs_once_the_directory_tells_the_address(company):
    await company.works.tell(change("acme/web#1", "zoe"))
    people = PeopleStore(company.database)
    known = [make_member(name) for name in TEAM]
    await people.sync([*known, make_member("zoe", email=None)], today=NOON.date())
    zoe = await people.find("UZOE")
    assert await company.shown_to(zoe) == []

    await people.sync([*known, make_member("zoe")], today=NOON.date())
    await company.works.link()

    assert await company.shown_to(zoe) == ["acme/web#1"]


async def test_it_is_theirs_once_the_source_tells_the_address(company):
    [ada, _] = await company.join(*TEAM)
    await company.works.tell(change("acme/web#1", "a-17"), identities={})

    await company.works.tell(change("acme/web#1", "a-17"), identities={"a-17": make_identity()})
    await company.works.link()

    assert await company.shown_to(ada) == ["acme/web#1"]


async def test_it_is_nobodys_again_when_two_people_have_the_address(company):
    [ada, _] = await company.join(*TEAM)
    await company.works.tell(change("acme/web#1", "ada"))
    twin = make_member("twin", email="ada@example.com")

    await PeopleStore(company.database).sync(
        [make_member("ada"), make_member("bob"), twin], today=MONDAY
    )
    await company.works.link()

    assert await company.shown_to(ada) == []


async def test_a_known_person_shares_with_one_who_is_not(company):
    [ada, _] = await company.join(*TEAM)

    await company.works.tell(change("acme/web#1", "ada", "zoe"))
    await company.works.link()

    [own] = await WorkStore(company.database).own(ada.id, MONDAY, SUNDAY)
    assert own.share == Decimal("0.5")


async def test_two_accounts_that_turn_out_to_be_one_persons_share_with_nobody(company):
    [ada, _] = await company.join(*TEAM)
    known = {"ada": make_identity()}
    await company.works.tell(change("acme/web#1", "ada", "a-17"), identities=known)
    await company.works.link()

    both = {**known, "a-17": make_identity(proof=Proof.IDP)}
    await company.works.tell(change("acme/web#1", "ada", "a-17"), identities=both)
    await company.works.link()

    [own] = await WorkStore(company.database).own(ada.id, MONDAY, SUNDAY)
    assert own.share == 1


async def test_two_roles_in_one_piece_are_one_share(company):
    [ada, _] = await company.join(*TEAM)
    roles = (Credit("ada", Role.AUTHOR), Credit("ada", Role.MERGER))

    await company.works.tell(
        change("acme/web#1", credits=roles), identities={"ada": make_identity()}
    )
    await company.works.link()

    [own] = await WorkStore(company.database).own(ada.id, MONDAY, SUNDAY)
    assert own.share == 1
