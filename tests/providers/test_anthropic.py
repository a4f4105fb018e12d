from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import CostBasis, ProviderDay, SessionCount, TokenUsage, UsageRecord
from bot.providers.anthropic import Anthropic, analytics
from tests.providers.case import CASES
from tests.providers.recorded import DAY, SECRET, Recorded, load_page, read_day, reading

page_name = CASES["anthropic"].page_name

ANALYTICS = ("cost", "usage_by_actor", "cost_by_actor")
CONSOLE = ("messages_by_account_id", "cost_report", "claude_code", "users", "api_keys")
LATE = "2026-11-19T22:00:00Z"
ENTERPRISE = (
    "user_usage_report_by_model",
    "user_cost_report_by_model",
    "analytics_cost_report",
)
NOTHING = {"data": [], "has_more": False, "next_page": None}


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


def make_count(
    account: str, sessions: int, commits: int, pull_requests: int, offered: int, accepted: int
) -> SessionCount:
    return SessionCount(
        account=account,
        tool="claude",
        sessions=sessions,
        commits=commits,
        pull_requests=pull_requests,
        offered=offered,
        accepted=accepted,
    )


def tokens(uncached=0, read=0, written=0, output=0) -> TokenUsage:
    return TokenUsage(input_uncached=uncached, cache_read=read, cache_write=written, output=output)


def refusing(status: int, *names: str) -> dict[str, httpx.Response]:
    return {name: httpx.Response(status) for name in names}


def without_analytics(status: int, **instead) -> Recorded:
    return Recorded("anthropic", **(refusing(status, *ANALYTICS) | instead))


def without_console(status: int, **instead) -> Recorded:
    return Recorded("anthropic", **(refusing(status, *ANALYTICS, *CONSOLE) | instead))


def asked(recorded: Recorded) -> list[str]:
    return [page_name(request) for request in recorded.requests]


class TestAnalytics:
    async def test_gives_tokens_and_billed_dollars_of_each_account(self):
        day = await of_analytics(claude_code=NOTHING)

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

        day = await of_analytics(usage_by_actor=page, claude_code=NOTHING)

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

        [apart] = [r for r in day.records if r.currency == "EUR"]
        assert (day.billed, day.foreign_billed) == (Decimal("4.5"), {"EUR": Decimal("4.5")})
        assert (apart.account, apart.cost, apart.foreign_cost, apart.cost_basis) == (
            "user_01Ana",
            None,
            Decimal("4.12803"),
            CostBasis.BILLED,
        )
        assert day.foreign_unattributed == {"EUR": Decimal("0.37197")}

    async def test_a_day_without_use_costs_nothing(self):
        page = {**NOTHING, "data_refreshed_at": "2026-11-20T05:00:00+02:00"}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.records, day.billed) == ((), Decimal(0))
        assert day.data_through == datetime(2026, 11, 20, 3, tzinfo=UTC)

    async def test_nothing_is_known_where_no_page_says_how_fresh_it_is(self):
        page = {**NOTHING, "data_refreshed_at": None}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.billed, day.data_through) == (None, datetime(2026, 11, 19, tzinfo=UTC))

    async def test_a_day_that_has_not_come_in_is_not_a_day_without_use(self):
        page = {**NOTHING, "data_refreshed_at": "2026-11-18T22:00:00Z"}

        day = await read_day(
            reading(Anthropic, Recorded("anthropic", **dict.fromkeys(ANALYTICS, page)))
        )

        assert (day.records, day.billed) == ((), None)
        assert day.data_through == datetime(2026, 11, 19, tzinfo=UTC)

    async def test_a_day_is_known_only_as_far_as_the_answer_that_lags_most(self):
        page = {**load_page("anthropic", "cost_by_actor"), "data_refreshed_at": LATE}

        day = await of_analytics(cost_by_actor=page)

        assert day.data_through == datetime(2026, 11, 19, 22, tzinfo=UTC)

    def test_figures_are_revised_for_thirty_days(self):
        assert (Anthropic.freshness.repull, Anthropic.freshness.settles_after) == (4, 30)

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


