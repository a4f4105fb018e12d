from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from httpx import MockTransport
from msgspec.structs import replace

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.http import Http
from bot.providers.openai import OpenAI, pages
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, page_name, read_day, reading

EMAILS = {
    "user-ana": "ana.ruiz@example.com",
    "user-ben": "ben@example.com",
    "user-cy": "cy.left@example.com",
}
REFUSED = httpx.Response(400)
SERVICE = "svc_acct_nightly"
UNREADABLE = {"projects": httpx.Response(403)}


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
ANA_EMBEDDINGS = make_record(
    account="user-ana",
    model="text-embedding-3-large",
    tokens=TokenUsage(input_uncached=6000, cache_read=0, cache_write=0, output=0),
    requests=12,
    cost=Decimal("0.00078"),
)


def make_kind(kind: str, **changes) -> UsageRecord:
    return make_record(**{"model": None, "product": kind, "cost_type": kind, **changes})


OTHER_KINDS = (
    make_kind("code_interpreter_sessions", requests=8),
    make_kind("vector_stores"),
    make_kind(
        "moderations",
        account=SERVICE,
        model="omni-moderation-latest",
        tokens=TokenUsage(input_uncached=300, cache_read=0, cache_write=0, output=0),
        requests=3,
    ),
    make_kind("web_search_calls", account="user-ana", model="gpt-6-astra", requests=2),
    make_kind("audio_transcriptions", account="user-ben", model="gpt-4o-transcribe", requests=2),
    make_kind("file_search_calls", account="user-ben", requests=3),
    make_kind("images", account="user-ben", model="gpt-image-1", requests=2),
)


def costs_of(*rows: dict) -> dict:
    page = load_page("openai", "costs_by_user_id")
    [bucket] = page["data"]
    bucket["results"] = [bucket["results"][0] | row for row in rows]
    return page


async def day_of(**instead) -> ProviderDay:
    return await read_day(reading(OpenAI, Recorded("openai", **instead)))


def charged(day: ProviderDay) -> tuple[UsageRecord, ...]:
    """The records of what is charged by the token or line item, without the other kinds."""
    return tuple(record for record in day.records if record.product is None)


