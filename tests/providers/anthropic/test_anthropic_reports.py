"""The older reports, where a key may read no more than those."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay
from bot.providers.anthropic import Anthropic
from tests.providers.anthropic.answers import (
    ANALYTICS,
    CONSOLE,
    ENTERPRISE,
    NOTHING,
    make_count,
    make_record,
    of_reports,
    page_name,
    refusing,
    tokens,
    without_analytics,
)
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading


class TestReports:
    """What is read where the organization has no analytics."""

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_give_tokens_at_list_price_and_the_bill(self, status):
        day = await read_day(reading(Anthropic, without_analytics(status)))

        sonnet = {"model": "claude-sonnet-4-5", "cost_basis": CostBasis.LIST_PRICE}
        seat = {
            "account": "cleo.adeyemi@example.com",
            "product": "claude_code_subscription",
            "cost_basis": CostBasis.PROVIDER_ESTIMATE,
        }
        assert day == ProviderDay(
            provider="anthropic",
            day=DAY,
            records=(
                make_record(**sonnet, tokens=tokens(1000), cost=Decimal("0.003")),
                make_record(
                    account="apikey_03T", model="claude-unheard-of-9", tokens=tokens(10, output=10)
                ),
                make_record(
                    **seat,
                    model="claude-haiku-5",
                    tokens=tokens(2000, output=100),
                    cost=Decimal("0.0025"),
                ),
                make_record(
                    **seat,
                    model="claude-opus-5",
                    tokens=tokens(101_000, 10_000, 5_000, 35_500),
                    cost=Decimal("1.4275"),
                ),
                # $5.46 of ordinary requests, and $0.6225 of those over 200k tokens
                make_record(
                    account="user_01Ana",
                    **sonnet,
                    tokens=tokens(1_100_000, 200_000, 500_000, 21_000),
                    cost=Decimal("6.0825"),
                ),
                make_record(
                    account="user_02Ben",
                    **sonnet,
                    tokens=tokens(1_000_000, output=10_000),
                    cost=Decimal("1.575"),
                ),
            ),
            billed=Decimal("8.0025"),
            data_through=datetime(2026, 11, 20, tzinfo=UTC),
            emails={
                "user_01Ana": "ana.ruiz@example.com",
                "user_02Ben": "ben@example.com",
                "cleo.adeyemi@example.com": "cleo.adeyemi@example.com",
            },
            sessions=(
                make_count("cleo.adeyemi@example.com", 4, 2, 0, 20, 18),
                make_count("user_01Ana", 2, 1, 0, 10, 9),
            ),
        )

    async def test_are_followed_to_the_last_page(self):
        page = load_page("anthropic", "messages_by_account_id")
        users = load_page("anthropic", "users")
        recorded = without_analytics(404)

        def in_two(request: httpx.Request) -> httpx.Response:
            parameters, name = request.url.params, page_name(request)
            if name == "messages_by_account_id" and "page" not in parameters:
                return httpx.Response(200, json={**page, "has_more": True, "next_page": "2"})
            if name == "users" and "after_id" not in parameters:
                first = {**users, "data": users["data"][:1], "last_id": "user_01Ana"}
                return httpx.Response(200, json={**first, "has_more": True})
            return recorded(request)

        day = await read_day(reading(Anthropic, in_two))

        assert day == await read_day(reading(Anthropic, without_analytics(404)))

    async def test_of_another_day_are_not_taken_for_this_one(self):
        with pytest.raises(errors.SourceResponseError, match="another day"):
            await read_day(reading(Anthropic, without_analytics(404)), date(2026, 11, 12))

    async def test_are_read_alone_where_only_the_cost_is_refused(self):
        recorded = Recorded("anthropic", cost_by_actor=httpx.Response(403))

        day = await read_day(reading(Anthropic, recorded))

        assert day == await read_day(reading(Anthropic, without_analytics(403)))

    async def test_know_the_older_spelling_of_a_key_s_owner(self):
        page = load_page("anthropic", "api_keys")
        page["data"][0]["principal"] = {"id": "user_02Ben", "type": "user"}

        day = await read_day(reading(Anthropic, without_analytics(404, api_keys=page)))

        assert "user_02Ben" in {record.account for record in day.records}

    @pytest.mark.parametrize("status", [400, 401, 403, 404])
    async def test_refused_as_well_leave_the_first_refusal(self, status):
        recorded = Recorded(
            "anthropic", **refusing(403, *ANALYTICS), **refusing(status, *CONSOLE, *ENTERPRISE)
        )

        with pytest.raises(errors.SourceForbiddenError, match="anthropic 2026-11-19: The key may"):
            await read_day(reading(Anthropic, recorded))

    async def test_are_not_asked_with_a_key_that_was_refused(self):
        recorded = without_analytics(401)

        with pytest.raises(errors.SourceUnauthorizedError):
            await read_day(reading(Anthropic, recorded))

        assert [page_name(request) for request in recorded.requests] == ["cost"]

    async def test_are_not_asked_because_a_cursor_went_stale(self):
        page = {**load_page("anthropic", "usage_by_actor"), "has_more": True, "next_page": "2"}
        recorded = Recorded("anthropic")

        def stale(request: httpx.Request) -> httpx.Response:
            if "page" in request.url.params:
                return httpx.Response(400)
            if page_name(request) == "usage_by_actor":
                return httpx.Response(200, json=page)
            return recorded(request)

        with pytest.raises(errors.SourceUnavailableError, match="HTTP 400 at page 2"):
            await read_day(reading(Anthropic, stale))


class TestReportsOfNoUse:
    async def test_a_day_whose_buckets_are_empty_costs_nothing(self):
        span = {"starting_at": "2026-11-19T00:00:00Z", "ending_at": "2026-11-20T00:00:00Z"}
        page = {**NOTHING, "data": [{**span, "results": []}]}

        day = await of_reports(messages_by_account_id=page, cost_report=page, claude_code=NOTHING)

        assert (day.records, day.billed) == ((), Decimal(0))
        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)

    async def test_a_day_without_a_bucket_has_not_come_in(self):
        day = await of_reports(
            messages_by_account_id=NOTHING, cost_report=NOTHING, claude_code=NOTHING
        )

        assert (day.records, day.billed) == ((), None)
        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)
