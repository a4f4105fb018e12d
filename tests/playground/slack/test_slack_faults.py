"""The stand-in of Slack fails in the ways that Slack does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.faults import (
    Drop,
    Fault,
    Faults,
    Injected,
    RateLimited,
    Refusal,
    ServerError,
    Stall,
    Truncation,
)
from bot.playground.slack.rate_limits import RateLimits
from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn
from tests.playground.slack.made_up import EVERYONE, Clock, client_of, error_of


class TestFaults:
    @pytest.mark.parametrize(
        "retry_after",
        [
            "7",
            "0",
            None,
            "1000000000",
            format_datetime(datetime(2027, 1, 1, tzinfo=UTC), usegmt=True),
        ],
    )
    async def test_429_has_the_header_that_was_asked_for(
        self, slack: SlackStandIn, client: AsyncWebClient, retry_after: str | None
    ):
        slack.faults.next("chat.postMessage", RateLimited(retry_after=retry_after))

        answer = await error_of(client.chat_postMessage(channel="U1ADA", text="Hello"))

        assert answer.status_code == 429
        assert answer.headers.get("Retry-After") == retry_after
        assert slack.message_count == 0

    @pytest.mark.parametrize(
        ("fault", "failure", "messages"),
        [
            (ServerError(status=503), SlackApiError, 0),
            (ServerError(status=500, accepts=True), SlackApiError, 1),
            (Refusal(error="fatal_error"), SlackApiError, 0),
            (Refusal(error="fatal_error", accepts=True), SlackApiError, 1),
            (Refusal(messages=("[ERROR] no",)), SlackApiError, 0),
            (Drop(), aiohttp.ServerDisconnectedError, 1),
            (Drop(accepts=False), aiohttp.ServerDisconnectedError, 0),
            (Truncation(), aiohttp.ClientPayloadError, 1),
            (Stall(seconds=30), asyncio.TimeoutError, 1),
        ],
    )
    async def test_take_effect_or_not(
        self, slack: SlackStandIn, fault: Fault, failure: type[Exception], messages: int
    ):
        slack.faults.next("chat.postMessage", fault)
        client = client_of(slack, timeout=1)

        with pytest.raises(failure):
            await client.chat_postMessage(channel="U1ADA", text="Hello")
        await client.auth_test()

        assert slack.message_count == messages
        assert slack.faults.injected == (Injected(method="chat.postMessage", call=1, fault=fault),)
        assert slack.calls[0].fault == fault

    async def test_a_short_stall_only_costs_time(self, slack: SlackStandIn, client: AsyncWebClient):
        slack.faults.next("auth.test", Stall(seconds=0.05))

        assert (await client.auth_test())["ok"]

    async def test_a_connection_can_be_dropped_many_times(self, slack: SlackStandIn):
        slack.faults.chance("chat.postMessage", 0.5, Drop(), Truncation())
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as http:
            for _ in range(100):
                message = {"channel": "C1", "text": "Hello"}
                try:
                    await http.post(f"{slack.api_url}chat.postMessage", json=message)
                except httpx.RemoteProtocolError:
                    continue

        assert len(slack.messages_in("C1")) == 100
        assert 30 < len(slack.faults.injected) < 70

    def test_by_script_come_in_order_and_then_stop(self):
        faults = Faults()
        faults.next("a", Drop(), None, ServerError())
        faults.next("*", Truncation())

        drawn = [faults.draw("a") for _ in range(5)]

        assert drawn == [Drop(), None, ServerError(), Truncation(), None]
        assert [injected.call for injected in faults.injected] == [1, 3, 4]

    def test_by_chance_are_the_same_for_the_same_seed(self):
        def drawn(seed: int) -> list[Fault | None]:
            faults = Faults(seed=seed)
            faults.chance("a", 0.1, Drop())
            faults.chance("*", 0.1, ServerError(), Truncation())
            for _ in range(seed):
                faults.draw("another method")
            return [faults.draw("a") for _ in range(1000)]

        assert drawn(1) == drawn(1) != drawn(2)
        assert 60 < drawn(1).count(Drop()) < 140
        assert 750 < drawn(1).count(None) < 850

    def test_can_be_called_off(self):
        faults = Faults()
        faults.chance("a", 1, Drop())
        faults.next("b", Drop())
        faults.clear("a")
        assert faults.draw("a") is None
        faults.clear()
        assert faults.draw("b") is None


class TestRateLimits:
    async def test_hold_per_channel_and_per_minute(self, clock: Clock):
        slack = SlackStandIn(
            users=EVERYONE,
            now=clock,
            clock=clock.monotonic,
            rate_limits=RateLimits(per_channel_seconds=1, per_minute=2),
        )
        with slack.serving():
            client = client_of(slack)

            async def post(user: str) -> str:
                try:
                    await client.chat_postMessage(channel=user, text="Hello")
                except SlackApiError as refused:
                    return str(refused.response.headers["Retry-After"])
                return "posted"

            at_once = [await post("U1ADA"), await post("U1ADA"), await post("U3GUEST")]
            clock.move(seconds=10)
            full = await post("U1ADA")
            clock.move(seconds=50)
            after = await post("U1ADA")

        assert at_once == ["posted", "1", "posted"]
        assert (full, after) == ("50", "posted")

    async def test_impatience_is_noticed(
        self, slack: SlackStandIn, client: AsyncWebClient, clock: Clock
    ):
        for retry_after in ("30", "1000000000", None, "soon"):
            slack.faults.next("chat.postMessage", RateLimited(retry_after=retry_after))
        for wait in (29, 900, 0, 0):
            await error_of(client.chat_postMessage(channel="C1", text="Hello"))
            clock.move(seconds=wait)
        await client.auth_test()

        assert [call.waited_seconds for call in slack.early_calls()] == [29, 900]
        assert [call.asked_seconds for call in slack.early_calls(ceiling=900)] == [30]
        assert slack.early_calls(ceiling=900, tolerance=2) == ()

    async def test_a_date_is_a_wait_too(
        self, slack: SlackStandIn, client: AsyncWebClient, clock: Clock
    ):
        later = format_datetime(clock() + timedelta(minutes=1), usegmt=True)
        slack.faults.next("auth.test", RateLimited(retry_after=later))
        await error_of(client.auth_test())
        await client.auth_test()

        assert [call.asked_seconds for call in slack.early_calls()] == [60]
