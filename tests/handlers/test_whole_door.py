"""The whole web process with the local Slack at its door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.playground.slack.faults import Refusal
from bot.playground.slack.signing import Tampering


@pytest.mark.parametrize(
    "tampering",
    [
        Tampering(unsigned=True),
        Tampering(age=timedelta(hours=1)),
        Tampering(secret="guessed"),
        Tampering(timestamp="now"),
    ],
)
async def test_turns_away_what_slack_did_not_sign_just_now(types, tampering):
    assert (await types("/myusage", tampering=tampering)).ack.status == 401


async def test_lets_a_request_in_once(types, person):
    first = (await types("/myusage")).ack

    assert (await person.send_again(first.request)).status == 401


async def test_tells_another_workspace_nothing(types, slack):
    await types("/myusage")
    slack.workspace.team_id = "T9OTHER"

    answer = await types("/usageadmin status", "UBOSS")

    assert "Upshot" not in str(answer.ack.body)
    assert "blocks" not in str(answer.ack.body)


async def test_answers_the_challenge_of_a_new_address(person):
    ack = await person.verify_url("prove-it")

    assert (ack.status, "prove-it" in str(ack.body)) == (200, True)


async def test_asks_slack_once_which_workspace_it_serves(types, slack):
    before = slack.call_count("auth.test")
    for _ in range(3):
        await types("/myusage")

    assert slack.call_count("auth.test") - before == 1


async def test_serves_nobody_until_slack_says_which_workspace_it_is(types, slack):
    slack.faults.next("auth.test", Refusal(error="invalid_auth"))

    first, second = await types("/myusage"), await types("/myusage")

    assert "blocks" not in str(first.ack.body)
    assert second.is_private_and_whole
