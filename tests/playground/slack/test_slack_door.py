"""The stand-in of Slack lets in whom Slack would, and tells the others why not."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.stand_in import APP_TOKEN, BOT_TOKEN, EVERY_SCOPE, SlackStandIn
from tests.playground.slack.made_up import EVERYONE, SECTION, error_of


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
