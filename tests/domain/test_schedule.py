"""Messages come on the reader's own clock, once a week, whatever the clocks do that night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadences import TELLING, period_of
from bot.domain.periods import IsoWeek, month_of
from bot.domain.preferences import Cadence
from bot.domain.schedule import (
    FIGURES_ARE_IN,
    LAST_HOUR,
    due_at,
    latest_due,
    latest_due_week,
    weekly_due,
    within_hours,
    zone_named,
)
from bot.domain.thresholds import THRESHOLDS

ZONES = (
    "Europe/London",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
)
DST_ZONES = ZONES[:5]
"""Of which Lord Howe moves its clocks by half an hour."""
_hours = THRESHOLDS["digest_hour"]

zones = st.sampled_from(ZONES)
weeks = st.integers(0, 50 * 52).map(lambda n: IsoWeek(2000, 1).back(-n))
weekdays = st.integers(0, 6)
cadences = st.sampled_from(TELLING)
hours = st.integers(_hours.floor, _hours.ceiling)
moments = st.integers(0, 25 * 365 * 24 * 60).map(
    lambda minutes: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def local_hour(moment: datetime, zone: str) -> int:
    return moment.astimezone(ZoneInfo(zone)).hour


class TestWeeklyDue:
    @given(weeks, zones, weekdays, hours)
    def test_is_within_the_readers_day(self, week, zone, weekday, hour):
        due = weekly_due(week, zone, weekday=weekday, hour=hour)

        assert hour <= local_hour(due, zone) < LAST_HOUR

    @given(weeks, zones, weekdays, hours)
    def test_is_never_before_the_weeks_figures_are_in(self, week, zone, weekday, hour):
        due = weekly_due(week, zone, weekday=weekday, hour=hour)

        assert due >= week.period.end + FIGURES_ARE_IN

    @given(weeks, zones, weekdays, hours)
    def test_is_once_a_week(self, week, zone, weekday, hour):
        this = weekly_due(week, zone, weekday=weekday, hour=hour)
        next_one = weekly_due(week.back(-1), zone, weekday=weekday, hour=hour)

        one_week, an_hour = timedelta(weeks=1), timedelta(hours=1)
        assert one_week - 10 * an_hour <= next_one - this <= one_week + 10 * an_hour

    @given(weeks, st.sampled_from(["Europe/London", "America/New_York"]), weekdays, hours)
    def test_is_at_the_very_hour_where_the_figures_are_in_by_then(self, week, zone, weekday, hour):
        due = weekly_due(week, zone, weekday=weekday, hour=hour)

        local = due.astimezone(ZoneInfo(zone))
        assert (local.weekday(), local.hour, local.minute) == (weekday, hour, 0)

    @pytest.mark.parametrize("zone", DST_ZONES)
    @pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
    def test_is_at_one_local_hour_on_both_sides_of_every_change_of_the_clocks(self, zone, year):
        due = [
            weekly_due(IsoWeek(year, number), zone, weekday=3, hour=9).astimezone(ZoneInfo(zone))
            for number in range(1, 53)
        ]

        assert {(moment.weekday(), moment.hour, moment.minute) for moment in due} == {(3, 9, 0)}
        assert len({moment.date() for moment in due}) == 52
        assert len({moment.utcoffset() for moment in due}) == 2

    def test_waits_until_the_day_after_where_monday_morning_comes_too_early(self):
        """In Auckland, Monday at nine is before the week ends in UTC."""
        due = weekly_due(IsoWeek(2026, 12), "Pacific/Auckland", weekday=0, hour=9)

        assert due.astimezone(ZoneInfo("Pacific/Auckland")).isoformat() == (
            "2026-03-24T09:00:00+13:00"
        )


class TestLatestDueWeek:
    @given(moments, zones, weekdays, hours)
    def test_is_due_and_the_next_is_not(self, now, zone, weekday, hour):
        week = latest_due_week(now, zone, weekday=weekday, hour=hour)

        assert weekly_due(week, zone, weekday=weekday, hour=hour) <= now
        later = IsoWeek.last_closed(now)
        if week != later:
            assert weekly_due(week.back(-1), zone, weekday=weekday, hour=hour) > now

    @pytest.mark.parametrize("zone", ZONES)
    def test_goes_forward_week_by_week_through_every_hour_of_a_year(self, zone):
        start = datetime(2026, 1, 1, tzinfo=UTC)
        seen = [
            latest_due_week(start + timedelta(hours=h), zone, weekday=0, hour=9)
            for h in range(366 * 24)
        ]

        changes = [(a, b) for a, b in pairwise(seen) if a != b]
        assert all(after == before.back(-1) for before, after in changes)
        assert 52 <= len(changes) <= 53


class TestEveryCadence:
    @given(cadences, moments, zones, weekdays, hours)
    def test_tells_of_the_latest_period_that_is_due(self, cadence, now, zone, weekday, hour):
        on = None if cadence is Cadence.DAILY else weekday

        period = latest_due(cadence, now, zone, weekday=weekday, hour=hour)

        following = period_of(cadence, period.end.date())
        assert due_at(period, zone, weekday=on, hour=hour) <= now
        assert following.end > now or due_at(following, zone, weekday=on, hour=hour) > now

    @given(cadences, moments, zones, weekdays, hours)
    def test_is_due_in_the_readers_day_with_its_figures_in(self, cadence, now, zone, weekday, hour):
        on = None if cadence is Cadence.DAILY else weekday
        period = period_of(cadence, now.date())

        due = due_at(period, zone, weekday=on, hour=hour)

        assert due >= period.end + FIGURES_ARE_IN
        assert hour <= local_hour(due, zone) < LAST_HOUR

    @pytest.mark.parametrize("zone", ZONES)
    @pytest.mark.parametrize("cadence", TELLING)
    def test_goes_forward_one_by_one_through_every_hour_of_a_year(self, cadence, zone):
        start = datetime(2026, 1, 1, tzinfo=UTC)
        seen = [
            latest_due(cadence, start + timedelta(hours=h), zone, weekday=0, hour=9)
            for h in range(366 * 24)
        ]

        changes = [(a, b) for a, b in pairwise(seen) if a != b]
        assert all(after == period_of(cadence, before.end.date()) for before, after in changes)

    @given(moments, zones, weekdays, hours)
    def test_knows_a_week_as_it_always_did(self, now, zone, weekday, hour):
        week = latest_due_week(now, zone, weekday=weekday, hour=hour)

        assert latest_due(Cadence.WEEKLY, now, zone, weekday=weekday, hour=hour) == week.period

    @pytest.mark.parametrize(
        ("month", "weekday", "due"),
        [
            pytest.param(date(2026, 10, 1), 0, "2026-11-02T09:00", id="its-first-monday"),
            pytest.param(date(2026, 5, 1), 0, "2026-06-01T09:00", id="which-may-be-its-first-day"),
            pytest.param(date(2026, 10, 1), 6, "2026-11-01T09:00", id="or-a-sunday"),
            pytest.param(date(2026, 12, 1), 3, "2027-01-07T09:00", id="or-in-the-next-year"),
        ],
    )
    def test_tells_of_a_month_on_the_first_day_of_digests_in_the_next(self, month, weekday, due):
        london = ZoneInfo("Europe/London")

        found = due_at(month_of(month), "Europe/London", weekday=weekday, hour=9)

        assert found.astimezone(london).strftime("%Y-%m-%dT%H:%M") == due

    @pytest.mark.parametrize(
        ("zone", "due"),
        [
            ("America/New_York", "2026-03-19T09:00"),
            ("Asia/Tokyo", "2026-03-19T15:00"),
            ("Pacific/Auckland", "2026-03-20T09:00"),
        ],
    )
    def test_tells_of_a_day_as_soon_as_its_figures_are_in(self, zone, due):
        """18 March; in Auckland they come in the evening of the 19th."""
        period = period_of(Cadence.DAILY, date(2026, 3, 18))

        found = due_at(period, zone, weekday=None, hour=9).astimezone(ZoneInfo(zone))

        assert found.strftime("%Y-%m-%dT%H:%M") == due


class TestWithinHours:
    @given(moments, zones, hours)
    def test_is_never_before_the_moment_nor_a_day_after_it(self, moment, zone, hour):
        found = within_hours(moment, zone, hour)

        assert moment <= found < moment + timedelta(hours=25)
        assert hour <= local_hour(found, zone) < LAST_HOUR

    @given(moments, zones, hours)
    def test_leaves_alone_what_is_within_them(self, moment, zone, hour):
        found = within_hours(moment, zone, hour)

        assert within_hours(found, zone, hour) == found

    @pytest.mark.parametrize(
        ("local", "expected"),
        [
            ("2026-03-25T08:59", "2026-03-25T09:00"),
            ("2026-03-25T09:00", "2026-03-25T09:00"),
            ("2026-03-25T17:59", "2026-03-25T17:59"),
            ("2026-03-25T18:00", "2026-03-26T09:00"),
            ("2026-03-25T23:59", "2026-03-26T09:00"),
            ("2026-03-28T23:00", "2026-03-29T09:00"),
        ],
    )
    def test_goes_to_the_next_morning_from_the_evening_on(self, local, expected):
        """The last of them is the night in which London's clocks go forward."""
        london = ZoneInfo("Europe/London")
        moment = datetime.fromisoformat(local).replace(tzinfo=london).astimezone(UTC)

        found = within_hours(moment, "Europe/London", 9).astimezone(london)

        assert found.strftime("%Y-%m-%dT%H:%M") == expected

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-04-04T13:00+00:00", "2026-04-04T22:30+00:00"),
            ("2026-10-03T13:00+00:00", "2026-10-03T22:00+00:00"),
        ],
    )
    def test_knows_the_half_hour_by_which_lord_howe_moves_its_clocks(self, moment, expected):
        found = within_hours(datetime.fromisoformat(moment), "Australia/Lord_Howe", 9)

        assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize("name", ["", "Nowhere/Atlantis", "../../etc/passwd", "/etc/passwd", "\0"])
def test_a_time_zone_that_there_is_not_is_utc(name):
    assert zone_named(name) == ZoneInfo("UTC")
