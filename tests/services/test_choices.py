"""What people choose is kept for them alone, and does what its button says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import SetClock
from bot.domain.coaching.nudges import Answer, NudgeKind
from bot.domain.logged import Tag
from bot.domain.people import Person, PersonId
from bot.domain.preferences import Cadence, Preferences
from bot.domain.settings_draft import SettingsDraft, SettingsFault, SettingsFaults
from bot.domain.tiers import Tier
from bot.services.choices import MUTED_FOR, Choices
from tests.fakes import FakeTags

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TODAY = NOW.date()
THIS_MONDAY = date(2026, 11, 16)
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 15)
NUDGE = (NudgeKind.TWO_WEEKS, FIRST)


def person(number: int) -> Person:
    return Person(
        id=PersonId(number), slack_user_id=f"U{number}", time_zone="Europe/London", locale="en-GB"
    )


ADA, BOB = person(1), person(2)


class FakePreferences:
    def __init__(self) -> None:
        self.kept: dict[PersonId, Preferences] = {}

    async def own(self, person: PersonId) -> Preferences:
        return self.kept.get(person, Preferences())

    async def keep(self, person: PersonId, chosen: Preferences) -> None:
        self.kept[person] = chosen


class FakeTips:
    def __init__(self) -> None:
        self.muted: defaultdict[PersonId, set[str]] = defaultdict(set)

    async def own_muted(self, person: PersonId) -> frozenset[str]:
        return frozenset(self.muted[person])

    async def mute(self, person: PersonId, rule: str, at: datetime) -> None:
        self.muted[person].add(rule)

    async def unmute(self, person: PersonId, rule: str) -> None:
        self.muted[person].remove(rule)


class FakeNudges:
    """Ada had one."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    async def find(self, person: PersonId, kind: NudgeKind, first_day: date):
        return (FIRST, LAST) if (person, kind, first_day) == (ADA.id, *NUDGE) else None

    async def answer(self, person, kind, first_day, answer: Answer, at: datetime) -> bool:
        self.answers.append(answer)
        return True


@pytest.fixture
def choices():
    return Choices(
        preferences=FakePreferences(),
        tips=FakeTips(),
        nudges=FakeNudges(),
        tags=FakeTags(),
        rules={"batch", "right_size"},
        clock=SetClock(NOW),
    )


class TestSettings:
    async def test_are_kept_for_the_one_who_chose_them(self, choices):
        kept = await choices.choose(ADA, SettingsDraft(cadence="monthly", budget="200"))

        assert await choices.own(ADA) == kept
        assert (kept.cadence, kept.budget, kept.tips) == (Cadence.MONTHLY, 200, False)
        assert await choices.own(BOB) == Preferences()

    async def test_that_are_wrong_change_nothing(self, choices):
        refused = await choices.choose(ADA, SettingsDraft(cadence="weekly", budget="0"))

        assert refused == SettingsFaults({"budget": SettingsFault.NO_AMOUNT})
        assert await choices.own(ADA) == Preferences()

    async def test_forget_a_rest_that_is_over(self, choices):
        await choices.preferences.keep(ADA.id, Preferences(muted_until=TODAY))
        await choices.preferences.keep(BOB.id, Preferences(muted_until=TODAY + timedelta(days=1)))

        assert (await choices.own(ADA)).muted_until is None
        assert (await choices.own(BOB)).muted_until is not None


async def test_stop_turns_everything_off_and_start_on_again(choices):
    own = Preferences(cadence=Cadence.DAILY, budget=50, usual_since=FIRST)
    await choices.preferences.keep(ADA.id, own)

    await choices.stop(ADA)
    stopped = await choices.own(ADA)
    await choices.start(ADA)

    assert stopped == replace(
        own, cadence=Cadence.OFF, tips=False, nudges=False, budget_notes=False
    )
    assert await choices.own(ADA) == replace(own, cadence=Cadence.WEEKLY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Cadence.DAILY, Cadence.WEEKLY),
        (Cadence.WEEKLY, Cadence.MONTHLY),
        (Cadence.MONTHLY, Cadence.MONTHLY),
        (Cadence.OFF, Cadence.OFF),
    ],
)
async def test_less_often_is_never_more_often(choices, before, after):
    await choices.preferences.keep(ADA.id, Preferences(cadence=before))

    assert (await choices.less_often(ADA)).cadence is after
    assert (await choices.own(ADA)).cadence is after


async def test_the_usual_week_starts_anew_with_the_week_that_is_running(choices):
    await choices.usual_anew(ADA)

    assert (await choices.own(ADA)).usual_since == THIS_MONDAY


class TestTips:
    async def test_are_muted_and_brought_back(self, choices):
        assert await choices.mute_tip(ADA, "batch")
        assert await choices.tips.own_muted(ADA.id) == {"batch"}

        assert await choices.tip_again(ADA, "batch")
        assert await choices.tips.own_muted(ADA.id) == set()

    async def test_that_there_are_not_are_let_be(self, choices):
        assert not await choices.mute_tip(ADA, "work harder")
        assert not await choices.tip_again(ADA, "work harder")
        assert choices.tips.muted.get(ADA.id, set()) == set()

    async def test_of_somebody_else_are_let_be(self, choices):
        await choices.mute_tip(ADA, "batch")

        assert not await choices.tip_again(BOB, "batch")
        assert await choices.tips.own_muted(ADA.id) == {"batch"}


class TestANudge:
    async def test_that_was_expected_rests_for_a_month_and_is_what_is_usual(self, choices):
        days = await choices.answer_nudge(ADA, *NUDGE, Answer.EXPECTED)

        own = await choices.own(ADA)
        assert days == (FIRST, LAST)
        assert (own.muted_until, own.usual_since) == (TODAY + MUTED_FOR, FIRST)
        assert await choices.tags.of(ADA.id) == []

    async def test_of_exploration_tags_its_days_once_however_often_it_is_pressed(self, choices):
        await choices.answer_nudge(ADA, *NUDGE, Answer.EXPLORATION)
        await choices.answer_nudge(ADA, *NUDGE, Answer.EXPLORATION)

        [tag] = await choices.tags.of(ADA.id)
        assert replace(tag, id=None) == Tag(
            tier=Tier.EXPLORATION, provider=None, first_day=FIRST, last_day=LAST
        )
        own = await choices.own(ADA)
        assert (own.muted_until, own.usual_since) == (TODAY + MUTED_FOR, None)

    async def test_that_is_not_wanted_ends_all_of_them(self, choices):
        await choices.answer_nudge(ADA, *NUDGE, Answer.NEVER)

        assert await choices.own(ADA) == Preferences(nudges=False)

    async def test_that_is_looked_into_changes_nothing(self, choices):
        days = await choices.answer_nudge(ADA, *NUDGE, Answer.CHECKED)

        assert days == (FIRST, LAST)
        assert await choices.own(ADA) == Preferences()

    async def test_is_answered_with_what_was_pressed(self, choices):
        for answer in Answer:
            await choices.answer_nudge(ADA, *NUDGE, answer)

        assert choices.nudges.answers == [*Answer]

    @pytest.mark.parametrize("answer", Answer)
    async def test_of_somebody_else_is_let_be(self, choices, answer):
        assert await choices.answer_nudge(BOB, *NUDGE, answer) is None
        assert await choices.answer_nudge(ADA, NudgeKind.COST_GUARD, FIRST, answer) is None

        assert choices.nudges.answers == []
        assert choices.preferences.kept == {}
        assert await choices.tags.of(BOB.id) == []
