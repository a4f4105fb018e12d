"""A made-up workspace, and what the tests of the stand-in of Slack ask it with."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import Receive, Scope, Send

from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.person import Person
from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn

ADA = SlackUser(
    id="U1ADA", name="ada", email="ada@example.com", time_zone="Australia/Lord_Howe", locale="de-DE"
)
BOB = SlackUser(id="U2BOB", name="bob", email="bob@example.com", deleted=True)
GUEST = SlackUser(id="U3GUEST", name="guest", is_ultra_restricted=True)
STRANGER = SlackUser(id="W4OUT", name="out", team_id="T9OTHER", is_stranger=True)
ROBOT = SlackUser(id="U5BOT", name="robot", is_bot=True)
EVERYONE = (ADA, BOB, GUEST, STRANGER, ROBOT)

GENERAL = SlackChannel(id="C1", name="general", members=("U1ADA", "U3GUEST"))
SHARED = SlackChannel(id="C2", name="with-partner", is_ext_shared=True)
NOT_IN = SlackChannel(id="C3", name="elsewhere", has_bot=False)
SECRET = SlackChannel(id="C4", name="secret", has_bot=False, is_private=True)
OLD = SlackChannel(id="C5", name="old", is_archived=True)
CHANNELS = (GENERAL, SHARED, NOT_IN, SECRET, OLD)

SECTION = {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "Hello"}}
BUTTON = {
    "type": "button",
    "action_id": "stop",
    "value": "weekly",
    "text": {"type": "plain_text", "text": "Stop"},
}
MENU = {
    "type": "static_select",
    "action_id": "often",
    "options": [
        {"text": {"type": "plain_text", "text": word}, "value": word} for word in ("daily", "off")
    ],
}
CONTROLS = {"type": "actions", "block_id": "controls", "elements": [BUTTON, MENU]}
CHART = {
    "type": "data_visualization",
    "title": "Spend",
    "chart": {"type": "pie", "segments": [{"label": "Code", "value": 7}]},
}
WRONG = {"type": "section"}
TITLE = {"type": "plain_text", "text": "Settings"}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def move(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


class Switchboard:
    """One server for all tests, since stopping one takes a moment."""

    slack: SlackStandIn
    base_url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.slack.app(scope, receive, send)


class Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


def client_of(slack: SlackStandIn, **changes: Any) -> AsyncWebClient:
    settings: dict[str, Any] = {"token": BOT_TOKEN, "timeout": 5, "retry_handlers": []}
    return AsyncWebClient(base_url=slack.api_url, **(settings | changes))


async def error_of(call: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


def person_facing(slack: SlackStandIn, answer: Callable[[httpx.Request], Any]) -> Person:
    async def respond(request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await answer(request)
        return response

    client = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    return Person(slack, "http://bot.example.com/slack/events", client=client)
