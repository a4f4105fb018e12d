"""What Anthropic is asked, with which headers."""

from __future__ import annotations

import httpx
import pytest

from bot.providers.anthropic import Anthropic
from tests.providers.anthropic.answers import page_name, without_analytics
from tests.providers.recorded import SECRET, Recorded, load_page, read_day, reading


class TestQuestions:
    async def test_lists_are_asked_for_in_brackets(self):
        recorded = Recorded("anthropic")

        await read_day(reading(Anthropic, recorded))

        [usage] = [r for r in recorded.requests if page_name(r) == "usage_by_actor"]
        assert usage.url.params.get_list("group_by[]") == [
            "actor",
            "api_key_id",
            "model",
            "product",
        ]

    async def test_the_width_of_a_bucket_is_spelled_in_two_ways(self):
        recorded = without_analytics(404)

        await read_day(reading(Anthropic, recorded))

        widths = {page_name(r): set(r.url.params) & WIDTHS for r in recorded.requests}
        assert widths["cost"] == {"time_bucket_width"}
        assert widths["messages_by_account_id"] == widths["cost_report"] == {"bucket_width"}

    async def test_a_cursor_goes_with_the_very_same_question(self):
        page = {**load_page("anthropic", "usage_by_actor"), "has_more": True, "next_page": "2"}
        recorded = Recorded("anthropic")

        def in_two(request: httpx.Request) -> httpx.Response:
            answer = recorded(request)
            first = page_name(request) == "usage_by_actor" and "page" not in request.url.params
            return httpx.Response(200, json=page) if first else answer

        await read_day(reading(Anthropic, in_two))

        first, second = [r.url.params for r in recorded.requests if r.url.path.endswith("/usage")]
        assert second.remove("page") == first
        assert first["order_by"] == "time"

    async def test_claude_code_is_asked_for_by_date(self):
        recorded = without_analytics(404)

        await read_day(reading(Anthropic, recorded))

        [request] = [r for r in recorded.requests if page_name(r) == "claude_code"]
        assert request.url.params["starting_at"] == "2026-11-19"


WIDTHS = {"bucket_width", "time_bucket_width"}


class TestHeaders:
    async def test_name_the_beta_to_the_analytics_only(self):
        recorded = without_analytics(404)

        await read_day(reading(Anthropic, recorded, version="2026-10-21", beta="later"))

        sent = {
            page_name(request): (
                request.headers["anthropic-version"],
                request.headers.get("anthropic-beta"),
            )
            for request in recorded.requests
        }
        assert sent == {
            "cost": ("2026-10-21", "later"),
            "messages_by_account_id": ("2023-06-01", None),
            "cost_report": ("2023-06-01", None),
            "claude_code": ("2023-06-01", None),
            "users": ("2023-06-01", None),
            "api_keys": ("2023-06-01", None),
        }

    @pytest.mark.parametrize(
        ("header", "value"), [("x-api-key", SECRET), ("authorization", f"Bearer {SECRET}")]
    )
    async def test_carry_the_key_as_configured(self, header, value):
        recorded = Recorded("anthropic")

        await read_day(reading(Anthropic, recorded, auth_header=header))

        other = {"x-api-key", "authorization"} - {header}
        assert {request.headers[header] for request in recorded.requests} == {value}
        assert not any(name in request.headers for name in other for request in recorded.requests)
