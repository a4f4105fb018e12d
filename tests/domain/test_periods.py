"""Periods of time: half-open, in UTC, and ISO weeks among them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import IsoWeek, Period, days, midnight, month_of

dates = st.dates(date(1990, 1, 1), date(2100, 12, 31))
moments = st.builds(
    lambda day, seconds: midnight(day) + timedelta(seconds=seconds),
    dates,
    st.floats(0, 86_399),
)


@given(dates)
def test_a_day_is_half_open(day):
    period = Period.of_days(day, day)

    assert midnight(day) in period
    assert midnight(day + timedelta(days=1)) not in period
    assert midnight(day + timedelta(days=1)) - timedelta(microseconds=1) in period


@given(dates, st.integers(0, 400))
def test_a_period_knows_its_first_and_its_last_day(first, more):
    last = first + timedelta(days=more)
    period = Period.of_days(first, last)

    assert (period.first_day, period.last_day) == (first, last)
    assert list(days(first, last))[:: more or 1] == ([first, last] if more else [first])


@given(moments)
def test_every_moment_is_in_exactly_one_week(moment):
    week = IsoWeek.of(moment.date())

    assert moment in week.period
    assert moment not in week.back(1).period
    assert moment not in week.back(-1).period


@given(dates)
def test_a_week_is_seven_days_from_a_monday(day):
    week = IsoWeek.of(day)

    assert week.monday.weekday() == 0
    assert week.period.end - week.period.start == timedelta(days=7)


@given(dates, st.integers(0, 200))
def test_weeks_sort_in_time(day, weeks):
    week = IsoWeek.of(day)

    assert (week.back(weeks) < week) == (weeks > 0)
    assert week.back(weeks).back(-weeks) == week


@given(moments)
def test_the_last_closed_week_is_over(moment):
    week = IsoWeek.last_closed(moment)

    assert week.period.end <= moment < week.back(-1).period.end


@given(moments, st.integers(-12, 14))
def test_the_last_closed_week_is_the_same_wherever_one_asks(moment, offset):
    elsewhere = moment.astimezone(timezone(timedelta(hours=offset)))

    assert IsoWeek.last_closed(elsewhere) == IsoWeek.last_closed(moment)


@given(dates)
def test_a_month_has_all_of_its_days(day):
    month = month_of(day)

    assert midnight(day) in month
    assert month.first_day.day == 1
    assert (month.last_day + timedelta(days=1)).day == 1
    assert month.first_day.month == month.last_day.month == day.month


def test_weeks_are_named_as_iso_8601_names_them():
    assert str(IsoWeek.of(date(2027, 1, 3))) == "2026-W53"
    assert str(IsoWeek.of(date(2027, 1, 4))) == "2027-W01"


def test_a_period_has_aware_bounds():
    with pytest.raises(ValueError, match="aware"):
        Period(datetime(2026, 1, 1), midnight(date(2026, 1, 2)))  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        Period(midnight(date(2026, 1, 1)), datetime(2026, 1, 2))  # noqa: DTZ001


def test_a_period_does_not_run_backwards():
    with pytest.raises(ValueError, match="before it starts"):
        Period(midnight(date(2026, 1, 2)), midnight(date(2026, 1, 1)))


def test_nothing_is_in_an_empty_period():
    start = midnight(date(2026, 1, 1))

    assert start not in Period(start, start)
