"""A page reaches its reader's own tab, and trouble with it reaches the log alone."""

from __future__ import annotations

from decimal import Decimal

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.blocks.delivery import without_native_blocks
from bot.blocks.kit import as_dicts, bar_chart, section
from bot.domain.messages import Home
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.faults import Drop, RateLimited, Refusal, ServerError, Truncation
from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn
from bot.slack.home import SlackHome

ADA = SlackUser(id="UADA", name="ada", email="ada@example.com")
BOB = SlackUser(id="UBOB", name="bob", email="bob@example.com")
PUBLISH = "views.publish"
CHART = bar_chart("chart", "Weeks", {"Nov 9": Decimal(3)}, name="Spend", unit="US dollars")
PAGE = Home(as_dicts(section("words", "Nov 9 $3"), CHART))


@pytest.fixture
def slack():
    stand_in = SlackStandIn(users=(ADA, BOB))
    with stand_in.serving():
        yield stand_in


@pytest.fixture
async def home(slack):
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, timeout=2, session=session)
        yield SlackHome(client, without_native_blocks=without_native_blocks)


async def test_is_seen_by_its_reader_and_by_nobody_else(home, slack):
    await home.publish("UADA", PAGE)

    assert slack.home_of("UADA").payload == {"type": "home", "blocks": list(PAGE.blocks)}
    assert slack.home_of("UBOB") is None


async def test_takes_the_place_of_the_page_before(home, slack):
    await home.publish("UADA", PAGE)
    await home.publish("UADA", Home(PAGE.blocks[:1]))

    assert len(slack.home_of("UADA").payload["blocks"]) == 1


async def test_comes_without_a_chart_where_slack_draws_none(home, slack):
    slack.workspace.native_charts = False

    with capture_logs() as logs:
        await home.publish("UADA", PAGE)

    assert slack.home_of("UADA").payload["blocks"] == [PAGE.blocks[0]]
    assert slack.call_count(PUBLISH) == 2
    assert logs == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Refusal(error="token_revoked"), "token_revoked"),
        (Refusal(error="invalid_blocks"), "invalid_blocks"),
        (RateLimited(retry_after="7"), "ratelimited"),
        (ServerError(status=503), "HTTP 503"),
        (Drop(accepts=False), "ServerDisconnectedError"),
        (Truncation(), "ClientPayloadError"),
    ],
)
async def test_that_does_not_come_through_is_in_the_log_without_its_reader(
    home, slack, fault, error
):
    slack.faults.next(PUBLISH, fault, fault)

    with capture_logs() as logs:
        await home.publish("UADA", PAGE)

    assert logs == [{"event": "home_not_published", "error": error, "log_level": "warning"}]


async def test_of_nobody_is_in_the_log(home):
    with capture_logs() as logs:
        await home.publish("UNOBODY", PAGE)

    assert [entry["error"] for entry in logs] == ["user_not_found"]


async def test_is_given_up_where_slack_cannot_be_reached():
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=BOT_TOKEN, base_url="http://127.0.0.1:1/api/", timeout=2, session=session
        )
        with capture_logs() as logs:
            await SlackHome(client, without_native_blocks=without_native_blocks).publish(
                "UADA", PAGE
            )

    assert [entry["error"] for entry in logs] == ["not connected"]
