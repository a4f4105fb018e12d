"""One nudge at most, of figures that are all in, and only for whoever wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.noticing import LOOK_BACK, QUIET_DAYS, notice, notice_day, wants_nudge
from bot.domain.coaching.nudges import NudgeKind
from bot.domain.history import DayOfUse
from bot.domain.preferences import Preferences
from tests.domain.coaching.making import UNTIL, facts, finished, used

SUNDAY = UNTIL.period.last_day
TUESDAY = SUNDAY + timedelta(days=2)
TODAY = SUNDAY + timedelta(days=3)
IN = (("anthropic", TUESDAY), ("github", TUESDAY))
EVERY_OTHER_WEEK = [used(back, "8", weekday=day) for back in range(2, 12) for day in range(5)]
TWO_HIGH_WEEKS = [used(back, "50", weekday=day) for back in (1, 0) for day in range(5)]
WORK = [finished(back) for back in range(2, 12) for _ in range(3)]


def on(day: date, cost: str, provider: str = "anthropic") -> DayOfUse:
    return replace(used(0, cost, provider=provider), day=day)


def noticed(known: Facts, **changes):
    given = {"since": None, "times_usual": 3}
    return notice(known.history, known, TUESDAY, **given | changes)


def ordinary(*more: DayOfUse, **changes) -> Facts:
    weeks = [used(back, "8", weekday=day) for back in range(12) for day in range(5)]
    return facts(use=[*weeks, *more], **{"work": WORK, "data_through": IN} | changes)


def two_high_weeks(*more: DayOfUse, **changes) -> Facts:
    use = [*EVERY_OTHER_WEEK, *TWO_HIGH_WEEKS, *more]
    return facts(use=use, **{"work": WORK, "data_through": IN} | changes)


class TestWhoeverWantsOne:
    def test_is_everybody_at_first(self):
        assert wants_nudge(Preferences(), None, TODAY)

    def test_is_nobody_who_turned_them_off(self):
        assert not wants_nudge(Preferences(nudges=False), None, TODAY)

    @pytest.mark.parametrize(("days_more", "wanted"), [(1, False), (0, True), (-5, True)])
    def test_has_rest_until_the_day_that_was_promised(self, days_more, wanted):
        chosen = Preferences(muted_until=TODAY + timedelta(days=days_more))

        assert wants_nudge(chosen, None, TODAY) is wanted

    @pytest.mark.parametrize(("days", "wanted"), [(QUIET_DAYS - 1, False), (QUIET_DAYS, True)])
    def test_had_none_for_two_weeks(self, days, wanted):
        assert wants_nudge(Preferences(), TODAY - timedelta(days=days), TODAY) is wanted


class TestWhatIsNoticed:
    def test_is_nothing_of_ordinary_weeks(self):
        assert noticed(ordinary()) is None

    def test_is_two_high_weeks_with_a_sign(self):
        found = noticed(two_high_weeks())

        assert (found.kind, found.last_day) == (NudgeKind.TWO_WEEKS, SUNDAY)

    def test_is_a_costly_day(self):
        found = noticed(ordinary(on(TUESDAY, "200")))

        assert (found.kind, found.first_day) == (NudgeKind.COST_GUARD, TUESDAY)

    def test_is_the_two_weeks_where_both_are_there(self):
        assert noticed(two_high_weeks(on(TUESDAY, "2000"))).kind is NudgeKind.TWO_WEEKS

    def test_is_the_day_alone_of_somebody_whose_closed_week_was_quiet(self):
        known = ordinary(on(TUESDAY, "200"))

        found = notice(known.history, None, TUESDAY, since=None, times_usual=3)

        assert found.kind is NudgeKind.COST_GUARD

    def test_goes_by_the_sensitivity_that_an_admin_set(self):
        assert noticed(two_high_weeks(), times_usual=7) is None

    def test_goes_by_the_weeks_since_the_person_began_anew(self):
        assert noticed(two_high_weeks(), since=SUNDAY - timedelta(weeks=4)) is None


class TestFiguresThatAreLate:
    @pytest.mark.parametrize("source", ["anthropic", "github"])
    def test_say_nothing_of_the_weeks(self, source):
        late = {**dict(IN), source: SUNDAY - timedelta(days=1)}

        assert noticed(two_high_weeks(data_through=tuple(late.items()))) is None

    def test_say_nothing_of_the_day(self):
        late = ordinary(on(TUESDAY, "200"), data_through=(("anthropic", SUNDAY),))

        assert notice_day(late.history, TUESDAY) is None

    def test_of_another_source_say_nothing_either_way(self):
        two = (("anthropic", TUESDAY), ("openai", SUNDAY))
        both = ordinary(on(TUESDAY, "200"), on(TUESDAY, "900", "openai"), data_through=two)

        assert notice_day(both.history, TUESDAY).spend == (200,)

    def test_are_looked_at_when_they_come_a_day_or_two_later(self):
        days = [TUESDAY - timedelta(days=back) for back in range(LOOK_BACK + 1)]

        found = [noticed(ordinary(on(day, "200"))) for day in days]

        assert [nudge and nudge.first_day for nudge in found] == [*days[:LOOK_BACK], None]

    def test_of_what_sends_by_itself_are_never_late(self):
        otlp = ordinary(on(TUESDAY, "200", "otlp:codex"), data_through=(("otlp:codex", None),))

        assert notice_day(otlp.history, TUESDAY).provider == "otlp:codex"
