"""What becomes of a message is known after every way in which Slack can fail."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.blocks.delivery import stamp, stamp_of, without_native_blocks
from bot.blocks.kit import message, section, table
from bot.domain.delivery import CannotLook, NotNow, NotThere, Posted, Refused, Unclear
from bot.playground.serving import serving
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.faults import (
    Drop,
    RateLimited,
    Refusal,
    ServerError,
    Stall,
    Truncation,
)
from bot.playground.slack.stand_in import BOT_TOKEN, EVERY_SCOPE, SlackStandIn
from bot.slack.errors import OPERATOR_MUST_ACT, WAIT_A_LITTLE, WAIT_FOR_OPERATOR, meaning_of
from bot.slack.messenger import PAGE, SlackMessenger
from tests.factories import make_message

ADA = SlackUser(id="UADA", name="ada", email="ada@example.com")
GONE = SlackUser(id="UGONE", name="gone", deleted=True)
TEAM = SlackChannel(id="C1", name="team", members=("UADA",))
PRIVATE = SlackChannel(id="G1", name="private", members=("UADA",), is_private=True)
DELIVERY = UUID("11111111-2222-3333-4444-555555555555")
OTHER = UUID("99999999-2222-3333-4444-555555555555")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
POST = "chat.postMessage"
HELLO = make_message()


@pytest.fixture
def slack():
    stand_in = SlackStandIn(users=(ADA, GONE), channels=(TEAM, PRIVATE))
    with stand_in.serving():
        yield stand_in


@pytest.fixture
async def messenger_at():
    async with aiohttp.ClientSession() as session:

        def make(api_url: str) -> SlackMessenger:
            client = AsyncWebClient(token=BOT_TOKEN, base_url=api_url, timeout=2, session=session)
            return SlackMessenger(
                client, stamp=stamp, stamp_of=stamp_of, without_native_blocks=without_native_blocks
            )

        yield make


@pytest.fixture
def messenger(slack, messenger_at):
    return messenger_at(slack.api_url)


class TestPosting:
    async def test_reaches_the_reader_with_all_of_the_message(self, messenger, slack):
        result = await messenger.post("UADA", HELLO, DELIVERY)

        [seen] = slack.dms_to("UADA")
        assert result == Posted(seen.channel, seen.ts)
        assert seen.text == HELLO.text
        assert stamp_of(seen.blocks) == str(DELIVERY)

    async def test_says_nothing_of_the_reader_in_what_others_can_read(self, messenger, slack):
        await messenger.post("UADA", HELLO, DELIVERY)

        [seen] = slack.dms_to("UADA")
        assert "metadata" not in seen.payload

    async def test_never_sends_a_second_time_by_itself(self, messenger, slack):
        for fault in (RateLimited(), ServerError(), Drop(), Truncation()):
            slack.faults.next(POST, fault)
            await messenger.post("UADA", HELLO, DELIVERY)

        assert slack.call_count(POST) == 4

    @pytest.mark.parametrize(
        ("fault", "result"),
        [
            (RateLimited(retry_after="7"), NotNow(7)),
            (RateLimited(retry_after="0"), NotNow(1)),
            (RateLimited(retry_after=None), NotNow(WAIT_A_LITTLE)),
            (RateLimited(retry_after="soon"), NotNow(WAIT_A_LITTLE)),
            (RateLimited(retry_after="1000000000"), NotNow(WAIT_FOR_OPERATOR)),
            (Refusal(error="ratelimited"), NotNow(WAIT_A_LITTLE)),
            (Refusal(error="channel_not_found"), Refused("channel_not_found")),
            (Refusal(error="fatal_error", accepts=True), Unclear("fatal_error")),
            (Refusal(error="token_revoked"), NotNow(WAIT_FOR_OPERATOR)),
            (Refusal(error="missing_scope"), NotNow(WAIT_FOR_OPERATOR)),
        ],
    )
    async def test_is_understood(self, messenger, slack, fault, result):
        slack.faults.next(POST, fault)

        assert await messenger.post("UADA", HELLO, DELIVERY) == result

    @pytest.mark.parametrize(
        "fault",
        [
            ServerError(accepts=True),
            ServerError(accepts=False),
            ServerError(status=503),
            Drop(accepts=True),
            Drop(accepts=False),
            Truncation(),
            Stall(seconds=30),
        ],
    )
    async def test_is_unclear_where_it_may_have_gone_through(self, messenger, slack, fault):
        slack.faults.next(POST, fault)

        assert isinstance(await messenger.post("UADA", HELLO, DELIVERY), Unclear)

    async def test_to_one_who_left_is_refused_for_good(self, messenger):
        assert await messenger.post("UGONE", HELLO, DELIVERY) == Refused("user_disabled")

    async def test_where_nobody_listens_is_not_now(self, messenger_at):
        with serving(Starlette()) as base_url:
            pass

        messenger = messenger_at(f"{base_url}/api/")
        assert await messenger.post("UADA", HELLO, DELIVERY) == NotNow(WAIT_A_LITTLE)


class TestNativeBlocks:
    CHARTED = message(
        "Your week.",
        section("hello", "Hello"),
        table("rows", ("What", "How much"), [("spend", "$4")]),
    )

    async def test_are_posted_where_slack_has_them(self, messenger, slack):
        await messenger.post("UADA", self.CHARTED, DELIVERY)

        [seen] = slack.dms_to("UADA")
        assert [block["type"] for block in seen.blocks] == ["section", "table"]

    async def test_become_words_where_slack_refuses_them(self, messenger, slack):
        slack.workspace.native_charts = False

        result = await messenger.post("UADA", self.CHARTED, DELIVERY)

        [seen] = slack.dms_to("UADA")
        assert isinstance(result, Posted)
        assert [block["type"] for block in seen.blocks] == ["section", "section"]
        assert stamp_of(seen.blocks) == str(DELIVERY)

    async def test_refused_twice_are_refused(self, messenger, slack):
        slack.faults.next(POST, Refusal(error="invalid_blocks"), Refusal(error="invalid_blocks"))

        assert await messenger.post("UADA", self.CHARTED, DELIVERY) == Refused("invalid_blocks")

    async def test_refused_and_then_told_to_wait_wait(self, messenger, slack):
        slack.faults.next(POST, Refusal(error="invalid_blocks"), RateLimited(retry_after="7"))

        assert await messenger.post("UADA", self.CHARTED, DELIVERY) == NotNow(7)


class TestLooking:
    @pytest.mark.parametrize("fault", [Drop(), Truncation(), ServerError(accepts=True)])
    async def test_finds_what_went_through_unseen(self, messenger, slack, fault):
        slack.faults.next(POST, fault)
        await messenger.post("UADA", HELLO, DELIVERY)

        found = await messenger.find("UADA", DELIVERY, LONG_AGO)

        [seen] = slack.dms_to("UADA")
        assert found == Posted(seen.channel, seen.ts)

    async def test_finds_nothing_where_nothing_went_through(self, messenger, slack):
        slack.faults.next(POST, Drop(accepts=False))
        await messenger.post("UADA", HELLO, DELIVERY)

        assert await messenger.find("UADA", DELIVERY, LONG_AGO) == NotThere()

    async def test_takes_no_other_message_for_ours(self, messenger):
        await messenger.post("UADA", HELLO, OTHER)

        assert await messenger.find("UADA", DELIVERY, LONG_AGO) == NotThere()

    async def test_looks_through_all_pages(self, messenger, slack):
        await messenger.post("UADA", HELLO, DELIVERY)
        dm = slack.dms_to("UADA")[0].channel
        for _ in range(PAGE):
            slack.workspace.messages.post(dm, "UADA", {"text": "ok"})

        assert isinstance(await messenger.find("UADA", DELIVERY, LONG_AGO), Posted)
        assert slack.call_count("conversations.history") == 2

    async def test_looks_no_further_back_than_it_has_to(self, messenger):
        await messenger.post("UADA", HELLO, DELIVERY)
        tomorrow = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251 - the stand-in's own time

        assert await messenger.find("UADA", DELIVERY, tomorrow) == NotThere()

    @pytest.mark.parametrize("channel", ["C1", "G1"])
    async def test_looks_in_a_channel_too(self, messenger, channel):
        await messenger.post(channel, HELLO, DELIVERY)

        assert isinstance(await messenger.find(channel, DELIVERY, LONG_AGO), Posted)

    async def test_says_when_it_may_not_look(self, messenger, slack):
        slack.workspace.scopes = frozenset(EVERY_SCOPE) - {"im:history"}
        await messenger.post("UADA", HELLO, DELIVERY)

        assert await messenger.find("UADA", DELIVERY, LONG_AGO) == CannotLook()

    async def test_gives_up_looking_at_one_who_left(self, messenger):
        assert await messenger.find("UGONE", DELIVERY, LONG_AGO) == CannotLook()

    @pytest.mark.parametrize(
        ("fault", "seconds"),
        [
            (RateLimited(retry_after="60"), 60),
            (RateLimited(retry_after=None), WAIT_A_LITTLE),
            (ServerError(), WAIT_A_LITTLE),
            (Refusal(error="internal_error"), WAIT_A_LITTLE),
            (Refusal(error="token_revoked"), WAIT_FOR_OPERATOR),
            (Drop(), WAIT_A_LITTLE),
            (Truncation(), WAIT_A_LITTLE),
            (Stall(seconds=30), WAIT_A_LITTLE),
        ],
    )
    @pytest.mark.parametrize("method", ["conversations.history", "conversations.open"])
    async def test_waits_where_slack_does_not_answer(
        self, messenger, slack, method, fault, seconds
    ):
        """A look that is cut is tried once more by the HTTP client itself: it changes nothing."""
        slack.faults.next(method, fault, fault)

        assert await messenger.find("UADA", DELIVERY, LONG_AGO) == NotNow(seconds)


class TestAnAnswerThatIsNotSlacks:
    """From a proxy in between, say."""

    @pytest.fixture(
        params=[
            pytest.param(Response("<html>", media_type="text/html"), id="html"),
            pytest.param(Response("Hello", media_type="text/plain"), id="text"),
            pytest.param(Response('{"ok": tr', media_type="application/json"), id="half-json"),
            pytest.param(Response("[]", media_type="application/json"), id="list"),
            pytest.param(Response("{}", media_type="application/json"), id="empty-object"),
            pytest.param(Response(b"\xff", media_type="application/json"), id="not-utf-8"),
            pytest.param(Response("<html>", 502, media_type="text/html"), id="bad-gateway"),
        ]
    )
    def messenger(self, request, messenger_at):
        async def answer(_):
            return request.param

        app = Starlette(routes=[Route("/api/{method}", answer, methods=["GET", "POST"])])
        with serving(app) as base_url:
            yield messenger_at(f"{base_url}/api/")

    async def test_leaves_it_unclear_whether_a_post_went_through(self, messenger):
        assert isinstance(await messenger.post("UADA", HELLO, DELIVERY), Unclear)

    async def test_makes_a_look_wait(self, messenger):
        assert await messenger.find("UADA", DELIVERY, LONG_AGO) == NotNow(WAIT_A_LITTLE)


@pytest.mark.parametrize("code", sorted(OPERATOR_MUST_ACT))
def test_what_the_operator_must_mend_is_never_lost(code):
    assert meaning_of(code, 200, None) == NotNow(WAIT_FOR_OPERATOR)


async def test_many_at_once_keep_apart(messenger, slack):
    ids = [UUID(int=number) for number in range(20)]

    await asyncio.gather(*(messenger.post("UADA", HELLO, delivery) for delivery in ids))

    assert {stamp_of(seen.blocks) for seen in slack.dms_to("UADA")} == {str(i) for i in ids}
