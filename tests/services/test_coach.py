"""One tip a digest, written down before it is said, and an honest word three weeks later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.clock import SetClock
from bot.domain.coaching.rules import ShownTip, Verdict
from bot.domain.periods import IsoWeek
from bot.domain.preferences import Preferences
from bot.domain.usage import ChargeCategory
from bot.services.coaching import Coach
from db.administration import AdministrationStore
from db.facts import FactsStore
from db.health import HealthStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.tips import TipStore
from db.usage import UsageStore
from tests.factories import NOON, WEEK, enroll, make_day, make_record

A_WEEK = timedelta(weeks=1)
RULE = "unused_seat"
ANOTHER = "log_invisible"
"""Fits as well, and is muted by Ada."""
SEAT = {
    "product": "copilot",
    "model": None,
    "cost_type": "seat",
    "charge_category": ChargeCategory.PURCHASE,
    "tokens": None,
    "requests": None,
    "cost": Decimal("4.75"),
}
USE = {"product": "copilot", "model": "gpt-6", "cost_type": None, "cost": None, "cost_basis": None}


def later(weeks: int) -> IsoWeek:
    return IsoWeek.of(WEEK.monday + weeks * A_WEEK)


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def tips(database):
    return TipStore(database)


@pytest.fixture
def coach(database, tips, clock):
    return Coach(
        personal=PersonalStore(database),
        facts=FactsStore(database),
        tips=tips,
        preferences=PreferenceStore(database),
        administration=AdministrationStore(database),
        clock=clock,
        rates_of=lambda day: lambda model: None,
        sources=frozenset({"anthropic", "copilot"}),
    )


@pytest.fixture
def live(database):
    """A week of Ada's and Bob's: Ada pays for a seat, and uses it or does not."""

    async def live(week: IsoWeek, *, uses_seat: bool = False) -> None:
        store = UsageStore(database)
        of_seat = [make_record("ada", **SEAT), *([make_record("ada", **USE)] * uses_seat)]
        both = make_day(make_record("ada"), make_record("bob"), day=week.period.last_day)
        await store.replace_day(both, NOON)
        await store.replace_day(
            make_day(*of_seat, day=week.period.last_day, provider="copilot"), NOON
        )
        for provider in ("anthropic", "copilot"):
            await HealthStore(database).source_succeeded(provider, week.period.end, NOON)

    return live


@pytest.fixture
async def people(database, live, tips):
    """The last eight weeks of two people."""
    people = await enroll(database, "ada", "bob")
    await tips.mute(people[0].id, ANOTHER, NOON)
    for back in reversed(range(8)):
        await live(WEEK.back(back))
    return people


@pytest.fixture
def prepare(coach, people):
    async def prepare(week: IsoWeek = WEEK, minimum_saving: int = 5):
        ids = [person.id for person in people]
        first, last = week.back(15).monday, week.period.last_day
        histories = await coach.personal.histories_of(ids, first, last)
        coached = await coach.prepare(histories, week, minimum_saving)
        assert list(coached) == ids
        return coached[ids[0]]

    return prepare


@pytest.fixture
async def shown(tips, people, prepare):
    """The tip of this week's digest."""
    await prepare()
    [shown] = await tips.own_shown(people[0].id)
    return shown


