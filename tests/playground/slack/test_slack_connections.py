"""The stand-in of Slack is reached by Socket Mode, and without any connection."""

from __future__ import annotations

from typing import Any

import aiohttp
import httpx
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.playground.slack.faults import Drop
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.stand_in import APP_TOKEN, SlackStandIn
from tests.playground.slack.made_up import CHANNELS, client_of, error_of


class TestSocketMode:
    async def test_bolt_connects_and_answers(self, slack: SlackStandIn, bolt: AsyncApp):
        async def usage(ack: Any, command: Any) -> None:
            await ack(f"Hello {command['user_id']}")

        bolt.command("/myusage")(usage)
        async with SocketMode(slack) as socket:
            handler = AsyncSocketModeHandler(bolt, APP_TOKEN)
            await handler.connect_async()
            await socket.connected()
            payload = await socket.command("/myusage", "week", user_id="U1ADA")
            await handler.close_async()

        assert payload == {"text": "Hello U1ADA"}
        assert [ack["envelope_id"] for ack in socket.acks] == ["envelope-2"]

    async def test_is_off_unless_served(self, slack: SlackStandIn):
        client = client_of(slack, token=APP_TOKEN)

        answer = await error_of(client.apps_connections_open(app_token=APP_TOKEN))

        assert answer["error"] == "socket_mode_disabled"

    async def test_asks_for_a_ticket(self, slack: SlackStandIn):
        async with SocketMode(slack), aiohttp.ClientSession() as session:
            client = client_of(slack, token=APP_TOKEN)
            url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url.partition("?")[0])


class TestWithoutConnection:
    async def test_dropping_says_why_it_cannot(self):
        slack = SlackStandIn(channels=CHANNELS)
        slack.faults.next("auth.test", Drop())
        transport = httpx.ASGITransport(app=slack.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://slack") as http:
            with pytest.raises(ConnectionResetError, match="serve the stand-in over HTTP"):
                await http.get("/api/auth.test")
            answer = await http.get("/api/auth.test")

        assert isinstance(answer.json(), dict)
