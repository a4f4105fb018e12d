"""The stand-in of LiteLLM answers as LiteLLM does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from bot.playground.company import ToolFact
from bot.providers.litellm import ActivityPage, LiteLLM
from tests.playground.tools.asking import COMPANY, MONDAY, SETTLED, TUESDAY, Spec, assert_true

ACTIVITY, USERS = "/user/daily/activity", "/user/list"


class TestLiteLLM:
    async def test_answers_in_the_published_shapes(self, litellm):
        spec = Spec("litellm-proxy.openapi.json")
        days = {"start_date": f"{MONDAY}", "end_date": f"{TUESDAY}"}
        activity, users = await litellm.get(ACTIVITY, **days), await litellm.get(USERS)
        stranger = await litellm.ask("GET", USERS, headers={"authorization": "Bearer sk-x"})
        odd = await litellm.get(ACTIVITY, start_date="yesterday", end_date=f"{MONDAY}")

        assert [day["date"] for day in activity.json()["results"]] == [f"{TUESDAY}", f"{MONDAY}"]
        assert (users.status_code, stranger.status_code, odd.status_code) == (200, 401, 400)
        spec.require(f"get {ACTIVITY}", activity)
        spec.require(f"get {ACTIVITY}", odd)
        spec.require(f"get {USERS}", users)
        spec.require(f"get {USERS}", stranger)

    @pytest.mark.parametrize(
        ("name", "value"), [("page_size", "1001"), ("page_size", "x"), ("page", "0"), ("page", "-")]
    )
    async def test_refuses_pages_that_there_are_not(self, litellm, name, value):
        days = {"start_date": f"{MONDAY}", "end_date": f"{MONDAY}"}

        assert (await litellm.get(ACTIVITY, **days, **{name: value})).status_code == 422

    async def test_totals_are_those_of_what_is_on_the_page(self, litellm):
        days = {"start_date": f"{MONDAY}", "end_date": f"{MONDAY}"}
        page = (await litellm.get(ACTIVITY, **days, page_size=1000)).json()
        facts = COMPANY.tool_facts("litellm", MONDAY, SETTLED)

        told = page["metadata"]
        assert Decimal(str(told["total_spend"])) == sum(fact.charged for fact in facts)
        assert told["total_api_requests"] == sum(fact.requests for fact in facts)
        assert told["total_tokens"] == sum(tokens_of(fact) for fact in facts)

    @pytest.mark.parametrize("size", [1, 3, 1000])
    async def test_a_day_on_several_pages_adds_up_to_the_same(self, litellm, size):
        days = {"start_date": f"{MONDAY}", "end_date": f"{MONDAY}"}
        pages, is_last = [], False
        while not is_last:
            page = (await litellm.get(ACTIVITY, **days, page_size=size, page=len(pages) + 1)).json()
            pages.append(page)
            is_last = not page["metadata"]["has_more"]

        assert_true("litellm", LiteLLM.parse(MONDAY, map(to_page, pages)))
        assert len(pages) == pages[0]["metadata"]["total_pages"]

    async def test_lists_everybody_once_however_long_the_pages_are(self, litellm):
        first = (await litellm.get(USERS, page_size=5)).json()
        later = [
            (await litellm.get(USERS, page_size=5, page=page)).json()["users"]
            for page in range(2, first["total_pages"] + 1)
        ]
        listed = first["users"] + [user for users in later for user in users]

        assert [user["user_email"] for user in listed] == [
            user.email for user in COMPANY.tool_users["litellm"]
        ]


def tokens_of(fact: ToolFact) -> int:
    return fact.input_uncached + fact.cache_read + fact.cache_write + fact.output


def to_page(page: Mapping[str, Any]) -> ActivityPage:
    return msgspec.json.decode(json.dumps(page), type=ActivityPage)
