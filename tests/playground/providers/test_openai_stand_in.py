"""The stand-in of OpenAI answers as OpenAI does, and its sums are the company's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.providers import OPENAI_PROJECT_KEY
from bot.playground.providers.openai_reports import COST_DIMENSIONS, USAGE_DIMENSIONS
from tests.playground.providers.asking import (
    COMPANY,
    COMPLETIONS,
    COSTS,
    NOW,
    WEEK,
    dollars,
    invoice,
    openai,
    openai_query,
    results,
)


class TestOpenAI:
    @settings(max_examples=20, deadline=None)
    @given(groups=st.lists(st.sampled_from(COST_DIMENSIONS), unique=True))
    async def test_costs_grouped_any_way_are_the_invoice(self, groups):
        buckets = await openai().rows(COSTS, openai_query(*groups))

        assert dollars(buckets) == invoice("openai")
        assert len(buckets) == 7

    @settings(max_examples=20, deadline=None)
    @given(groups=st.lists(st.sampled_from(USAGE_DIMENSIONS), unique=True))
    async def test_tokens_grouped_any_way_have_one_total(self, groups):
        rows = results(await openai().rows(COMPLETIONS, openai_query(*groups, name="group_by")))
        facts = [fact for day in WEEK for fact in COMPANY.facts("openai", day, NOW)]

        assert sum(row["input_tokens"] + row["output_tokens"] for row in rows) == sum(
            sum(fact.tokens) for fact in facts
        )
        assert sum(row["num_model_requests"] for row in rows) == sum(f.requests for f in facts)

    async def test_input_includes_what_came_from_and_went_into_the_cache(self):
        for row in results(await openai().rows(COMPLETIONS, openai_query("user_id", "model"))):
            assert row["input_tokens"] == (
                row["input_uncached_tokens"]
                + row["input_cached_tokens"]
                + row["input_cache_write_tokens"]
            )

    async def test_cost_by_person_may_be_unavailable(self):
        api = openai(by_user=False)

        assert (await api.get(COSTS, openai_query("user_id"))).status_code == 400
        assert (await api.get(COSTS, openai_query("api_key_id"))).status_code == 200

    async def test_keys_lead_to_their_owners(self):
        api = openai(by_user=False)
        projects = (await api.get("/v1/organization/projects")).json()["data"]
        owners: dict[str, Any] = {}
        for project in projects:
            path = f"/v1/organization/projects/{project['id']}/api_keys"
            keys = (await api.get(path, [("limit", 100), ("owner_project_access", "any")])).json()
            owners |= {key["id"]: key["owner"].get("user", {}).get("email") for key in keys["data"]}
        known = {account.email for p in COMPANY.employees for account in p.accounts}
        used = {
            row["api_key_id"] for row in results(await api.rows(COSTS, openai_query("api_key_id")))
        }

        assert used - {None} <= set(owners)
        assert set(owners.values()) <= known | {None}
        assert None in owners.values()

    async def test_line_items_are_filtered_by_their_exact_names(self):
        query = [*openai_query("line_item"), ("line_items[]", "gpt-5, output_tokens")]
        rows = results(await openai().rows(COSTS, query))

        assert {row["line_item"] for row in rows} == {"gpt-5, output_tokens"}
        assert {row["quantity_unit"] for row in rows} == {"tokens"}

    async def test_what_does_not_exist_is_not_found(self):
        for path in ("/v1/organization/nothing", "/v1/organization/projects/proj_none/api_keys"):
            assert (await openai().get(path)).status_code == 404

    async def test_users_are_found_by_address(self):
        page = (await openai().get("/v1/organization/users", [("limit", 100)])).json()
        user = page["data"][3]
        found = await openai().get("/v1/organization/users", [("emails[]", user["email"])])

        assert found.json()["data"] == [user]

    @pytest.mark.parametrize(
        ("path", "params"),
        [
            (COSTS, openai_query(limit=181)),
            (COMPLETIONS, openai_query(limit=32)),
            (COSTS, openai_query("model")),
            (COSTS, []),
            (COSTS, [("start_time", "2026-11-01")]),
            (COSTS, [*openai_query(), ("limit", 5)]),
            ("/v1/organization/users", [("after", "user-nobody")]),
            (COMPLETIONS, [*openai_query(), ("page", "page_nonsense")]),
        ],
    )
    async def test_a_wrong_query_is_a_400_in_the_provider_s_shape(self, path, params):
        answer = await openai().get(path, params)

        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"

    async def test_keys_are_checked(self):
        unknown = await openai().get(COSTS, openai_query(), authorization="Bearer sk-nobody")
        scopeless = await openai().get(
            COSTS, openai_query(), authorization=f"Bearer {OPENAI_PROJECT_KEY}"
        )

        assert (unknown.status_code, scopeless.status_code) == (401, 403)
