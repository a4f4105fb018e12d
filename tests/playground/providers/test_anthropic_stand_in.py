"""The stand-in of Anthropic answers as Anthropic does, and its sums are the company's."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.company.delivery import delivery_of, midnight
from bot.playground.providers import ANTHROPIC_ADMIN_KEY, ANTHROPIC_WORK_KEY
from bot.playground.providers.anthropic_analytics_query import DIMENSIONS
from tests.playground.providers.asking import (
    COMPANY,
    COST,
    DAY,
    NOW,
    USAGE,
    WEEK,
    WEEK_START,
    anthropic,
    invoice,
    rfc3339,
    unified_query,
)


def cents(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["cost"]["amount"]) for row in rows), Decimal(0))


class TestAnthropicAnalytics:
    @settings(max_examples=20, deadline=None)
    @given(
        groups=st.lists(st.sampled_from(DIMENSIONS), max_size=5, unique=True), split=st.booleans()
    )
    async def test_cost_grouped_any_way_is_the_invoice(self, groups, split):
        splits = ("cost_type", "token_type") if split else ()
        rows = await anthropic().rows(COST, unified_query(*groups, *splits))

        assert cents(rows) / 100 == invoice("anthropic")

    @settings(max_examples=20, deadline=None)
    @given(groups=st.lists(st.sampled_from(DIMENSIONS), max_size=5, unique=True))
    async def test_tokens_grouped_any_way_have_one_total(self, groups):
        rows = await anthropic().rows(USAGE, unified_query(*groups))
        facts = [fact for day in WEEK for fact in COMPANY.facts("anthropic", day, NOW)]

        assert sum(row["usage"]["total_tokens"] for row in rows) == sum(
            sum(fact.tokens) for fact in facts
        )
        assert sum(row["usage"]["requests"] for row in rows) == sum(f.requests for f in facts)

    async def test_a_person_is_named_by_the_address_the_provider_knows(self):
        rows = await anthropic().rows(COST, unified_query("actor"))
        emails = {
            row["group"]["actor"]["email_address"]
            for row in rows
            if row["group"]["actor"] and row["group"]["actor"]["type"] == "user_actor"
        }
        known = {a.email for person in COMPANY.employees for a in person.accounts}

        assert emails
        assert emails <= known

    async def test_services_and_the_organization_itself_have_no_address(self):
        rows = await anthropic().rows(COST, unified_query("actor"))
        kinds = Counter(row["group"]["actor"] and row["group"]["actor"]["type"] for row in rows)

        assert set(kinds) == {"user_actor", "service_account_actor", "api_actor", None}

    async def test_pages_of_any_size_give_the_same_rows_once(self):
        whole = await anthropic().rows(COST, unified_query("actor", "model", "product"))
        paged = await anthropic().rows(COST, unified_query("actor", "model", "product", limit=17))

        assert paged == whole
        assert len({json.dumps(row, sort_keys=True) for row in paged}) == len(paged)

    async def test_splitting_by_token_type_does_not_count_towards_the_limit(self):
        query = unified_query("actor", "token_type", limit=5)
        page = (await anthropic().get(COST, query)).json()

        assert len({json.dumps(row["group"]["actor"]) for row in page["data"]}) == 5
        assert len(page["data"]) > 5
        assert all(row["cost"]["requests"] is None for row in page["data"])

    async def test_a_cursor_of_another_query_is_refused(self):
        page = (await anthropic().get(COST, unified_query("actor", limit=5))).json()
        query = [*unified_query("model", limit=5), ("page", page["next_page"])]

        assert (await anthropic().get(COST, query)).status_code == 400

    async def test_later_pages_answer_as_of_the_first(self):
        day, arrives = next(
            (day, delivery.complete_at)
            for day in COMPANY.days
            if (
                delivery := delivery_of(
                    "anthropic", day, COMPANY.seed, COMPANY.longest_revision_days
                )
            ).first_seen_at
            == midnight(day + DAY) + timedelta(hours=4)
        )
        query = [
            ("starting_at", rfc3339(midnight(day - 3 * DAY))),
            ("ending_at", rfc3339(midnight(day + DAY))),
            ("time_bucket_width", "1d"),
            ("group_by[]", "actor"),
            ("limit", 2),
        ]
        before, after = anthropic(now=arrives - timedelta(minutes=1)), anthropic(now=arrives)
        first = (await before.get(COST, query)).json()
        paged = [("page", first["next_page"])]

        assert (await after.get(COST, query + paged)).json() == (
            await before.get(COST, query + paged)
        ).json()

    async def test_says_through_when_its_data_is_complete(self):
        now = midnight(COMPANY.start + 10 * DAY) + timedelta(hours=9)
        page = (await anthropic(now=now).get(USAGE, unified_query("actor"))).json()

        refreshed = datetime.fromisoformat(page["data_refreshed_at"])
        assert refreshed == COMPANY.refreshed_at("anthropic", now)

    async def test_filters_keep_only_what_was_asked_for(self):
        everything = await anthropic().rows(COST, unified_query("product"))
        query = [*unified_query("product"), ("products[]", "claude_code")]
        only = await anthropic().rows(COST, query)
        query = [*unified_query("api_key_id"), ("api_key_ids[]", "")]
        keyless = await anthropic().rows(COST, query)

        assert only
        assert only == [row for row in everything if row["group"]["product"] == "claude_code"]
        assert {row["group"]["api_key_id"] for row in keyless} == {None}

    @pytest.mark.parametrize(
        ("path", "order_by", "measure"),
        [
            (USAGE, "requests", lambda row: row["usage"]["requests"]),
            (USAGE, "output_tokens", lambda row: row["usage"]["output_tokens"]),
            (USAGE, "uncached_input_tokens", lambda row: row["usage"]["uncached_input_tokens"]),
            (USAGE, "total_tokens", lambda row: row["usage"]["total_tokens"]),
            (COST, "amount", lambda row: Decimal(row["cost"]["amount"])),
            (COST, "time", lambda row: row["starting_at"]),
        ],
    )
    async def test_rows_come_largest_first_unless_asked_otherwise(self, path, order_by, measure):
        query = {**dict(unified_query("actor")), "order_by": order_by, "order": "desc"}
        largest_first = [measure(row) for row in await anthropic().rows(path, [*query.items()])]
        query["order"] = "asc"
        smallest_first = [measure(row) for row in await anthropic().rows(path, [*query.items()])]

        assert largest_first == sorted(largest_first, reverse=True)
        assert smallest_first == largest_first[::-1]

    async def test_without_buckets_a_group_has_one_row(self):
        query = [
            (name, value) for name, value in unified_query("model") if name != "time_bucket_width"
        ]
        rows = await anthropic().rows(COST, query)

        assert max(Counter(row["group"]["model"] for row in rows).values()) == 1
        assert cents(rows) / 100 == invoice("anthropic")

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"ending_at": rfc3339(WEEK_START + 32 * DAY)}, id="more-than-31-days"),
            pytest.param({"ending_at": None}, id="buckets-without-an-end"),
            pytest.param({"starting_at": None}, id="no-start"),
            pytest.param({"starting_at": "2025-12-31T00:00:00Z"}, id="before-2026"),
            pytest.param({"starting_at": "yesterday"}, id="not-a-time"),
            pytest.param({"limit": 1001}, id="too-many-rows"),
            pytest.param({"limit": 0}, id="no-rows"),
            pytest.param({"starting_at": "2026-11-01T00:00:00"}, id="no-offset"),
            pytest.param({"ending_at": rfc3339(WEEK_START)}, id="nothing-between"),
            pytest.param({"order_by": "cost"}, id="unknown-order"),
            pytest.param({"group_by[]": "person"}, id="unknown-dimension"),
            pytest.param({"bucket_width": "1d"}, id="a-parameter-of-the-older-report"),
            pytest.param({"page": "page_nonsense"}, id="made-up-cursor"),
        ],
    )
    async def test_a_wrong_query_is_a_400_in_the_provider_s_shape(self, change):
        query = {**dict(unified_query("actor")), **change}
        params = [(name, value) for name, value in query.items() if value is not None]
        answer = await anthropic().get(COST, params)

        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"

    async def test_more_than_five_dimensions_are_refused(self):
        answer = await anthropic().get(COST, unified_query(*DIMENSIONS[:6]))

        assert answer.status_code == 400

    async def test_keys_are_checked(self):
        query = unified_query("actor")
        unknown = await anthropic().get(USAGE, query, x_api_key="sk-ant-nobody")
        scopeless = await anthropic().get(USAGE, query, x_api_key=ANTHROPIC_WORK_KEY)
        bearer = await anthropic().get(
            USAGE, query, x_api_key="", authorization=f"Bearer {ANTHROPIC_ADMIN_KEY}"
        )
        no_beta = await anthropic().get(USAGE, query, anthropic_beta="other")

        assert (unknown.status_code, scopeless.status_code) == (401, 403)
        assert scopeless.json()["error"]["details"] == {"error_code": "api_key_scope_missing"}
        assert (bearer.status_code, no_beta.status_code) == (200, 400)

    async def test_an_organization_without_it_answers_not_found(self):
        answer = await anthropic(unified=False).get(USAGE, unified_query("actor"))

        assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found_error")
