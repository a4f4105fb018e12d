"""What is posted is where Slack would have it, and nothing is that Slack would refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.stand_in import BOT_TOKEN, SlackStandIn
from tests.playground.slack.made_up import (
    CHART,
    EVERYONE,
    GENERAL,
    SECTION,
    WRONG,
    Clock,
    client_of,
    error_of,
)


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