class TestCosts:
    async def test_are_billed_dollars_by_user(self):
        day = await day_of()

        assert charged(day) == (
            make_record(cost=Decimal("0.01")),
            make_record(account=SERVICE, tokens=SERVICE_TOKENS, requests=5),
            ANA_SEARCH,
            ANA,
            ANA_EMBEDDINGS,
            BEN_STORAGE,
            BEN,
        )
        assert (day.billed, day.unattributed) == (Decimal("0.14"), Decimal("0.00182"))
        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)
        assert day.emails == EMAILS

    async def test_by_key_go_to_the_key_s_owner(self):
        day = await day_of(costs_by_user_id=REFUSED)

        service = make_record(
            account=SERVICE, tokens=SERVICE_TOKENS, requests=5, cost=Decimal("0.01")
        )
        assert charged(day) == (service, ANA_SEARCH, ANA, ANA_EMBEDDINGS, BEN_STORAGE, BEN)

    async def test_by_key_go_to_the_key_s_only_user_where_owners_cannot_be_read(self):
        day = await day_of(costs_by_user_id=REFUSED, **UNREADABLE)

        service = make_record(
            account="key_svc", tokens=SERVICE_TOKENS, requests=5, cost=Decimal("0.01")
        )
        assert charged(day) == (service, ANA_SEARCH, ANA, ANA_EMBEDDINGS, BEN_STORAGE, BEN)

    async def test_by_key_stay_with_a_key_that_several_use(self):
        usage = load_page("openai", "completions_by_user_id")
        usage["data"][0]["results"][2]["api_key_id"] = "key_a"

        day = await day_of(costs_by_user_id=REFUSED, completions_by_user_id=usage)

        spent = {(r.account, r.cost) for r in day.records if r.model == "gpt-6-astra" and r.cost}
        assert spent == {("key_a", Decimal("0.1062")), (SERVICE, Decimal("0.01"))}

    async def test_are_list_prices_where_they_may_not_be_grouped(self):
        day = await day_of(costs_by_user_id=REFUSED, costs_by_api_key_id=REFUSED)

        listed = {(r.account, r.model): r.cost for r in day.records if r.cost_basis == "list_price"}
        assert listed == {
            # $0.043 + $0.006 + $0.0025 + $0.045, and a batch of $0.005 + $0.0025
            ("user-ana", "gpt-6-astra"): Decimal("0.104"),
            ("user-ben", "gpt-5-mini"): Decimal("0.0009875"),
            (SERVICE, "gpt-6-astra"): Decimal("0.01"),
            ("user-ana", "text-embedding-3-large"): Decimal("0.00078"),
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
        euros = {"amount": {"value": 5, "currency": "eur"}}
        bill = load_page("openai", "costs")
        bill["data"][0]["results"].append(bill["data"][0]["results"][0] | euros)

        day = await day_of(costs_by_user_id=costs_of({}, euros), costs=bill)

        apart = [r for r in day.records if r.currency == "EUR"]
        assert [(r.account, r.model, r.cost_type, r.cost, r.foreign_cost) for r in apart] == [
            ("user-ana", "gpt-6-astra", "tokens", None, Decimal(5))
        ]
        assert sum(r.cost for r in day.records if r.cost is not None) == Decimal("0.0612")
        assert (day.billed, day.foreign_billed) == (Decimal("0.14"), {"EUR": Decimal(5)})
        assert day.foreign_unattributed == {"EUR": 0}

    async def test_that_go_down_are_kept_as_the_provider_told_them(self):
        page = costs_of({"amount": {"value": -0.5, "currency": "usd"}})

        day = await day_of(costs_by_user_id=page)

        assert [r.cost for r in day.records if r.cost is not None] == [Decimal("-0.5")]
        assert day.oddities == ("negative amounts of use: 1",)


class TestListPrices:
    """Where costs may be grouped by neither user nor key."""

    async def day_of(self, **changes) -> ProviderDay:
        usage = load_page("openai", "completions_by_user_id")
        [bucket] = usage["data"]
        bucket["results"] = [bucket["results"][1] | {"batch": False} | changes]
        return await day_of(
            completions_by_user_id=usage, costs_by_user_id=REFUSED, costs_by_api_key_id=REFUSED
        )

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, "0.015"),
            ({"service_tier": "default"}, "0.015"),
            ({"service_tier": "flex"}, "0.0075"),
            ({"service_tier": "priority"}, "0.03"),
            ({"batch": True}, "0.0075"),
            ({"batch": True, "service_tier": "priority"}, "0.0075"),
            ({"service_tier": "batch"}, "0.0075"),
            ({"service_tier": "not-known-yet"}, "0.015"),
        ],
        ids=str,
    )
    async def test_are_those_of_the_tier_and_of_batches(self, changes, expected):
        day = await self.day_of(**changes)

        [cost] = [r.cost for r in day.records if r.model == "gpt-6-astra" and r.cost is not None]
        assert cost == Decimal(expected)

    async def test_of_a_model_that_is_not_known_are_none_and_never_zero(self):
        day = await self.day_of(model="gpt-9-not-known-yet")

        [record] = [r for r in day.records if r.model == "gpt-9-not-known-yet"]
        assert (record.cost, record.cost_basis) == (None, None)

    async def test_of_a_day_do_not_step_up_with_the_day_s_total(self):
        day = await self.day_of(input_tokens=1_000_000, output_tokens=40_000, num_model_requests=40)

        assert Decimal(12) in [r.cost for r in day.records]

    async def test_of_tiers_go_into_one_record(self):
        usage = load_page("openai", "completions_by_user_id")
        row = usage["data"][0]["results"][1] | {"batch": False}
        usage["data"][0]["results"] = [row, row | {"service_tier": "flex"}]

        day = await day_of(
            completions_by_user_id=usage, costs_by_user_id=REFUSED, costs_by_api_key_id=REFUSED
        )

        [record] = [r for r in day.records if r.model == "gpt-6-astra" and r.product is None]
        assert (record.requests, record.cost) == (2, Decimal("0.0225"))


class TestKinds:
    async def test_other_than_tokens_are_products_without_money(self):
        day = await day_of()

        assert tuple(record for record in day.records if record.product) == OTHER_KINDS

    async def test_embeddings_share_a_record_with_their_costs(self):
        assert ANA_EMBEDDINGS in (await day_of()).records

    async def test_searches_are_calls_of_the_tool_and_not_requests_to_the_model_again(self):
        searches = load_page("openai", "web_search_calls_by_user_id")
        searches["data"][0]["results"][0] |= {"num_model_requests": 1, "num_requests": 9}

        day = await day_of(web_search_calls_by_user_id=searches)

        assert [r.requests for r in day.records if r.product == "web_search_calls"] == [9]

    @pytest.mark.parametrize("status", [400, 404])
    async def test_that_the_organization_has_not_are_passed_over(self, status):
        names = [f"{kind.kind}_by_{kind.group_by[0]}" for kind in pages.OTHER_KINDS]

        day = await day_of(**dict.fromkeys(names, httpx.Response(status)))

        assert len(names) == 9
        assert day.records == tuple(
            replace(r, tokens=None, requests=None) if r == ANA_EMBEDDINGS else r
            for r in charged(await day_of())
        )

    async def test_that_may_not_be_read_are_an_error(self):
        with pytest.raises(errors.SourceForbiddenError):
            await day_of(images_by_user_id=httpx.Response(403))

    async def test_that_vanish_between_two_pages_are_an_error(self):
        first = load_page("openai", "images_by_user_id") | {"has_more": True, "next_page": "2"}

        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.params.get("page"):
                return httpx.Response(404)
            return Recorded("openai", images_by_user_id=first)(request)

        with pytest.raises(errors.SourceNotFoundError):
            await read_day(reading(OpenAI, answer))


