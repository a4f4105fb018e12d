"""The stand-in of Slack behaves as Slack does, as far as Upshot leans on it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import httpx
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.playground.serving import serving
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser, UserGroup
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
from bot.playground.slack.person import Person
from bot.playground.slack.rate_limits import RateLimits
from bot.playground.slack.signing import Tampering, signature
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.stand_in import APP_TOKEN, BOT_TOKEN, EVERY_SCOPE, SlackStandIn

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


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Switchboard:
    """One server for all tests, since stopping one takes a moment."""

    slack: SlackStandIn
    base_url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.slack.app(scope, receive, send)


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


class Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


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


def client_of(slack: SlackStandIn, **changes: Any) -> AsyncWebClient:
    settings: dict[str, Any] = {"token": BOT_TOKEN, "timeout": 5, "retry_handlers": []}
    return AsyncWebClient(base_url=slack.api_url, **(settings | changes))


async def error_of(call: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


class TestTheDoor:
    async def test_tells_the_app_who_it_is(self, client: AsyncWebClient):
        answer = await client.auth_test()

        assert (answer["team_id"], answer["user_id"]) == ("T0UPSHOT1", "U0UPSHOT1")
        assert "chat:write" in answer.headers["X-OAuth-Scopes"]

    @pytest.mark.parametrize(
        ("headers", "error"),
        [
            ({}, "not_authed"),
            ({"Authorization": "Bearer xoxb-other"}, "invalid_auth"),
            ({"Authorization": f"Bearer {APP_TOKEN}"}, "not_allowed_token_type"),
        ],
    )
    async def test_refuses_other_tokens(self, slack: SlackStandIn, headers: Any, error: str):
        async with httpx.AsyncClient(headers=headers) as http:
            answer = await http.get(f"{slack.api_url}auth.test")

        assert answer.json() == {"ok": False, "error": error}

    async def test_takes_the_token_as_a_field_and_never_records_it(self, slack: SlackStandIn):
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{slack.api_url}auth.test", data={"token": BOT_TOKEN})

        assert answer.json()["ok"]
        assert BOT_TOKEN not in str(slack.calls)

    async def test_knows_no_other_methods(self, client: AsyncWebClient):
        assert (await error_of(client.api_call("chat.shout")))["error"] == "unknown_method"

    async def test_names_the_missing_scope(self):
        scopes = set(EVERY_SCOPE) - {"users:read"}
        with SlackStandIn(scopes=scopes).serving() as base_url:
            client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{base_url}/api/")
            answer = await error_of(client.users_list())

        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
        assert "chat:write" in answer["provided"]

    async def test_reads_forms_and_json_alike(self, slack: SlackStandIn):
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as http:
            url = f"{slack.api_url}chat.postMessage"
            message = {"channel": "C1", "text": "Hello", "blocks": [SECTION]}
            await http.post(url, data={**message, "blocks": json.dumps([SECTION])})
            await http.post(url, json=message)

        assert [m.blocks for m in slack.messages_in("C1")] == [(SECTION,), (SECTION,)]

    async def test_records_every_call(self, slack: SlackStandIn, client: AsyncWebClient):
        await client.users_info(user="U1ADA")
        await error_of(client.chat_postMessage(channel="C3", text="Hello"))

        read, refused = slack.calls
        assert (read.method, read.http_method, read.arguments) == (
            "users.info", "GET", {"user": "U1ADA"},
        )  # fmt: skip
        assert (refused.http_method, refused.status, refused.error) == (
            "POST", 200, "not_in_channel",
        )  # fmt: skip
        assert slack.call_count("users.info") == len(slack.calls_of("users.info")) == 1


class TestPeople:
    async def test_come_page_by_page(self, client: AsyncWebClient):
        pages = [page["members"] async for page in await client.users_list(limit=3)]

        assert [len(page) for page in pages] == [3, 3, 1]
        assert {user["id"] for page in pages for user in page} == {
            "USLACKBOT", "U0UPSHOT1", *(user.id for user in EVERYONE),
        }  # fmt: skip

    async def test_are_told_apart(self, client: AsyncWebClient):
        users = {user["id"]: user for user in (await client.users_list())["members"]}

        assert users["USLACKBOT"]["is_bot"] is False
        assert users["U5BOT"]["is_bot"] is True
        assert users["U2BOB"]["deleted"] is True
        assert "tz" not in users["U2BOB"]
        assert users["U3GUEST"]["is_restricted"] is users["U3GUEST"]["is_ultra_restricted"] is True
        assert (users["W4OUT"]["team_id"], users["W4OUT"]["is_stranger"]) == ("T9OTHER", True)

    async def test_have_a_time_zone_and_a_locale_when_asked(self, client: AsyncWebClient):
        plain = (await client.users_info(user="U1ADA"))["user"]
        asked = (await client.users_info(user="U1ADA", include_locale=True))["user"]

        assert (plain["tz"], plain["tz_offset"]) == ("Australia/Lord_Howe", 11 * 3600)
        assert "locale" not in plain
        assert asked["locale"] == "de-DE"

    async def test_have_no_address_without_the_scope(self):
        scopes = set(EVERY_SCOPE) - {"users:read.email"}
        with SlackStandIn(users=EVERYONE, scopes=scopes).serving() as base_url:
            client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{base_url}/api/")
            users = (await client.users_list())["members"]

        assert all("email" not in user["profile"] for user in users)

    async def test_who_are_unknown_are_not_found(self, client: AsyncWebClient):
        assert (await error_of(client.users_info(user="U0")))["error"] == "user_not_found"

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [({"limit": 1001}, "invalid_limit"), ({"cursor": "?"}, "invalid_cursor")],
    )
    async def test_are_not_paged_by_nonsense(
        self, client: AsyncWebClient, arguments: Any, error: str
    ):
        assert (await error_of(client.users_list(**arguments)))["error"] == error

    async def test_form_groups(self, slack: SlackStandIn, client: AsyncWebClient):
        bare = (await client.usergroups_list())["usergroups"]
        whole = (await client.usergroups_list(include_users=True, include_disabled=True))[
            "usergroups"
        ]
        slack.workspace.has_paid_plan = False
        refused = await error_of(client.usergroups_list())

        assert [group["handle"] for group in bare] == ["crew"]
        assert "users" not in bare[0]
        assert [group["users"] for group in whole] == [["U1ADA"], []]
        assert refused["error"] == "plan_upgrade_required"


class TestPosting:
    async def test_to_a_person_opens_their_direct_messages(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        first = await client.chat_postMessage(channel="U1ADA", text="One", blocks=[SECTION])
        second = await client.chat_postMessage(channel=first["channel"], text="Two")

        assert first["channel"].startswith("D")
        assert second["channel"] == first["channel"]
        assert first["ts"] < second["ts"]
        assert [message.text for message in slack.dms_to("U1ADA")] == ["One", "Two"]
        assert slack.dms_to("U1ADA")[0].block_ids == ("s",)
        assert slack.dm_count("U1ADA") == slack.message_count == 2
        assert slack.dms_to("U3GUEST") == ()
        assert slack.dm_count("U3GUEST") == 0

    async def test_twice_is_two_messages_whatever_the_client_msg_id(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        for _ in range(2):
            await client.chat_postMessage(channel="U1ADA", text="One", client_msg_id="same")

        assert slack.dm_count("U1ADA") == 2

    @pytest.mark.parametrize(
        ("channel", "error"),
        [
            ("C0", "channel_not_found"),
            ("C3", "not_in_channel"),
            ("C4", "channel_not_found"),
            ("C5", "is_archived"),
            ("U2BOB", "user_disabled"),
            ("U5BOT", "cannot_dm_bot"),
            ("USLACKBOT", "cannot_dm_bot"),
            ("", "invalid_arguments"),
        ],
    )
    async def test_is_refused_where_slack_refuses(
        self, slack: SlackStandIn, client: AsyncWebClient, channel: str, error: str
    ):
        answer = await error_of(client.chat_postMessage(channel=channel, text="Hello"))

        assert answer["error"] == error
        assert slack.message_count == 0

    async def test_needs_the_messages_tab(self, slack: SlackStandIn, client: AsyncWebClient):
        slack.workspace.messages_tab = False

        answer = await error_of(client.chat_postMessage(channel="U1ADA", text="Hello"))

        assert answer["error"] == "messages_tab_disabled"

    async def test_says_where_the_blocks_are_wrong(self, client: AsyncWebClient):
        answer = await error_of(
            client.chat_postMessage(channel="U1ADA", text="Hello", blocks=[WRONG])
        )

        assert answer["error"] == "invalid_blocks"
        assert answer["response_metadata"]["messages"] == [
            "[ERROR] at least one of text, fields is required [json-pointer:/blocks/0]"
        ]

    async def test_refuses_charts_where_they_are_not_rolled_out(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        message = {"channel": "U1ADA", "text": "Code 7", "blocks": [CHART]}
        await client.chat_postMessage(**message)
        slack.workspace.native_charts = False

        assert (await error_of(client.chat_postMessage(**message)))["error"] == "invalid_blocks"

    async def test_refuses_emptiness(self, slack: SlackStandIn):
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as http:
            url = f"{slack.api_url}chat.postMessage"
            nothing = await http.post(url, json={"channel": "C1"})
            nonsense = await http.post(url, data={"channel": "C1", "blocks": "["})
            unreadable = await http.post(
                url, content=b"[", headers={"Content-Type": "application/json"}
            )

        assert nothing.json()["error"] == unreadable.json()["error"] == "no_text"
        assert nonsense.json()["error"] == "invalid_blocks_format"

    async def test_can_be_changed_afterwards(self, slack: SlackStandIn, client: AsyncWebClient):
        posted = await client.chat_postMessage(channel="C1", text="Before")
        await client.chat_update(channel="C1", ts=posted["ts"], text="After")
        missing = await error_of(client.chat_update(channel="C1", ts="1.000000", text="After"))

        [message] = slack.messages_in("C1")
        assert (message.text, message.ts, message.edited) == ("After", posted["ts"], True)
        assert missing["error"] == "message_not_found"

    async def test_can_be_for_the_eyes_of_one(self, slack: SlackStandIn, client: AsyncWebClient):
        await client.chat_postEphemeral(channel="C1", user="U1ADA", text="Only you")
        outsider = await error_of(
            client.chat_postEphemeral(channel="C1", user="W4OUT", text="Only you")
        )

        assert [message.text for message in slack.ephemerals_to("U1ADA")] == ["Only you"]
        assert slack.messages_in("C1") == ()
        assert outsider["error"] == "user_not_in_channel"


class TestConversations:
    async def test_are_opened_once(self, client: AsyncWebClient):
        first = await client.conversations_open(users="U1ADA")
        again = await client.conversations_open(users=["U1ADA"], return_im=True)

        assert first["channel"] == {"id": again["channel"]["id"]}
        assert again["already_open"] is True
        assert again["channel"]["user"] == "U1ADA"

    @pytest.mark.parametrize(
        ("users", "error"),
        [
            ("", "users_list_not_supplied"),
            ("U1ADA,U3GUEST", "method_not_supported_for_channel_type"),
            ("U0", "user_not_found"),
        ],
    )
    async def test_are_opened_with_one_known_person(
        self, client: AsyncWebClient, users: str, error: str
    ):
        assert (await error_of(client.conversations_open(users=users)))["error"] == error

    async def test_are_read_from_the_newest_in_pages(self, client: AsyncWebClient, clock: Clock):
        sent = []
        for number in range(5):
            sent.append(await client.chat_postMessage(channel="U1ADA", text=str(number)))
            clock.move(seconds=1)
        dm = sent[0]["channel"]

        async def texts(**arguments: Any) -> list[list[str]]:
            pages = await client.conversations_history(channel=dm, **arguments)
            return [[m["text"] for m in page["messages"]] async for page in pages]

        assert await texts(limit=2) == [["4", "3"], ["2", "1"], ["0"]]
        assert await texts(oldest=sent[2]["ts"]) == [["4", "3"]]
        assert await texts(oldest=sent[2]["ts"], inclusive=True) == [["4", "3", "2"]]
        assert await texts(latest=sent[2]["ts"]) == [["1", "0"]]
        assert await texts(oldest="0", latest=sent[0]["ts"], inclusive=True) == [["0"]]
        assert await texts(oldest=sent[2]["ts"].partition(".")[0]) == [["4", "3"]]

    async def test_may_come_to_be_shared(self, slack: SlackStandIn, client: AsyncWebClient):
        slack.workspace.channels.replace(replace(GENERAL, is_ext_shared=True, has_bot=False))

        channel = (await client.conversations_info(channel="C1"))["channel"]

        assert (channel["is_shared"], channel["is_member"]) == (True, False)

    async def test_give_metadata_to_everyone_who_asks(self, client: AsyncWebClient):
        metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
        posted = await client.chat_postMessage(channel="U1ADA", text="Hello", metadata=metadata)

        asked = await client.conversations_history(
            channel=posted["channel"], include_all_metadata=True
        )
        plain = await client.conversations_history(channel=posted["channel"])

        assert asked["messages"][0]["metadata"] == metadata
        assert "metadata" not in plain["messages"][0]

    async def test_are_read_only_with_their_scope(self):
        slack = SlackStandIn(users=EVERYONE, scopes=["chat:write"])
        with slack.serving():
            client = client_of(slack)
            posted = await client.chat_postMessage(channel="U1ADA", text="Hello")
            answer = await error_of(client.conversations_history(channel=posted["channel"]))

        assert (answer["error"], answer["needed"]) == ("missing_scope", "im:history")

    async def test_say_who_is_there_and_who_else_reads(self, client: AsyncWebClient):
        shared = (await client.conversations_info(channel="C2"))["channel"]
        there = (await client.conversations_members(channel="C1"))["members"]
        absent = await error_of(client.conversations_history(channel="C3"))
        moment = await error_of(client.conversations_history(channel="C1", oldest="now"))

        assert shared["is_ext_shared"] is True
        assert there == ["U1ADA", "U3GUEST", "U0UPSHOT1"]
        assert absent["error"] == "not_in_channel"
        assert moment["error"] == "invalid_ts_oldest"


class TestViews:
    async def test_home_is_published_and_guarded_by_its_hash(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        view = {"type": "home", "blocks": [SECTION]}
        first = (await client.views_publish(user_id="U1ADA", view=view))["view"]
        await client.views_publish(user_id="U1ADA", view=view, hash=first["hash"])
        stale = await error_of(client.views_publish(user_id="U1ADA", view=view, hash=first["hash"]))

        home = slack.home_of("U1ADA")
        assert home is not None
        assert home.payload == view
        assert home.id == first["id"]
        assert stale["error"] == "hash_conflict"

    async def test_wrong_ones_are_refused(self, slack: SlackStandIn, client: AsyncWebClient):
        wrong = await error_of(
            client.views_publish(user_id="U1ADA", view={"type": "home", "blocks": [WRONG]})
        )
        vast = {**SECTION, "text": {"type": "mrkdwn", "text": "x" * 3000}}
        blocks = [{**vast, "block_id": str(number)} for number in range(100)]
        large = await error_of(
            client.views_publish(user_id="U1ADA", view={"type": "home", "blocks": blocks})
        )

        assert wrong["error"] == "invalid_blocks"
        assert large["error"] == "view_too_large"
        assert slack.home_of("U1ADA") is None

    async def test_a_trigger_opens_one_modal_within_three_seconds(
        self, slack: SlackStandIn, client: AsyncWebClient, clock: Clock
    ):
        modal = {"type": "modal", "title": TITLE, "blocks": [SECTION]}
        trigger, late = (slack.workspace.triggers.issue("U1ADA") for _ in range(2))
        opened = (await client.views_open(trigger_id=trigger, view=modal))["view"]
        twice = await error_of(client.views_open(trigger_id=trigger, view=modal))
        clock.move(seconds=3.1)
        expired = await error_of(client.views_open(trigger_id=late, view=modal))
        unknown = await error_of(client.views_open(trigger_id="0", view=modal))
        changed = {**modal, "callback_id": "second"}
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=changed)
        missing = await error_of(client.views_update(view_id="V0", view=modal))

        assert twice["error"] == "exchanged_trigger_id"
        assert expired["error"] == "expired_trigger_id"
        assert unknown["error"] == "invalid_trigger_id"
        assert [view.payload for view in slack.modals_of("U1ADA")] == [changed]
        assert missing["error"] == "not_found"


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


class TestResponseUrls:
    async def test_take_five_answers(self, slack: SlackStandIn):
        url = slack.response_url("U1ADA", "C3")
        async with httpx.AsyncClient() as http:
            answers = [await http.post(url, json={"text": str(n)}) for n in range(6)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        assert answers[-1].json() == {"ok": False, "error": "expired_url"}
        assert [m.text for m in slack.ephemerals_to("U1ADA")] == list("01234")

    async def test_expire_after_half_an_hour(self, slack: SlackStandIn, clock: Clock):
        url = slack.response_url("U1ADA", "C1")
        clock.move(minutes=30)
        async with httpx.AsyncClient() as http:
            late = await http.post(url, json={"text": "Late"})
            unknown = await http.post(f"{slack.base_url}/response/0", json={"text": "x"})

        assert (late.status_code, unknown.status_code) == (404, 404)

    async def test_answer_everyone_only_when_told(self, slack: SlackStandIn):
        url = slack.response_url("U1ADA", "C3")
        async with httpx.AsyncClient() as http:
            await http.post(url, json={"text": "All", "response_type": "in_channel"})
            wrong = await http.post(url, json={"text": "Hello", "blocks": [WRONG]})
            junk = await http.post(url, content=b"hello")

        assert [message.text for message in slack.messages_in("C3")] == ["All"]
        assert slack.ephemerals_to("U1ADA") == ()
        assert wrong.json()["error"] == "invalid_blocks"
        assert junk.json()["error"] == "invalid_payload"

    async def test_replace_and_delete_what_was_clicked(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        await client.chat_postMessage(channel="U1ADA", text="Before", blocks=[CONTROLS])
        [original] = slack.dms_to("U1ADA")
        url = slack.response_url("U1ADA", "D000000001", original)
        async with httpx.AsyncClient() as http:
            await http.post(url, json={"text": "After", "replace_original": True})
            replaced = [message.text for message in slack.dms_to("U1ADA")]
            await http.post(url, json={"delete_original": True})
            other = slack.response_url("U1ADA", "D000000001", original)
            gone = await http.post(other, json={"delete_original": True})

        assert replaced == ["After"]
        assert gone.json()["error"] == "message_not_found"
        assert slack.dms_to("U1ADA") == ()

    async def test_can_fail_like_everything_else(self, slack: SlackStandIn):
        slack.faults.next("response_url", Drop())
        async with httpx.AsyncClient() as http:
            with pytest.raises(httpx.RemoteProtocolError):
                await http.post(slack.response_url("U1ADA", "C1"), json={"text": "x"})

        assert len(slack.ephemerals_to("U1ADA")) == 1


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


def person_facing(slack: SlackStandIn, answer: Callable[[httpx.Request], Any]) -> Person:
    async def respond(request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await answer(request)
        return response

    client = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    return Person(slack, "http://bot.example.com/slack/events", client=client)


class TestAPerson:
    def test_signs_as_slack_does(self):
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        secret = "8f742231b10e8888abcd99yyyzzz85a5"

        signed = signature(secret, "1531420618", body)

        expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        assert signed == expected
        assert signed == SignatureVerifier(secret).generate_signature(
            timestamp="1531420618", body=body
        )

    async def test_types_a_command_and_reads_the_answer(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person
    ):
        async def usage(ack: Any, command: Any, respond: Any) -> None:
            await respond("Later")
            await ack(text=f"{command['text']} in {command['channel_name']}", blocks=[SECTION])

        bolt.command("/myusage")(usage)

        ack = await person.command("/myusage", "week", user_id="U1ADA", channel_id="C1")

        assert (ack.status, ack.error, ack.violations) == (200, None, ())
        assert ack.body["text"] == "week in general"
        assert [m.text for m in slack.ephemerals_to("U1ADA")] == ["Later", "week in general"]

    async def test_does_not_see_an_answer_slack_would_refuse(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person
    ):
        async def usage(ack: Any) -> None:
            await ack(text="Hello", blocks=[WRONG])

        bolt.command("/myusage")(usage)

        ack = await person.command("/myusage", user_id="U1ADA")

        assert "/blocks/0" in ack.violations[0]
        assert slack.ephemerals_to("U1ADA") == ()

    async def test_waits_three_seconds(self, slack: SlackStandIn):
        async def never(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("", request=request)

        async def nobody(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("", request=request)

        async def wrong(_request: httpx.Request) -> httpx.Response:
            return httpx.Response(500)

        acks = [
            await person_facing(slack, answer).command("/myusage", user_id="U1ADA")
            for answer in (never, nobody, wrong)
        ]

        assert [(ack.status, ack.error) for ack in acks] == [
            (None, "operation_timeout"),
            (None, "dispatch_failed"),
            (500, "dispatch_failed"),
        ]

    async def test_knocks_in_vain_where_nobody_listens(self, slack: SlackStandIn):
        async with Person(slack, "http://127.0.0.1:1/slack/events") as person:
            ack = await person.open_home(user_id="U1ADA")

        assert (ack.status, ack.error) == (None, "dispatch_failed")

    async def test_presses_buttons_and_chooses(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person, client: AsyncWebClient
    ):
        heard: list[Any] = []

        async def stop(ack: Any, action: Any, body: Any, respond: Any) -> None:
            heard.append((action["value"], body["container"]["channel_id"], body["user"]["id"]))
            await ack()
            await respond("Stopped", replace_original=True)

        async def often(ack: Any, action: Any) -> None:
            heard.append((action["selected_option"]["value"], action["block_id"]))
            await ack()

        bolt.action("stop")(stop)
        bolt.action("often")(often)
        await client.chat_postMessage(channel="U1ADA", text="Digest", blocks=[CONTROLS])
        [digest] = slack.dms_to("U1ADA")

        await person.press("often", user_id="U1ADA", on=digest, choose="off")
        ack = await person.press("stop", user_id="U1ADA", on=digest)

        assert ack.status == 200
        assert heard == [("off", "controls"), ("weekly", digest.channel, "U1ADA")]
        assert [message.text for message in slack.dms_to("U1ADA")] == ["Stopped"]
        with pytest.raises(LookupError):
            await person.press("absent", user_id="U1ADA", on=digest)
        with pytest.raises(LookupError):
            await person.press("often", user_id="U1ADA", on=digest, choose="never")

    async def test_opens_the_home_tab(self, slack: SlackStandIn, bolt: AsyncApp, person: Person):
        async def show(event: Any, client: AsyncWebClient) -> None:
            view = {"type": "home", "blocks": [SECTION, CONTROLS]}
            await client.views_publish(user_id=event["user"], view=view)

        bolt.event("app_home_opened")(show)

        ack = await person.open_home(user_id="U1ADA")
        for _ in range(100):
            if slack.home_of("U1ADA"):
                break
            await asyncio.sleep(0.01)

        assert ack.status == 200
        assert slack.home_of("U1ADA") is not None

    async def test_fills_a_modal_opened_from_home(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person, client: AsyncWebClient
    ):
        field = {
            "type": "input",
            "block_id": "hour",
            "label": TITLE,
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
        modal = {
            "type": "modal",
            "callback_id": "settings",
            "title": TITLE,
            "submit": TITLE,
            "blocks": [field],
        }

        async def edit(ack: Any, body: Any, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal)

        async def save(ack: Any, view: Any) -> None:
            match view["state"]["values"]["hour"]["value"]["value"]:
                case "bad":
                    await ack(response_action="errors", errors={"hour": "Not an hour"})
                case "more":
                    await ack(response_action="update", view={**modal, "title": TITLE})
                case "wrong":
                    await ack(response_action="push", view={**modal, "submit": "Go"})
                case _:
                    await ack()

        bolt.action("stop")(edit)
        bolt.view("settings")(save)
        await client.views_publish(user_id="U1ADA", view={"type": "home", "blocks": [CONTROLS]})
        home = slack.home_of("U1ADA")
        assert home is not None
        await person.press("stop", user_id="U1ADA", on=home)
        [opened] = slack.modals_of("U1ADA")

        async def submit(text: str) -> Any:
            return await person.submit(
                opened,
                {"hour": {"value": {"type": "plain_text_input", "value": text}}},
                user_id="U1ADA",
            )

        refused = await submit("bad")
        await submit("more")
        wrong = await submit("wrong")
        still_open = slack.modals_of("U1ADA")
        await submit("9")

        assert refused.body["errors"] == {"hour": "Not an hour"}
        assert wrong.violations == ("[ERROR] must be an object [json-pointer:/submit]",)
        assert len(still_open) == 1
        assert slack.modals_of("U1ADA") == ()

    async def test_verifies_the_address(self, person: Person):
        ack = await person.verify_url("abc")

        assert ack.body == {"challenge": "abc"}

    @pytest.mark.parametrize(
        "tampering",
        [
            Tampering(age=timedelta(minutes=6)),
            Tampering(age=-timedelta(minutes=6)),
            Tampering(signature="v0=0"),
            Tampering(secret="another"),
            Tampering(unsigned=True),
        ],
    )
    async def test_cannot_forge(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person, tampering: Tampering
    ):
        async def usage(ack: Any) -> None:
            await ack("Yours")

        bolt.command("/myusage")(usage)

        ack = await person.command("/myusage", user_id="U1ADA", tampering=tampering)

        assert ack.status == 401
        assert slack.ephemerals_to("U1ADA") == ()

    async def test_may_send_nonsense_for_a_time_and_the_same_request_twice(
        self, slack: SlackStandIn
    ):
        seen: list[httpx.Request] = []

        async def collect(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, text="Thanks")

        person = person_facing(slack, collect)
        first = await person.command(
            "/myusage", user_id="U1ADA", tampering=Tampering(timestamp="soon")
        )
        await person.send_again(first.request)

        assert first.body == "Thanks"
        assert seen[0].headers["X-Slack-Request-Timestamp"] == "soon"
        assert seen[0].content == seen[1].content
        assert seen[0].headers["X-Slack-Signature"] == seen[1].headers["X-Slack-Signature"]


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
