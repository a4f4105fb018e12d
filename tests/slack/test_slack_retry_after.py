"""``Retry-After`` is honoured in every form that the standard allows."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.domain.delivery import NotNow
from bot.http import real_now
from bot.slack.errors import WAIT_A_LITTLE, WAIT_FOR_OPERATOR, meaning_of, seconds_in


def test_a_date_is_waited_for():
    in_two_minutes = format_datetime(real_now() + timedelta(minutes=2), usegmt=True)

    assert seconds_in(in_two_minutes) == pytest.approx(120, abs=5)


@pytest.mark.parametrize("past", ["Wed, 21 Oct 2015 07:28:00 GMT", "0"])
def test_what_is_over_is_a_second_all_the_same(past):
    assert seconds_in(past) == 1


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [(None, WAIT_A_LITTLE), ("soon", WAIT_A_LITTLE), ("7", 7), ("1000000000", WAIT_FOR_OPERATOR)],
)
def test_a_message_waits_as_long_as_slack_says_up_to_a_quarter_of_an_hour(retry_after, seconds):
    assert meaning_of("ratelimited", 429, retry_after) == NotNow(seconds)