async def of_analytics(**instead) -> ProviderDay:
    return await read_day(reading(Anthropic, Recorded("anthropic", **instead)))


async def of_reports(**instead) -> ProviderDay:
    return await read_day(reading(Anthropic, without_analytics(404, **instead)))


async def of_enterprise(**instead) -> ProviderDay:
    return await read_day(reading(Anthropic, without_console(404, **instead)))


def the_first(name: str, number: int = 1) -> dict:
    """The recorded page with no more than its first rows."""
    page = load_page("anthropic", name)
    return {**page, "data": page["data"][:number]}


class TestMoney:
    async def test_amounts_are_fractional_cents(self):
        page = the_first("cost_by_actor")
        page["data"][0]["cost"]["amount"] = "412.80300000000001"

        day = await of_analytics(cost_by_actor=page)

        assert [r.cost for r in day.records if r.cost] == [Decimal("4.1280300000000001")]

    async def test_what_is_charged_is_the_amount_after_discounts_not_the_list_price(self):
        page = the_first("cost_by_actor")
        page["data"][0]["cost"] |= {"amount": "80", "list_amount": "100"}

        day = await of_analytics(cost_by_actor=page)

        assert [r.cost for r in day.records if r.cost] == [Decimal("0.8")]

    async def test_corrections_below_zero_are_kept(self):
        page = the_first("cost_by_actor")
        page["data"][0]["cost"]["amount"] = "-12.5"

        day = await of_analytics(cost_by_actor=page)

        assert [r.cost for r in day.records if r.cost] == [Decimal("-0.125")]
        assert day.unattributed == Decimal("4.625")

    async def test_a_currency_in_small_letters_is_the_same_one(self):
        page, bill = the_first("cost_by_actor"), the_first("cost")
        for rows in (page["data"], bill["data"]):
            rows[0]["cost"]["currency"] = "usd"

        day = await of_analytics(cost=bill, cost_by_actor=page)

        assert (day.billed, day.foreign_billed) == (Decimal("4.5"), {})
        assert [r.cost for r in day.records if r.cost] == [Decimal("4.12803")]

    async def test_web_searches_are_charged_apart_from_tokens(self):
        day = await of_analytics()

        assert {r.cost_type for r in day.records if r.account == "user_01Ana"} == {
            "tokens",
            "web_search",
        }

    async def test_the_older_bill_is_in_cents_as_well(self):
        assert (await of_reports()).billed == Decimal("8.0025")

    async def test_the_older_bill_keeps_other_currencies_apart(self):
        page = load_page("anthropic", "cost_report")
        [results] = [bucket["results"] for bucket in page["data"]]
        results.append({**results[0], "currency": "EUR"})

        day = await of_reports(cost_report=page)

        assert (day.billed, day.foreign_billed) == (Decimal("8.0025"), {"EUR": Decimal("8.0025")})

    async def test_an_unknown_or_prioritized_tier_has_the_standard_list_price(self):
        page = load_page("anthropic", "messages_by_account_id")
        row = page["data"][0]["results"][0]
        tiers = ("standard", "priority", "flex_discount", "a-tier-of-2027")

        costs = set()
        for tier in tiers:
            page["data"][0]["results"] = [{**row, "service_tier": tier}]
            day = await of_reports(messages_by_account_id=page, claude_code=NOTHING)
            costs |= {r.cost for r in day.records}

        assert costs == {Decimal("5.46")}


class TestTokens:
    async def test_input_excludes_what_the_cache_gave_and_took(self):
        day = await of_analytics(usage_by_actor=the_first("usage_by_actor"))

        [used] = [r.tokens for r in day.records if r.tokens]
        assert used == TokenUsage(
            input_uncached=45230, cache_read=879000, cache_write=2340 + 160, output=12450
        )

    async def test_thinking_is_part_of_the_output_and_how_much_is_not_known(self):
        day = await of_analytics()

        assert {r.tokens.reasoning for r in day.records if r.tokens} == {None}

    async def test_requests_that_are_not_told_are_unknown(self):
        day = await of_analytics()

        assert {r.requests for r in day.records if r.product == "other"} == {None}

    async def test_the_older_reports_of_the_console_count_no_requests(self):
        day = await of_reports()

        assert {r.requests for r in day.records} == {None}


