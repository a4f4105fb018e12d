"""What a post tells of the channel that it was for."""

from __future__ import annotations

import pytest

from bot.domain.channels import Seen, seen_by
from bot.domain.delivery import CannotLook, NotNow, NotThere, Posted, Refused, Unclear
from bot.domain.teams import ChannelProblem


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("not_in_channel", ChannelProblem.NOT_IN),
        ("channel_not_found", ChannelProblem.GONE),
        ("is_archived", ChannelProblem.GONE),
    ],
)
def test_a_refusal_says_what_is_the_matter(code, problem):
    assert seen_by("C1", Refused(code)) == Seen(problem)


def test_what_arrived_says_that_nothing_is():
    assert seen_by("C1", Posted("C1", "1.0")) == Seen(None)


@pytest.mark.parametrize(
    "result", [Refused("msg_too_long"), NotNow(1), Unclear("?"), NotThere(), CannotLook()]
)
def test_everything_else_says_nothing(result):
    assert seen_by("C1", result) is None


@pytest.mark.parametrize("person", ["U01ADA", "W01ADA", "D01"])
def test_a_person_is_no_channel(person):
    assert seen_by(person, Refused("channel_not_found")) is None
