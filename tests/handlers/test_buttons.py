"""Buttons in our own messages: answered to the one who pressed, and to nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from bot.blocks.delivery import stamp
from bot.blocks.welcome import render_welcome
from bot.domain.commands import CommandNames
from bot.language import ENGLISH
from bot.listening import make_app_of_web
from bot.playground.slack.person import Person
from handlers.actions import ACTIONS

EVENTS = "http://upshot.example/slack/events"


@pytest.fixture
async def welcome(upshot, slack):
    """The first message, as Ada has it."""
    message = stamp(render_welcome(ENGLISH, CommandNames()), str(uuid4()))
    payload = {"text": message.text, "blocks": list(message.blocks)}
    dm = slack.workspace.channels.dm_with("UADA")
    return slack.workspace.messages.post(dm.id, slack.workspace.bot.id, payload)


@pytest.fixture
def press(person, slack, welcome):
    """Presses a button of the first message, and waits for what is said to that."""

    async def press(action: str, user_id: str = "UADA"):
        ack = await person.press(action, user_id=user_id, on=welcome)
        await answered(slack, user_id)
        return ack

    return press


async def answered(slack, user_id: str) -> None:
    """Until there is an answer, which comes after the acknowledgement."""
    for _ in range(1000):
        if slack.ephemerals_to(user_id):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no answer came")


async def cadence_of(upshot, user: str) -> str:
    async with upshot.database.for_jobs() as connection:
        return await connection.scalar(
            text("SELECT digest_cadence FROM people WHERE slack_user_id = :user"), {"user": user}
        )


def buttons_of(message) -> set[str]:
    return {
        element["action_id"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


async def test_every_button_of_the_first_message_does_something(welcome):
    assert buttons_of(welcome)
    assert buttons_of(welcome) <= set(ACTIONS)


async def test_stop_stops_and_says_so_to_whoever_pressed_it(press, upshot, slack):
    ack = await press("digest_stop")

    assert (ack.status, ack.error) == (200, None)
    assert await cadence_of(upshot, "UADA") == "off"
    assert await cadence_of(upshot, "UBOB") == "weekly"
    [answer] = slack.ephemerals_to("UADA")
    assert answer.blocks


async def test_start_in_the_answer_to_that_starts_again(press, person, upshot, slack):
    await press("digest_stop")
    [stopped] = slack.ephemerals_to("UADA")

    await person.press("digest_start", user_id="UADA", on=stopped)

    for _ in range(1000):
        if await cadence_of(upshot, "UADA") == "weekly":
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not start again")


async def test_privacy_tells_what_is_kept(press, slack):
    await press("digest_privacy")

    [answer] = slack.ephemerals_to("UADA")
    assert "UBOSS" in str(answer.blocks)


async def test_a_guest_changes_nothing(press, slack):
    await press("digest_stop", user_id="UGUEST")

    [answer] = slack.ephemerals_to("UGUEST")
    assert "does not know you" in answer.text


async def test_the_message_stays_as_it_was(press, slack, welcome):
    await press("digest_stop")

    assert slack.dms_to("UADA") == (welcome,)


async def test_trouble_is_told_to_whoever_pressed_with_a_reference(upshot, slack, welcome):
    class NobodyAnswers:
        async def find(self, _: str) -> None:
            raise ConnectionError("a secret detail")

    services = replace(upshot.services, people=NobodyAnswers())
    app = make_app_of_web(replace(upshot, services=services))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport) as client:
        await Person(slack, EVENTS, client=client).press("digest_stop", user_id="UADA", on=welcome)
        await answered(slack, "UADA")

    [answer] = slack.ephemerals_to("UADA")
    assert "could not do that" in answer.text
    assert "secret detail" not in answer.text


async def test_a_button_that_is_not_ours_any_more_is_let_be(person, slack, welcome, upshot):
    old = {
        "type": "actions",
        "block_id": "old",
        "elements": [
            {
                "type": "button",
                "action_id": "from_an_older_version",
                "text": {"type": "plain_text", "text": "Old"},
            }
        ],
    }
    dm = slack.workspace.channels.dm_with("UADA").id
    message = slack.workspace.messages.post(dm, "U0UPSHOT1", {"text": "x", "blocks": [old]})

    ack = await person.press("from_an_older_version", user_id="UADA", on=message)

    assert (ack.status, ack.error) == (200, None)


async def test_an_event_that_nobody_waits_for_is_let_be(person):
    ack = await person.event({"type": "team_join", "user": {"id": "UADA"}})

    assert ack.status == 200