async def use_alone(page: dict) -> ProviderDay:
    return await of_analytics(usage_by_actor=page, cost_by_actor=NOTHING, claude_code=NOTHING)


class TestWho:
    async def test_nobody_is_named_where_the_actor_is_null(self):
        day = await of_analytics()

        assert {r.product for r in day.records if r.account is None} == {"other"}

    async def test_a_member_who_left_keeps_the_address(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"]["deleted"] = True

        day = await use_alone(page)

        assert day.emails == {"user_01Ana": "ana.ruiz@example.com"}

    async def test_a_deleted_account_has_no_address_and_still_its_figures(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"] |= {"email_address": None, "name": None}

        day = await use_alone(page)

        assert (day.emails, [r.account for r in day.records]) == ({}, ["user_01Ana"])

    async def test_a_federated_person_is_named_by_the_subject(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"] = {
            "type": "federated_actor",
            "provider": {"type": "gcp", "project_number": "1"},
            "subject": "user:Dan@example.com",
        }

        day = await use_alone(page)

        assert day.emails == {"gcp:user:Dan@example.com": "dan@example.com"}

    async def test_a_federated_service_is_no_person(self):
        page = the_first("usage_by_actor")
        page["data"][0]["group"]["actor"] = {
            "type": "federated_actor",
            "provider": {"type": "gcp", "project_number": "1"},
            "subject": "serviceAccount:builds@example.com",
        }

        assert (await use_alone(page)).emails == {}

    async def test_two_identities_without_a_subject_are_not_taken_for_one(self):
        page = the_first("usage_by_actor", 2)
        for number, row in enumerate(page["data"]):
            provider = {"type": "azure", "subscription_id": f"subscription-{number}"}
            row["group"] |= {
                "actor": {"type": "federated_actor", "provider": provider, "subject": None},
                "api_key_id": None,
            }

        day = await use_alone(page)

        assert [(r.account, r.tokens.input_uncached) for r in day.records] == [(None, 46230)]

    async def test_a_principal_comes_before_whoever_created_the_key(self):
        page = the_first("api_keys")

        day = await of_reports(api_keys=page)

        assert "user_02Ben" in {record.account for record in day.records}

    async def test_whoever_created_a_key_owns_it_where_no_principal_is_named(self):
        page = the_first("api_keys")
        page["data"][0]["principal"] = None

        day = await of_reports(api_keys=page)

        assert "user_02Ben" not in {record.account for record in day.records}


class TestWhatIsNew:
    async def test_products_models_and_kinds_of_cost_pass_and_are_kept_apart(self):
        used, charged = the_first("usage_by_actor"), the_first("cost_by_actor")
        used["data"][0]["group"] |= {"product": "claude_on_mars", "model": "claude-nova-9"}
        charged["data"][0]["group"]["cost_type"] = "robot_minutes"

        day = await of_analytics(usage_by_actor=used, cost_by_actor=charged)

        assert [(r.product, r.model, r.cost_type) for r in day.records] == [
            ("claude_code", "claude-sonnet-5", "robot_minutes"),
            ("claude_on_mars", "claude-nova-9", "tokens"),
        ]


class TestDuplicates:
    async def test_a_row_that_grew_while_paging_counts_as_it_was_last(self):
        page = the_first("usage_by_actor")
        grown = the_first("usage_by_actor")["data"][0]
        grown["usage"]["output_tokens"] = 13000
        page["data"].append(grown)

        day = await of_analytics(usage_by_actor=page, cost_by_actor=NOTHING)

        assert [r.tokens.output for r in day.records] == [13000]

    async def test_a_bill_that_is_sent_twice_is_one_bill(self):
        page = load_page("anthropic", "cost")
        page["data"] *= 2

        assert (await of_analytics(cost=page)).billed == Decimal("4.5")


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


def of_subscriptions(day: ProviderDay) -> list[UsageRecord]:
    return [r for r in day.records if r.product == "claude_code_subscription"]


class TestClaudeCode:
    async def test_estimates_are_numbers_of_cents(self):
        day = await of_reports(claude_code=the_first("claude_code"))

        assert [r.cost for r in of_subscriptions(day)] == [Decimal("0.0025"), Decimal("1.41")]

    async def test_what_a_seat_covers_is_estimated_and_not_on_the_bill(self):
        with_seats, without = await of_reports(), await of_reports(claude_code=NOTHING)

        seats = of_subscriptions(with_seats)
        assert {r.cost_basis for r in seats} == {CostBasis.PROVIDER_ESTIMATE}
        assert with_seats.unattributed == without.unattributed

    async def test_input_excludes_the_cache(self):
        day = await of_reports(claude_code=the_first("claude_code"))

        assert of_subscriptions(day)[1].tokens == tokens(100_000, 10_000, 5_000, 35_000)

    async def test_several_rows_of_a_person_and_day_are_added_up(self):
        day = await of_reports(claude_code=the_first("claude_code", 2))

        assert [r.cost for r in of_subscriptions(day)] == [Decimal("0.0025"), Decimal("1.4275")]

    async def test_a_row_that_is_sent_twice_counts_once(self):
        page = load_page("anthropic", "claude_code")
        page["data"] *= 2

        assert await of_reports(claude_code=page) == await of_reports()

    @pytest.mark.parametrize("customer", ["api", "a-kind-of-2027"])
    async def test_what_is_used_by_key_is_not_counted_twice(self, customer):
        page = load_page("anthropic", "claude_code")
        for row in page["data"]:
            row["customer_type"] = customer

        with_rows = await of_reports(claude_code=page)
        assert with_rows.records == (await of_reports(claude_code=NOTHING)).records

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_may_be_refused(self, status):
        refused = await of_reports(claude_code=httpx.Response(status))

        assert refused == await of_reports(claude_code=NOTHING)

    @pytest.mark.parametrize("status", [401, 500])
    async def test_may_not_fail_unnoticed(self, status):
        with pytest.raises(errors.SourceError):
            await read_day(
                reading(
                    Anthropic,
                    without_analytics(
                        404,
                        claude_code=httpx.Response(status),
                        **refusing(404, *ENTERPRISE),
                    ),
                )
            )

    async def test_refused_half_way_is_not_half_an_answer(self):
        page = {**load_page("anthropic", "claude_code"), "has_more": True, "next_page": "2"}
        recorded = without_analytics(404, claude_code=page, **refusing(404, *ENTERPRISE))

        def half(request: httpx.Request) -> httpx.Response:
            return httpx.Response(403) if "page" in request.url.params else recorded(request)

        with pytest.raises(errors.SourceNotFoundError):
            await read_day(reading(Anthropic, half))

    async def test_of_another_day_is_not_taken_for_this_one(self):
        page = the_first("claude_code")
        page["data"][0]["date"] = "2026-11-18T00:00:00Z"

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await of_reports(claude_code=page)

    async def test_reads_the_address_in_either_spelling(self):
        page = load_page("anthropic", "claude_code")
        actor = page["data"][0]["actor"]
        actor["email"] = actor.pop("email_address")

        assert await of_reports(claude_code=page) == await of_reports()

    async def test_a_person_without_an_address_is_an_error(self):
        page = load_page("anthropic", "claude_code")
        del page["data"][0]["actor"]["email_address"]

        with pytest.raises(errors.SourceResponseError, match="email_address"):
            await of_reports(claude_code=page)


class TestEnterprise:
    """What is read where neither the analytics nor the Console's reports may be."""

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_gives_tokens_and_billed_dollars_of_each_user(self, status):
        day = await read_day(reading(Anthropic, without_console(status)))

        ana = {"account": "user_01Ana", "product": "claude_code"}
        assert day == ProviderDay(
            provider="anthropic",
            day=DAY,
            records=(
                make_record(**ana, cost_type="web_search", cost=Decimal("0.2")),
                make_record(
                    **ana,
                    model="claude-sonnet-5",
                    tokens=tokens(45230, 879000, 2500, 12450),
                    requests=187,
                    cost=Decimal("4.12803"),
                ),
                make_record(
                    account="user_01Ana",
                    product="claude_tag",
                    model="claude-sonnet-5",
                    tokens=tokens(700, output=90),
                    requests=4,
                    cost=Decimal("0.00345"),
                ),
                make_record(
                    account="user_02Ben",
                    product="chat",
                    model="claude-opus-5",
                    tokens=tokens(9000, output=800),
                    cost=Decimal("0.065"),
                ),
            ),
            billed=Decimal("5.000005"),
            data_through=datetime(2026, 11, 20, 2, 55, tzinfo=UTC),
            emails={"user_01Ana": "ana.ruiz@example.com"},
            sessions=(make_count("user_01Ana", 2, 3, 1, 12, 11),),
        )

    async def test_leaves_what_no_user_is_charged_for_unattributed(self):
        assert (await of_enterprise()).unattributed == Decimal("0.603525")

    async def test_has_no_bill_where_that_alone_is_refused(self):
        day = await of_enterprise(analytics_cost_report=httpx.Response(403))

        assert (day.billed, day.unattributed) == (None, None)
        assert day.records == (await of_enterprise()).records

    async def test_reads_the_address_in_either_spelling(self):
        page = load_page("anthropic", "user_usage_report_by_model")
        for row in page["data"]:
            row["actor"]["email"] = row["actor"].pop("email_address")

        day = await of_enterprise(
            user_usage_report_by_model=page, user_cost_report_by_model=NOTHING
        )

        assert day.emails == {"user_01Ana": "ana.ruiz@example.com"}

    async def test_knows_claude_tag_by_the_name_that_the_analytics_give_it(self):
        assert "claude_tag" in {r.product for r in (await of_enterprise()).records}

    async def test_keeps_other_currencies_apart(self):
        page = load_page("anthropic", "user_cost_report_by_model")
        for row in page["data"]:
            row["currency"] = "EUR"
        bill = load_page("anthropic", "analytics_cost_report")
        bill["data"][0]["results"][0]["currency"] = "EUR"

        day = await of_enterprise(user_cost_report_by_model=page, analytics_cost_report=bill)

        assert day.foreign_unattributed == {"EUR": Decimal("0.603525")}
        assert {r.cost for r in day.records} == {None}

    @pytest.mark.parametrize(
        ("name", "field"),
        [
            ("user_usage_report_by_model", "starting_at"),
            ("user_usage_report_by_model", "output_tokens"),
            ("user_usage_report_by_model", "actor"),
            ("user_cost_report_by_model", "amount"),
            ("user_cost_report_by_model", "currency"),
        ],
    )
    async def test_a_missing_required_field_is_named(self, name, field):
        page = load_page("anthropic", name)
        del page["data"][0][field]

        with pytest.raises(errors.SourceResponseError, match=f"`{field}`"):
            await of_enterprise(**{name: page})

    @pytest.mark.parametrize("name", ENTERPRISE)
    async def test_another_day_is_not_taken_for_this_one(self, name):
        page = load_page("anthropic", name)
        page["data"][0]["starting_at"] = "2026-11-18T00:00:00Z"

        with pytest.raises(errors.SourceResponseError, match="another day"):
            await of_enterprise(**{name: page})


KINDS_OF_KEY = [
    pytest.param("sk-ant-admin01-made-up", "an Admin key of a Console organization", id="console"),
    pytest.param("sk-ant-api01-made-up", "a key of an Enterprise organization", id="enterprise"),
    pytest.param("sk-ant-api03-made-up", "a key for calling models", id="work"),
    pytest.param("sk-ant-oat01-made-up", "an OAuth token", id="oauth"),
    pytest.param("made-up", "of an unknown kind", id="unknown"),
]
every_kind_of_key = pytest.mark.parametrize(("key", "kind"), KINDS_OF_KEY)


class TestKindsOfKey:
    @every_kind_of_key
    async def test_are_all_tried(self, key, kind):
        day = await read_day(reading(Anthropic, Recorded("anthropic"), admin_key=key))

        assert day.records

    @every_kind_of_key
    @pytest.mark.parametrize("status", [400, 401, 403, 404])
    async def test_are_told_by_a_refusal_and_what_is_needed_instead(self, key, kind, status):
        recorded = without_console(status, **refusing(status, *ENTERPRISE))

        with pytest.raises(errors.SourceError, match=f"the key given is {kind}; needed is") as it:
            await read_day(reading(Anthropic, recorded, admin_key=key))

        assert str(it.value).startswith("anthropic 2026-11-19: ")
        assert key not in str(it.value)

    @pytest.mark.parametrize(
        ("key", "first"),
        [
            ("sk-ant-admin01-made-up", "messages_by_account_id"),
            ("sk-ant-api01-made-up", "user_usage_report_by_model"),
            ("made-up", "messages_by_account_id"),
        ],
    )
    async def test_say_which_of_the_older_reports_to_try_first(self, key, first):
        recorded = without_analytics(404)

        await read_day(reading(Anthropic, recorded, admin_key=key))

        assert asked(recorded)[:2] == ["cost", first]

    async def test_do_not_hinder_the_other_kind_of_report(self):
        """The answers count, and not how a key begins."""
        console = without_analytics(404, **refusing(403, *ENTERPRISE))
        enterprise = without_console(403)

        of_console = await read_day(reading(Anthropic, console, admin_key="sk-ant-api01-made-up"))
        of_enterprise = await read_day(
            reading(Anthropic, enterprise, admin_key="sk-ant-admin01-made-up")
        )

        assert {r.cost_basis for r in of_enterprise.records} == {CostBasis.BILLED}
        assert CostBasis.LIST_PRICE in {r.cost_basis for r in of_console.records}

    async def test_are_not_blamed_for_an_outage(self):
        recorded = without_analytics(404, messages_by_account_id=httpx.Response(500))

        with pytest.raises(errors.SourceUnavailableError) as caught:
            await read_day(reading(Anthropic, recorded))

        assert "key" not in str(caught.value)


class TestAnAnswerRefusedHalfWay:
    async def test_gives_way_to_the_next_kind_of_answer_whole(self):
        """Pages are handed on as they come; those of another kind that follow replace them."""
        refused = Recorded("anthropic", **refusing(403, "cost_by_actor", "cost_report"))
        adapter = reading(Anthropic, refused)

        pages = [page async for page in adapter.fetch(DAY)]

        kinds = [type(page).__module__.rpartition(".")[2] for page in pages]
        assert kinds == ["analytics"] * 2 + ["reports"] + ["enterprise"] * 3 + ["engagement"]
        assert adapter.parse(DAY, pages) == await of_enterprise()

    async def test_fails_the_day_where_no_other_kind_follows(self):
        recorded = without_console(
            403, cost=load_page("anthropic", "cost"), **refusing(403, *ENTERPRISE)
        )

        with pytest.raises(errors.SourceForbiddenError):
            await read_day(reading(Anthropic, recorded))


@given(
    people=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=20),
    order=st.randoms(use_true_random=False),
)
def test_each_use_meets_its_cost_in_whatever_order_they_come(people, order):
    used, charged = (the_first(name)["data"][0] for name in ("usage_by_actor", "cost_by_actor"))
    pages = []
    for number, model in people:
        who = {
            "actor": {**used["group"]["actor"], "user_id": f"user_{number}"},
            "model": f"model-{model}",
        }
        for row, into in ((used, analytics.UsagePage), (charged, analytics.CostPage)):
            changed = {**row, "group": {**row["group"], **who}}
            page = {**NOTHING, "data": [changed]}
            pages.append(msgspec.convert(page, into, strict=False))
    order.shuffle(pages)

    day = Anthropic.parse(DAY, pages)

    assert {(r.account, r.model) for r in day.records} == {
        (f"user_{number}", f"model-{model}") for number, model in people
    }
    assert len(day.records) == len(set(people))
    assert all(r.tokens is not None and r.cost == Decimal("4.12803") for r in day.records)


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