class TestTokens:
    async def test_more_cached_than_there_was_input_is_an_error(self):
        page = load_page("openai", "completions_by_user_id")
        page["data"][0]["results"][2]["input_cached_tokens"] = 9000

        with pytest.raises(errors.SourceResponseError, match="more cached input than input"):
            await day_of(completions_by_user_id=page)

    async def test_input_that_is_told_uncached_is_taken_as_told(self):
        assert ANA.tokens.input_uncached == 4300 + 1000
        assert ANA in (await day_of()).records

    async def test_input_counts_cache_reads_and_writes_where_uncached_is_not_told(self):
        page = load_page("openai", "completions_by_user_id")
        del page["data"][0]["results"][0]["input_uncached_tokens"]

        assert ANA in (await day_of(completions_by_user_id=page)).records

    async def test_cache_writes_that_are_null_are_none_of_the_input(self):
        page = load_page("openai", "completions_by_user_id")
        page["data"][0]["results"][2]["input_cache_write_tokens"] = None

        assert BEN in (await day_of(completions_by_user_id=page)).records


class TestDataThrough:
    async def test_is_the_start_of_the_day_while_it_has_no_bucket(self):
        page = {"object": "page", "data": [], "has_more": False, "next_page": None}

        day = await day_of(costs=page)

        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)
        assert day.billed is None

    async def test_a_day_without_cost_is_billed_zero_once_it_has_a_bucket(self):
        page = load_page("openai", "costs")
        page["data"][0]["results"] = []

        assert (await day_of(costs=page)).billed == 0


class TestRequests:
    async def test_ask_for_the_day_in_unix_seconds_with_a_bearer_key(self):
        recorded = Recorded("openai")

        await read_day(reading(OpenAI, recorded))

        usage = recorded.requests[0]
        assert str(usage.url) == (
            "https://api.openai.com/v1/organization/usage/completions"
            "?start_time=1795046400&end_time=1795132800&bucket_width=1d"
            "&group_by=user_id&group_by=api_key_id&group_by=model&group_by=batch"
            "&group_by=service_tier"
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


class TestLists:
    """Of users, projects and the keys of each."""

    async def fetched(self, adapter: OpenAI, recorded: Recorded) -> Counter[str]:
        before = len(recorded.requests)
        assert [page async for page in adapter.fetch(DAY)]
        return Counter(page_name(request) for request in recorded.requests[before:])

    async def test_are_read_once_in_ten_minutes(self):
        now = 0.0
        recorded = Recorded("openai")
        http = Http("https://api.openai.com/v1", headers={}, transport=MockTransport(recorded))
        adapter = OpenAI(http, now=lambda: now)

        asked = []
        for minutes in (0, 9, 1):
            now += 60 * minutes
            asked.append((await self.fetched(adapter, recorded))["users"])
        await adapter.close()

        assert asked == [1, 0, 1]

    async def test_are_read_once_by_days_that_are_asked_for_together(self):
        recorded = Recorded("openai")
        adapter = reading(OpenAI, recorded)

        await asyncio.gather(*(self.fetched(adapter, recorded) for _ in range(4)))
        await adapter.close()

        asked = Counter(page_name(request) for request in recorded.requests)
        assert (asked["users"], asked["projects"], asked["api_keys"]) == (1, 1, 2)

    async def test_are_asked_for_again_after_a_failure(self):
        recorded = Recorded("openai", users=httpx.Response(503))
        adapter = reading(OpenAI, recorded)

        with pytest.raises(errors.SourceUnavailableError):
            await self.fetched(adapter, recorded)
        recorded.instead = {}

        assert (await self.fetched(adapter, recorded))["users"] == 1
        await adapter.close()

    async def test_ask_for_archived_projects_and_keys_of_those_who_left(self):
        recorded = Recorded("openai")
        await read_day(reading(OpenAI, recorded))

        asked = [str(r.url).partition("/organization/")[2] for r in recorded.requests[-3:]]
        assert asked == [
            "projects?limit=100&include_archived=true",
            "projects/proj_people/api_keys?limit=100&owner_project_access=any",
            "projects/proj_old/api_keys?limit=100&owner_project_access=any",
        ]

    @pytest.mark.parametrize("name", ["projects", "api_keys"])
    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_of_keys_that_may_not_be_read_leave_the_key_itself(self, name, status):
        day = await day_of(**{name: httpx.Response(status)})

        assert "key_svc" in {record.account for record in day.records}
        assert "user-cy" not in day.emails

    async def test_of_users_win_over_what_a_key_says_of_its_owner(self):
        keys = load_page("openai", "api_keys")
        keys["data"][0]["owner"]["user"]["email"] = "ana.before@example.com"

        assert (await day_of(api_keys=keys)).emails == EMAILS
