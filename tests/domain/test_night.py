"""What is due is told by what is there, never by what ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.night import COLLECT_HOUR, Freshness, KnownDay, Night, due_days

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
TODAY = NOW.date()
FRESH = Freshness(repull=2, settles_after=30)
NEVER_MOVES = Freshness(repull=0, settles_after=0)
DAYS = {"freshness": FRESH, "backfill_days": 5}
moments = st.integers(0, 25 * 365 * 24 * 60).map(
    lambda minutes: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def known(*, until=NOW, complete=True, fetched_at=NOW - 3 * A_DAY, days=5):
    return {
        until.date() - back * A_DAY: KnownDay(fetched_at, complete, fetched_at)
        for back in range(1, days + 1)
    }


class TestANight:
    def test_begins_when_providers_have_closed_the_day(self):
        start = datetime(2026, 3, 25, COLLECT_HOUR, tzinfo=UTC)

        assert Night.at(start).day == TODAY
        assert Night.at(start - timedelta(microseconds=1)).day == TODAY - A_DAY

    @given(moments)
    def test_holds_the_moments_from_its_start_to_the_next(self, now):
        night = Night.at(now)

        assert night.start <= now < night.start + A_DAY


class TestAFinalDay:
    DAY = TODAY - 10 * A_DAY

    def known(self, *, asked=NOW, same_since=NOW - 2 * A_DAY, complete=True):
        return KnownDay(asked, is_complete=complete, unchanged_since=same_since)

    def test_gave_the_same_answer_twice_a_day_apart_after_it_had_settled(self):
        settled = Freshness(repull=2, settles_after=9)

        assert self.known().is_final(self.DAY, settled)

    def test_is_none_whose_figures_may_still_move(self):
        moves = Freshness(repull=2, settles_after=10)

        assert not self.known().is_final(self.DAY, moves)

    def test_is_none_that_was_asked_for_twice_in_one_night(self):
        hurried = self.known(same_since=NOW - timedelta(hours=23))

        assert not hurried.is_final(self.DAY, Freshness(repull=2, settles_after=0))

    def test_is_none_that_is_not_complete(self):
        assert not self.known(complete=False).is_final(self.DAY, NEVER_MOVES)


class TestDueDays:
    def test_are_the_older_ones_again_once_a_week_until_they_are_final(self):
        last_week = known(fetched_at=NOW - 7 * A_DAY)
        yesterday = known(fetched_at=NOW - A_DAY)
        final = {
            day: KnownDay(NOW, is_complete=True, unchanged_since=NOW - A_DAY) for day in yesterday
        }
        moves = Freshness(repull=1, settles_after=30)

        assert len(due_days(last_week, NOW, moves, backfill_days=5)) == 5
        assert due_days(yesterday, NOW, moves, backfill_days=5) == [TODAY - A_DAY]
        assert due_days(final, NOW + 30 * A_DAY, NEVER_MOVES, backfill_days=35) == [
            TODAY + ahead * A_DAY for ahead in range(30)
        ]

    def test_reach_no_further_back_than_the_provider_remembers(self):
        forgetful = Freshness(repull=1, settles_after=1, history=3)

        assert len(due_days({}, NOW, forgetful, backfill_days=5)) == 3

    def test_are_all_days_that_never_came_in_the_oldest_first(self):
        assert due_days({}, NOW, **DAYS) == [TODAY - back * A_DAY for back in (5, 4, 3, 2, 1)]

    def test_are_the_young_ones_again_once_a_night(self):
        assert due_days(known(), NOW, **DAYS) == [TODAY - 2 * A_DAY, TODAY - A_DAY]

    def test_are_none_that_were_asked_for_this_night(self):
        tonight = datetime(2026, 3, 25, COLLECT_HOUR, tzinfo=UTC)

        assert due_days(known(fetched_at=tonight), NOW, **DAYS) == []

    def test_are_those_that_are_not_complete_however_old(self):
        asked_before = known(complete=False)

        assert len(due_days(asked_before, NOW, **DAYS)) == 5

    def test_leave_out_what_is_further_back_than_is_asked_for(self):
        gap = known()
        del gap[TODAY - 5 * A_DAY]

        assert TODAY - 5 * A_DAY not in due_days(gap, NOW, FRESH, backfill_days=4)
        assert TODAY - 5 * A_DAY in due_days(gap, NOW, **DAYS)

    def test_leave_out_what_would_be_deleted_again(self):
        kept_from = TODAY - 3 * A_DAY

        assert due_days({}, NOW, **DAYS, kept_from=kept_from) == [
            kept_from,
            TODAY - 2 * A_DAY,
            TODAY - A_DAY,
        ]
        assert due_days({}, NOW, **DAYS, kept_from=TODAY) == []

    def test_never_hold_a_day_that_is_not_over(self):
        just_after_midnight = datetime(2026, 3, 25, 0, 1, tzinfo=UTC)

        assert max(due_days({}, just_after_midnight, **DAYS)) == TODAY - 2 * A_DAY

    @given(moments, st.integers(1, 60), st.integers(0, 10))
    def test_are_over_and_in_order_and_no_more_than_asked_for(self, now, backfill, repull):
        due = due_days({}, now, Freshness(repull=repull, settles_after=30), backfill_days=backfill)

        assert due == sorted(set(due))
        assert len(due) == backfill
        assert max(due) < now.date()

    @given(moments, st.integers(1, 20), st.integers(0, 30))
    def test_are_made_up_for_after_any_time_away(self, now, backfill, away):
        """Whatever came in before, afterwards nothing of the window is missing."""
        before = now - away * A_DAY
        kept = {
            day: KnownDay(before, is_complete=True, unchanged_since=before - A_DAY)
            for day in due_days({}, before, NEVER_MOVES, backfill_days=backfill)
        }

        due = due_days(kept, now, NEVER_MOVES, backfill_days=backfill)

        last = Night.at(now).day - A_DAY
        window = {last - back * A_DAY for back in range(backfill)}
        assert window <= set(kept) | set(due)
        assert not set(kept) & set(due)
