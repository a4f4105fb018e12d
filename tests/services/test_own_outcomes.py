"""The use cases of one's own work: days where the person is, and rows that are the person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from bot.clock import SetClock
from bot.domain.drafts import Fault, Faults, LogDraft, TagDraft
from bot.domain.people import Person, PersonId
from bot.domain.tiers import Tier
from bot.services.outcomes import Outcomes
from tests.factories import make_logged
from tests.fakes import FakeLogged, FakeTags, FakeWork

EVENING = datetime(2026, 3, 25, 21, tzinfo=UTC)
DRAFT = LogDraft(kind="data_cleaned", what="The list", done_on="2026-03-25", visibility="only_me")


def person(number: int = 1, zone: str = "Europe/London") -> Person:
    return Person(id=PersonId(number), slack_user_id=f"U{number}", time_zone=zone, locale="en-GB")


ADA, BOB = person(1), person(2)


@pytest.fixture
def service():
    work = FakeWork(tools=["cursor"])
    return Outcomes(logged=FakeLogged(), tags=FakeTags(), work=work, clock=SetClock(EVENING))


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("Pacific/Auckland", date(2026, 3, 26)),
        ("Pacific/Honolulu", date(2026, 3, 25)),
        ("Nowhere/Land", date(2026, 3, 25)),
    ],
)
async def test_today_is_where_the_person_is(service, zone, today):
    somebody = person(zone=zone)
    draft = replace(DRAFT, done_on=today.isoformat())

    logged = await service.log(somebody, draft, form="V1")
    tomorrow = replace(DRAFT, done_on=(today + timedelta(days=1)).isoformat())
    refused = await service.log(somebody, tomorrow, form="V2")

    assert logged.done_on == today
    assert refused == Faults({"done_on": Fault.IN_THE_FUTURE})


async def test_the_list_has_the_last_four_weeks_and_all_that_is_today_anywhere(service):
    recent = await service.recent(person(zone="Pacific/Auckland"))

    assert (recent.work, recent.logged, recent.tags) == ((), (), ())
    assert service.work.asked == [(date(2026, 2, 27), date(2026, 3, 26))]


async def test_the_list_has_what_was_logged_and_tagged(service):
    logged = await service.log(ADA, DRAFT, form="V1")
    await service.log(BOB, DRAFT, form="V1")
    tag = await service.tag_this_week(ADA, Tier.EXPLORATION, "cursor")

    recent = await service.recent(ADA)

    assert (recent.logged, recent.tags) == ((logged,), (tag,))


async def test_the_same_form_of_two_people_makes_two_entries(service):
    await service.log(ADA, DRAFT, form="V1")
    await service.log(BOB, DRAFT, form="V1")

    assert sorted(logged.owner for logged in service.logged.kept.values()) == [ADA.id, BOB.id]


async def test_an_edit_keeps_when_it_was_logged_and_by_whom(service):
    before = make_logged(ADA.id, helped_by=("devin",))
    await service.logged.keep(before)

    edited = await service.edit(ADA, before.id, replace(DRAFT, helped_by=("devin", "cursor")))

    assert (edited.id, edited.owner, edited.logged_at) == (before.id, ADA.id, before.logged_at)
    assert edited.edited_at == EVENING
    assert edited.helped_by == ("cursor", "devin")


async def test_nobody_edits_or_deletes_what_is_not_theirs(service):
    adas = make_logged(ADA.id)
    await service.logged.keep(adas)

    assert await service.edit(BOB, adas.id, DRAFT) == Faults({"what": Fault.GONE})
    assert await service.edit(ADA, UUID(int=9), DRAFT) == Faults({"what": Fault.GONE})
    assert not await service.delete(BOB, adas.id)
    assert service.logged.kept == {adas.id: adas}


async def test_a_tag_comes_with_its_number_so_that_it_can_be_taken_back(service):
    draft = TagDraft(tier="routine", first_day="2026-03-01", last_day="2026-03-02")

    tags = [await service.tag(ADA, draft) for _ in range(2)]

    assert [tag.id for tag in tags] == [1, 2]
    assert await service.untag(ADA, 1)
    assert not await service.untag(BOB, 2)


async def test_a_tier_is_set_for_ones_own_share(service):
    service.tags.tiers[ADA.id, "git", "app#1"] = None

    assert await service.set_tier(ADA, "git", "app#1", Tier.PRODUCTION)
    assert not await service.set_tier(BOB, "git", "app#1", Tier.PRODUCTION)
