"""One server for all tests of a module, with a new Slack on it for each."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.serving import serving
from bot.playground.slack.directory import UserGroup
from bot.playground.slack.person import Person
from bot.playground.slack.stand_in import SlackStandIn
from tests.playground.slack.made_up import (
    CHANNELS,
    EVERYONE,
    Clock,
    Complaints,
    Switchboard,
    client_of,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def switchboard() -> Iterator[Switchboard]:
    board = Switchboard()
    with serving(board) as board.base_url:
        yield board


@pytest.fixture
def slack(switchboard: Switchboard, clock: Clock) -> SlackStandIn:
    stand_in = SlackStandIn(
        users=EVERYONE,
        channels=CHANNELS,
        user_groups=[
            UserGroup(id="S1", handle="crew", name="Crew", users=("U1ADA",)),
            UserGroup(id="S2", handle="gone", name="Gone", deleted=True),
        ],
        now=clock,
        clock=clock.monotonic,
    )
    switchboard.slack = stand_in
    stand_in.base_url = switchboard.base_url
    return stand_in


@pytest.fixture
def client(slack: SlackStandIn) -> AsyncWebClient:
    return client_of(slack)


@pytest.fixture(autouse=True)
def nothing_is_printed(
    switchboard: Switchboard, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    complaints = Complaints()
    server = logging.getLogger("uvicorn.error")
    server.addHandler(complaints)
    yield
    server.removeHandler(complaints)
    assert complaints.heard == []
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def bolt(slack: SlackStandIn) -> AsyncApp:
    return AsyncApp(client=client_of(slack), signing_secret=slack.signing_secret)


@pytest.fixture
async def person(slack: SlackStandIn, bolt: AsyncApp) -> AsyncIterator[Person]:
    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        answer: Response = await handler.handle(request)
        return answer

    app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    transport = httpx.ASGITransport(app=app)
    async with (
        httpx.AsyncClient(transport=transport) as client,
        Person(slack, "http://bot.example.com/slack/events", client=client) as someone,
    ):
        yield someone