class TestTheTipOfADigest:
    async def test_is_written_down_before_it_is_said(self, prepare, tips, people):
        tip, last = await prepare()

        assert (tip.rule, tip.saving, last) == (RULE, Decimal(19), None)
        assert await tips.own_shown(people[0].id) == (
            ShownTip(week=WEEK, rule=RULE, saving=Decimal(19), measure=tip.measure, goal=tip.goal),
        )

    async def test_is_nobody_elses(self, prepare, tips, people):
        await prepare()

        assert RULE not in [tip.rule for tip in await tips.own_shown(people[1].id)]

    async def test_is_the_same_when_the_digest_is_planned_again(self, prepare, shown, tips, people):
        before = await prepare()

        assert (before[0].rule, await prepare()) == (shown.rule, before)
        assert await tips.own_shown(people[0].id) == (shown,)

    async def test_is_another_or_none_in_the_weeks_after(self, prepare, shown, live):
        for weeks in (1, 6):
            await live(later(weeks))
            tip, _ = await prepare(later(weeks))
            assert tip is None or tip.rule != RULE

    async def test_is_worth_a_word(self, prepare, tips, people):
        tip, _ = await prepare(minimum_saving=20)

        assert tip is None or tip.rule != RULE

    async def test_is_none_that_was_found_not_useful(self, prepare, tips, people):
        await tips.mute(people[0].id, RULE, NOON)

        tip, _ = await prepare()

        assert tip is None or tip.rule != RULE

    async def test_is_none_for_whom_wants_none(self, prepare, tips, people, database):
        await PreferenceStore(database).keep(people[0].id, Preferences(tips=False))

        assert await prepare() == (None, None)
        assert await tips.own_shown(people[0].id) == ()

    async def test_is_found_in_closed_weeks_alone(self, prepare, live, coach, people):
        await live(later(1), uses_seat=True)
        ids = [person.id for person in people]
        first, last = WEEK.back(15).monday, later(1).period.last_day
        histories = await coach.personal.histories_of(ids, first, last)

        tip, _ = (await coach.prepare(histories, WEEK, 5))[ids[0]]

        assert tip.rule == RULE

    async def test_is_none_for_nobody(self, coach):
        assert await coach.prepare([], WEEK, 5) == {}


class TestHowTheLastTipWent:
    @pytest.mark.parametrize(
        ("uses_seat", "verdict"), [(True, Verdict.WORKED), (False, Verdict.NO_EFFECT)]
    )
    async def test_is_told_three_weeks_later_and_then_no_more(
        self, prepare, shown, live, tips, people, uses_seat, verdict
    ):
        told = {}
        for weeks in (1, 2, 3, 4):
            await live(later(weeks), uses_seat=uses_seat)
            _, told[weeks] = await prepare(later(weeks))

        assert {weeks: last and last.verdict for weeks, last in told.items()} == {
            1: None,
            2: None,
            3: verdict,
            4: None,
        }
        assert (told[3].rule, told[3].week, told[3].judged_in) == (RULE, WEEK, later(3))
        assert (await tips.own_shown(people[0].id))[0] == told[3]

    async def test_is_told_again_when_the_digest_is_planned_again(self, prepare, shown, live):
        for weeks in (1, 2, 3):
            await live(later(weeks), uses_seat=True)
        _, first = await prepare(later(3))
        await live(later(2), uses_seat=False)

        assert (await prepare(later(3)))[1] == first


class TestOwnTips:
    async def test_are_all_that_fit_with_those_that_were_shown(self, coach, people, shown):
        own = await coach.own_tips(people[0])

        assert RULE in [tip.rule for tip in own.fitting]
        assert (own.shown, own.muted) == ((shown,), {ANOTHER})

    async def test_leave_out_what_was_muted(self, coach, people, tips):
        await tips.mute(people[0].id, RULE, NOON)

        own = await coach.own_tips(people[0])

        assert RULE not in [tip.rule for tip in own.fitting]
        assert own.muted == {RULE, ANOTHER}

    async def test_are_worth_what_the_admins_say(self, coach, people, database):
        await AdministrationStore(database).set_threshold(
            "tip_minimum_saving", 20, WEEK.monday, "UADA", NOON
        )

        assert RULE not in [tip.rule for tip in (await coach.own_tips(people[0])).fitting]

    async def test_are_none_of_anybody_elses(self, coach, people, shown):
        own = await coach.own_tips(people[1])

        assert RULE not in [tip.rule for tip in (*own.fitting, *own.shown)]
