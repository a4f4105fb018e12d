"""The stand-in of Cursor answers as Cursor does."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.periods import midnight
from bot.playground.providers.cursor import CURSOR_KEY
from tests.playground.tools.asking import COMPANY, MONDAY, SETTLED, Spec

EVENTS, MEMBERS = "/teams/filtered-usage-events", "/teams/members"
DAILY = "/teams/daily-usage-data"


def day_in_milliseconds(first: date, days: int = 1, **more: Any) -> dict[str, Any]:
    start, end = midnight(first), midnight(first + timedelta(days=days))
    return {"startDate": int(start.timestamp()) * 1000, "endDate": int(end.timestamp()) * 1000} | (
        more
    )


class TestCursor:
    async def test_answers_in_the_published_shapes(self, cursor):
        spec = Spec("cursor-admin.openapi.json")
        members = await cursor.get(MEMBERS)
        events = await cursor.post(EVENTS, day_in_milliseconds(MONDAY, pageSize=1000))
        stranger = await cursor.ask("GET", MEMBERS, headers={"authorization": "Basic eDo="})
        odd = await cursor.post(EVENTS, {})

        assert (members.status_code, events.status_code) == (200, 200)
        assert (stranger.status_code, odd.status_code) == (401, 400)
        assert events.json()["usageEvents"]
        spec.require(f"get {MEMBERS}", members)
        spec.require(f"get {MEMBERS}", stranger)
        spec.require(f"post {EVENTS}", events)
        spec.require(f"post {EVENTS}", odd)

    @pytest.mark.parametrize(
        "authorization", [f"Bearer {CURSOR_KEY}", "Basic " + b64encode(b":key_playground").decode()]
    )
    async def test_takes_the_key_as_a_user_s_name_alone(self, cursor, authorization):
        for method, path in (("GET", MEMBERS), ("POST", EVENTS)):
            answer = await cursor.ask(method, path, headers={"authorization": authorization})
            assert answer.status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            [],
            {},
            {"startDate": "2026-11-09", "endDate": "2026-11-10"},
            day_in_milliseconds(MONDAY, pageSize=1001),
            day_in_milliseconds(MONDAY, pageSize=0),
            day_in_milliseconds(MONDAY, page=0),
            day_in_milliseconds(MONDAY, page="2"),
        ],
        ids=str,
    )
    async def test_refuses_what_it_does_not_understand(self, cursor, body):
        assert (await cursor.post(EVENTS, body)).status_code == 400

    async def test_pages_of_any_size_hold_each_event_once_newest_first(self, cursor):
        week = day_in_milliseconds(MONDAY, 7)
        whole = (await cursor.post(EVENTS, {**week, "pageSize": 1000})).json()
        events, page = [], 1
        while True:
            answer = (await cursor.post(EVENTS, {**week, "pageSize": 100, "page": page})).json()
            events += answer["usageEvents"]
            if not answer["pagination"]["hasNextPage"]:
                break
            page += 1

        assert events[:1000] == whole["usageEvents"]
        assert len(events) == whole["totalUsageEventsCount"]
        assert answer["pagination"]["numPages"] == page
        times = [int(event["timestamp"]) for event in events]
        assert times == sorted(times, reverse=True)

    async def test_an_event_is_one_request_and_those_of_a_day_are_all_of_that_day(self, cursor):
        body = day_in_milliseconds(MONDAY, pageSize=1000)
        events = (await cursor.post(EVENTS, body)).json()["usageEvents"]
        facts = COMPANY.tool_facts("cursor", MONDAY, SETTLED)

        assert len(events) == sum(fact.requests for fact in facts)
        assert all(
            body["startDate"] <= int(event["timestamp"]) < body["endDate"] for event in events
        )

    async def test_a_day_s_edits_are_told_in_the_published_shape(self, cursor):
        spec = Spec("cursor-admin.openapi.json")
        answer = await cursor.post(DAILY, day_in_milliseconds(MONDAY, page=1, pageSize=500))
        odd = await cursor.post(DAILY, day_in_milliseconds(MONDAY, 31))

        spec.require(f"post {DAILY}", answer)
        spec.require(f"post {DAILY}", odd)
        assert (answer.status_code, odd.status_code) == (200, 400)
        rows = [row for row in answer.json()["data"] if row["day"] == f"{MONDAY}"]
        assert {row["email"] for row in rows} == {u.email for u in COMPANY.tool_users["cursor"]}

    async def test_without_pages_only_those_who_used_it_are_told(self, cursor):
        answer = await cursor.post(DAILY, day_in_milliseconds(MONDAY))

        assert all(row["isActive"] for row in answer.json()["data"])

    async def test_pages_of_days_hold_each_member_once(self, cursor):
        body = day_in_milliseconds(MONDAY)
        whole = (await cursor.post(DAILY, {**body, "pageSize": 500})).json()["data"]
        first = (await cursor.post(DAILY, {**body, "pageSize": 2})).json()
        second = (await cursor.post(DAILY, {**body, "pageSize": 2, "page": 2})).json()

        assert first["pagination"]["hasNextPage"]
        assert first["data"] + second["data"] == whole[:4]
