from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.providers.anthropic import Anthropic
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, page_name, read_day, reading

ANALYTICS = ("cost", "usage_by_actor", "cost_by_actor")


def make_record(**changes) -> UsageRecord:
    record = {
        "provider": "anthropic",
        "account": None,
        "day": DAY,
        "product": None,
        "model": None,
        "cost_type": "tokens",
        "tokens": None,
        "requests": None,
        "cost": None,
        "cost_basis": CostBasis.BILLED if "cost" in changes else None,
    }
    return UsageRecord(**(record | changes))


def tokens(uncached=0, read=0, written=0, output=0) -> TokenUsage:
    return TokenUsage(input_uncached=uncached, cache_read=read, cache_write=written, output=output)


def without_analytics(status: int, **instead) -> Recorded:
    return Recorded("anthropic", **{name: httpx.Response(status) for name in ANALYTICS}, **instead)


class TestAnalytics:
    async def test_gives_tokens_and_billed_dollars_of_each_account(self):
        day = await read_day(reading(Anthropic, Recorded("anthropic")))

        opus = {"product": "messages_api", "model": "claude-opus-5"}
        assert day == ProviderDay(
            provider="anthropic",
            day=DAY,
            records=(
                make_record(product="other", cost_type="session_usage", cost=Decimal("0.03")),
                make_record(product="other", tokens=tokens(5, output=1)),
                make_record(
                    account="apikey_02S",
                    product="message_batches_api",
                    model="claude-opus-5",
                    tokens=tokens(80, output=8),
                    requests=2,
                    cost=Decimal("0.0003"),
                ),
                make_record(
                    account="aws:arn:aws:iam::111122223333:role/builds",
                    **opus,
                    tokens=tokens(70, output=7),
                    requests=1,
                    cost=Decimal("0.000525"),
                ),
                make_record(
                    account="svac_01",
                    **opus,
                    tokens=tokens(9000, output=800),
                    requests=12,
                    cost=Decimal("0.065"),
                ),
                make_record(
                    account="user_01Ana",
                    product="claude_code",
                    model="claude-sonnet-5",
                    tokens=tokens(46230, 879000, 2500, 12500),
                    requests=190,
                    cost=Decimal("4.18"),
                ),
                make_record(
                    account="user_01Ana",
                    product="claude_code",
                    model="claude-sonnet-5",
                    cost_type="web_search",
                    cost=Decimal("0.2"),
                ),
            ),
            billed=Decimal("4.5"),
            data_through=datetime(2026, 11, 20, 2, 55, tzinfo=UTC),
            emails={"user_01Ana": "ana.ruiz@example.com"},
        )

    async def test_leaves_of_the_bill_what_no_record_holds(self):
        day = await read_day(reading(Anthropic, Recorded("anthropic")))

        assert day.unattributed == Decimal("0.024175")

    async def test_reads_the_address_in_either_spelling(self):
        page = load_page("anthropic", "usage_by_actor")
        actor = page["data"][0]["group"]["actor"]
        actor["email"] = actor.pop("email_address")

        day = await read_day(reading(Anthropic, Recorded("anthropic", usage_by_actor=page)))

        assert day.emails == {"user_01Ana": "ana.ruiz@example.com"}

    async def test_takes_a_kind_of_actor_that_is_new_for_nobody(self):
        page = load_page("anthropic", "usage_by_actor")
        page["data"] = page["data"][:1]
        page["data"][0]["group"]["actor"] = {"type": "robot_actor", "robot_id": "r2"}

        day = await read_day(reading(Anthropic, Recorded("anthropic", usage_by_actor=page)))

        assert [r.account for r in day.records if r.tokens] == [None]

    async def test_keeps_other_currencies_out_of_every_sum(self):
        page, bill = load_page("anthropic", "cost_by_actor"), load_page("anthropic", "cost")
        page["data"] = page["data"][:1]
        for rows in (page["data"], bill["data"]):
            euros = {**rows[0], "cost": {**rows[0]["cost"], "currency": "EUR"}}
            rows.append(euros)

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", cost=bill, cost_by_actor=page))
        )

        apart = [r for r in day.records if r.cost_type == "currency:eur"]
        assert day.billed == Decimal("4.5")
        assert [(r.account, r.cost, r.cost_basis) for r in apart] == [("user_01Ana", None, None)]

    async def test_a_day_without_use_costs_nothing(self):
        nothing = {"data": [], "has_more": False, "next_page": None}
        page = {**nothing, "data_refreshed_at": "2026-11-20T05:00:00+02:00"}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.records, day.billed) == ((), Decimal(0))
        assert day.data_through == datetime(2026, 11, 20, 3, tzinfo=UTC)

    async def test_nothing_is_known_where_no_page_says_how_fresh_it_is(self):
        page = {"data": [], "has_more": False, "next_page": None, "data_refreshed_at": None}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)

    async def test_a_time_beyond_all_calendars_is_an_error(self):
        page = {"data": [], "has_more": False, "data_refreshed_at": "9999-12-31T23:59:59-10:00"}

        with pytest.raises(errors.SourceResponseError, match="anthropic 2026-11-19: a time"):
            await read_day(reading(Anthropic, Recorded("anthropic", cost=page)))


class TestReports:
    """What is read where the organization has no analytics."""

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_give_tokens_at_list_price_and_the_bill(self, status):
        day = await read_day(reading(Anthropic, without_analytics(status)))

        sonnet = {"model": "claude-sonnet-4-5", "cost_basis": CostBasis.LIST_PRICE}
        assert day == ProviderDay(
            provider="anthropic",
            day=DAY,
            records=(
                make_record(**sonnet, tokens=tokens(1000), cost=Decimal("0.003")),
                make_record(
                    account="apikey_03T", model="claude-unheard-of-9", tokens=tokens(10, output=10)
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
            emails={"user_01Ana": "ana.ruiz@example.com", "user_02Ben": "ben@example.com"},
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
        recorded = without_analytics(403, messages_by_account_id=httpx.Response(status))

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
