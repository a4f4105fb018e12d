from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.providers.openai import OpenAI
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, page_name, read_day, reading

EMAILS = {"user-ana": "ana.ruiz@example.com", "user-ben": "ben@example.com"}
REFUSED = httpx.Response(400)


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "openai",
        "account": None,
        "day": DAY,
        "product": None,
        "model": "gpt-6-astra",
        "cost_type": "tokens",
        "tokens": None,
        "requests": None,
        "cost": None,
        "cost_basis": CostBasis.BILLED if "cost" in changes else None,
    }
    return UsageRecord(**(record | changes))


ANA_TOKENS = TokenUsage(input_uncached=5300, cache_read=6000, cache_write=200, output=1000)
BEN_TOKENS = TokenUsage(input_uncached=1500, cache_read=500, cache_write=0, output=300)
SERVICE_TOKENS = TokenUsage(input_uncached=1000, cache_read=0, cache_write=0, output=0)
ANA = make_record(account="user-ana", tokens=ANA_TOKENS, requests=43, cost=Decimal("0.1062"))
ANA_SEARCH = make_record(
    account="user-ana", model=None, cost_type="web search tool calls", cost=Decimal("0.02")
)
BEN = make_record(
    account="user-ben", model="gpt-5-mini", tokens=BEN_TOKENS, requests=7, cost=Decimal("0.0009")
)
BEN_STORAGE = make_record(
    account="user-ben", model="gpt-5-mini", cost_type="storage", cost=Decimal("0.0003")
)


def costs_of(*rows: dict) -> dict:
    page = load_page("openai", "costs_by_user_id")
    [bucket] = page["data"]
    bucket["results"] = [bucket["results"][0] | row for row in rows]
    return page


async def day_of(**instead) -> ProviderDay:
    return await read_day(reading(OpenAI, Recorded("openai", **instead)))


class TestCosts:
    async def test_are_billed_dollars_by_user(self):
        assert await day_of() == ProviderDay(
            provider="openai",
            day=DAY,
            records=(
                make_record(cost=Decimal("0.01")),
                make_record(account="key_svc", tokens=SERVICE_TOKENS, requests=5),
                ANA_SEARCH,
                ANA,
                BEN_STORAGE,
                BEN,
            ),
            billed=Decimal("0.14"),
            data_through=datetime(2026, 11, 20, tzinfo=UTC),
            emails=EMAILS,
        )

    async def test_by_key_go_to_the_key_s_only_user(self):
        day = await day_of(costs_by_user_id=REFUSED)

        service = make_record(
            account="key_svc", tokens=SERVICE_TOKENS, requests=5, cost=Decimal("0.01")
        )
        assert day.records == (service, ANA_SEARCH, ANA, BEN_STORAGE, BEN)

    async def test_by_key_stay_with_a_key_that_several_use(self):
        usage = load_page("openai", "completions_by_user_id")
        usage["data"][0]["results"][2]["api_key_id"] = "key_a"

        day = await day_of(costs_by_user_id=REFUSED, completions_by_user_id=usage)

        spent = {(r.account, r.cost) for r in day.records if r.model == "gpt-6-astra" and r.cost}
        assert spent == {("key_a", Decimal("0.1062")), ("key_svc", Decimal("0.01"))}

    async def test_are_list_prices_where_they_may_not_be_grouped(self):
        day = await day_of(costs_by_user_id=REFUSED, costs_by_api_key_id=REFUSED)

        listed = {(r.account, r.model): r.cost for r in day.records if r.cost_basis == "list_price"}
        assert listed == {
            # $0.043 + $0.006 + $0.0025 + $0.045, and a batch of $0.005 + $0.0025
            ("user-ana", "gpt-6-astra"): Decimal("0.104"),
            ("user-ben", "gpt-5-mini"): Decimal("0.0009875"),
            ("key_svc", "gpt-6-astra"): Decimal("0.01"),
        }
        assert day.billed == Decimal("0.14")

    @pytest.mark.parametrize("status", [403, 404])
    async def test_that_may_not_be_read_at_all_are_an_error(self, status):
        with pytest.raises(errors.SourceError, match="openai 2026-11-19: "):
            await day_of(costs_by_user_id=httpx.Response(status))

    @pytest.mark.parametrize("value", ['"12.50"', "12.50", "1250e-2"])
    async def test_are_read_to_the_last_digit_as_number_or_text(self, value):
        page = json.dumps(costs_of({"amount": {"value": "?", "currency": "usd"}}))
        response = httpx.Response(200, content=page.replace('"?"', value))

        day = await day_of(costs_by_user_id=response)

        assert [r.cost for r in day.records if r.cost is not None] == [Decimal("12.50")]

    async def test_of_floats_are_added_without_noise(self):
        page = costs_of(
            *(
                {
                    "amount": {"value": 0.1, "currency": "usd"},
                    "line_item": f"gpt-6-astra, {i} tokens",
                }
                for i in range(3)
            )
        )

        day = await day_of(costs_by_user_id=page)

        assert [r.cost for r in day.records if r.cost is not None] == [Decimal("0.3")]

    async def test_in_other_currencies_are_kept_out_of_every_sum(self):
        page = costs_of({}, {"amount": {"value": 5, "currency": "eur"}})

        day = await day_of(costs_by_user_id=page)

        apart = [r for r in day.records if r.cost_type == "currency:eur"]
        assert [(r.account, r.cost, r.cost_basis) for r in apart] == [("user-ana", None, None)]
        assert sum(r.cost for r in day.records if r.cost is not None) == Decimal("0.0612")


class TestTokens:
    async def test_more_cached_than_there_was_input_is_an_error(self):
        page = load_page("openai", "completions_by_user_id")
        page["data"][0]["results"][2]["input_cached_tokens"] = 9000

        with pytest.raises(errors.SourceResponseError, match="more cached input than input"):
            await day_of(completions_by_user_id=page)


class TestDataThrough:
    async def test_is_the_start_of_the_day_while_it_has_no_bucket(self):
        page = {"object": "page", "data": [], "has_more": False, "next_page": None}

        day = await day_of(costs=page)

        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)


class TestRequests:
    async def test_ask_for_the_day_in_unix_seconds_with_a_bearer_key(self):
        recorded = Recorded("openai")

        await read_day(reading(OpenAI, recorded))

        usage = recorded.requests[0]
        assert str(usage.url) == (
            "https://api.openai.com/v1/organization/usage/completions"
            "?start_time=1795046400&end_time=1795132800&bucket_width=1d"
            "&group_by=user_id&group_by=api_key_id&group_by=model&group_by=batch"
        )
        assert {r.headers["authorization"] for r in recorded.requests} == {f"Bearer {SECRET}"}

    async def test_follow_the_users_to_the_last(self):
        first, second = load_page("openai", "users"), load_page("openai", "users")
        first |= {"data": first["data"][:1], "has_more": True, "last_id": "user-ana"}
        second["data"] = second["data"][1:]
        recorded = Recorded("openai")

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) != "users":
                return recorded(request)
            after = request.url.params.get("after")
            return httpx.Response(200, json={None: first, "user-ana": second}[after])

        assert (await read_day(reading(OpenAI, answer))).emails == EMAILS
