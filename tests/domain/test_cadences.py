"""A digest is about a whole day, week or month of UTC, and they follow each other without a gap."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadences import TELLING, last_closed, period_before, period_of
from bot.domain.delivery import digest_topic
from bot.domain.periods import midnight
from bot.domain.preferences import Cadence

cadences = st.sampled_from(TELLING)
days = st.dates(date(2000, 1, 31), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("cadence", "first_day", "last_day"),
    [
        (Cadence.DAILY, date(2026, 2, 27), date(2026, 2, 27)),
        (Cadence.WEEKLY, date(2026, 2, 23), date(2026, 3, 1)),
        (Cadence.MONTHLY, date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_is_the_one_that_a_day_is_in(cadence, first_day, last_day):
    period = period_of(cadence, date(2026, 2, 27))

    assert (period.first_day, period.last_day) == (first_day, last_day)


@given(cadences, days)
def test_follows_the_one_before_without_a_gap(cadence, day):
    period = period_of(cadence, day)

    assert period_before(cadence, period).end == period.start


@given(cadences, days)
def test_is_closed_when_it_has_ended_and_the_next_has_not(cadence, day):
    now = midnight(day)

    closed = last_closed(cadence, now)

    assert closed.end <= now < period_of(cadence, closed.end.date()).end


def test_is_told_of_to_everybody_but_those_who_want_none():
    assert set(TELLING) == set(Cadence) - {Cadence.OFF}


def test_has_a_topic_of_its_own_for_each_length_but_the_week_that_always_was():
    topics = {cadence: digest_topic(cadence) for cadence in TELLING}

    assert topics == {Cadence.WEEKLY: "", Cadence.DAILY: "daily", Cadence.MONTHLY: "monthly"}


def test_closes_at_midnight_of_utc_wherever_the_clock_stands():
    assert last_closed(Cadence.DAILY, datetime(2026, 3, 1, tzinfo=UTC)).last_day == date(
        2026, 2, 28
    )
