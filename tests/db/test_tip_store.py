"""A tip is shown once a week, judged once, and gone for good when its reader says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.coaching.rules import ShownTip, Verdict
from db.tips import TipStore
from tests.factories import NOON, WEEK, enroll

TIP = ShownTip(
    week=WEEK.back(3),
    rule="right_size",
    saving=Decimal("42.10"),
    measure=Decimal("0.81"),
    goal=Decimal("0.6"),
)
JUDGED = replace(TIP, after=Decimal("0.62"), verdict=Verdict.WORKED, judged_in=WEEK)
WITHOUT_FIGURES = ShownTip(week=WEEK, rule="log_invisible")


@pytest.fixture
def tips(database):
    return TipStore(database)


@pytest.fixture
async def people(database):
    return [person.id for person in await enroll(database, "ada", "bob")]


class TestAShownTip:
    async def test_is_its_readers_alone_the_oldest_first(self, tips, people):
        ada, bob = people

        await tips.keep([(ada, WITHOUT_FIGURES), (bob, replace(TIP, rule="batch")), (ada, TIP)])

        assert await tips.own_shown(ada) == (TIP, WITHOUT_FIGURES)
        assert await tips.own_shown(bob) == (replace(TIP, rule="batch"),)
        assert await tips.shown(people) == {
            person: await tips.own_shown(person) for person in people
        }

    async def test_leaves_what_is_unknown_unknown(self, tips, people):
        await tips.keep([(people[0], WITHOUT_FIGURES)])

        [shown] = await tips.own_shown(people[0])

        assert (shown.saving, shown.measure, shown.goal, shown.after) == (None,) * 4
        assert (shown.verdict, shown.judged_in) == (None, None)

    async def test_that_is_kept_twice_is_one(self, tips, people):
        for _ in range(2):
            await tips.keep([(people[0], TIP)])

        assert await tips.own_shown(people[0]) == (TIP,)

    async def test_of_a_week_stays_whatever_is_found_later(self, tips, people):
        await tips.keep([(people[0], TIP)])

        await tips.keep([(people[0], replace(TIP, rule="batch", saving=Decimal(99)))])
        await tips.keep([(people[0], replace(TIP, saving=Decimal(99)))])

        assert await tips.own_shown(people[0]) == (TIP,)

    async def test_gets_its_verdict_once(self, tips, people):
        await tips.keep([(people[0], TIP)])

        await tips.keep([(people[0], JUDGED)])
        await tips.keep([(people[0], replace(JUDGED, verdict=Verdict.NO_EFFECT))])
        await tips.keep([(people[0], TIP)])

        assert await tips.own_shown(people[0]) == (JUDGED,)

    async def test_never_gets_the_verdict_on_another(self, tips, people):
        await tips.keep([(people[0], TIP)])

        await tips.keep([(people[0], replace(JUDGED, rule="batch"))])

        assert await tips.own_shown(people[0]) == (TIP,)

    async def test_is_nothing_where_nothing_was_shown(self, tips, people):
        await tips.keep([])

        assert await tips.shown(people) == dict.fromkeys(people, ())
        assert await tips.own_shown(people[0]) == ()


class TestAMutedTip:
    async def test_stays_muted_for_its_reader_alone(self, tips, people):
        ada, bob = people

        await tips.mute(ada, "batch", NOON)
        await tips.mute(ada, "batch", NOON + timedelta(days=400))
        await tips.mute(ada, "effort", NOON)

        assert await tips.own_muted(ada) == {"batch", "effort"}
        assert await tips.own_muted(bob) == frozenset()
        assert await tips.muted(people) == {ada: {"batch", "effort"}, bob: frozenset()}

    async def test_comes_back_when_its_reader_wants_it_and_no_other(self, tips, people):
        for person in people:
            for rule in ("batch", "effort"):
                await tips.mute(person, rule, NOON)

        await tips.unmute(people[0], "batch")
        await tips.unmute(people[0], "never_muted")

        assert await tips.muted(people) == {
            people[0]: {"effort"},
            people[1]: {"batch", "effort"},
        }
