"""The stand-in of Anthropic's older reports tells the same use."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from tests.playground.providers.asking import (
    BILL,
    COMPANY,
    DAY,
    MESSAGES,
    NOW,
    WEEK,
    WEEK_START,
    Params,
    anthropic,
    invoice,
    report_query,
    results,
    rfc3339,
)


class TestAnthropicOlderReports:
    @pytest.mark.parametrize("groups", [(), ("description",), ("workspace_id", "description")])
    async def test_the_bill_grouped_any_way_is_the_invoice(self, groups):
        rows = results(await anthropic(unified=False).rows(BILL, report_query(*groups)))

        assert sum((Decimal(row["amount"]) for row in rows), Decimal(0)) / 100 == invoice(
            "anthropic"
        )

    async def test_usage_of_accounts_and_keys_leads_to_the_same_people(self):
        api = anthropic(unified=False)
        query = report_query("account_id", "api_key_id", "model")
        rows = results(await api.rows(MESSAGES, query))
        keys = (await api.get("/v1/organizations/api_keys", [("limit", 1000)])).json()["data"]
        owners = {key["id"]: (key["principal"] or {}).get("user_id") for key in keys}
        found = Counter[str | None]()
        for row in rows:
            tokens = row["uncached_input_tokens"] + row["cache_read_input_tokens"]
            tokens += sum(row["cache_creation"].values()) + row["output_tokens"]
            found[row["account_id"] or owners[row["api_key_id"]]] += tokens
        truth = Counter[str | None]()
        for day in WEEK:
            for fact in COMPANY.facts("anthropic", day, NOW):
                truth[fact.account] += sum(fact.tokens)

        assert found == truth

    async def test_buckets_without_usage_are_there(self):
        query = [
            ("starting_at", rfc3339(WEEK_START - 3 * DAY)),
            ("ending_at", rfc3339(WEEK_START)),
        ]
        rows = await anthropic().rows(MESSAGES, query)

        assert [row["results"] for row in rows] == [[], [], []]

    async def test_the_older_version_names_a_key_s_owner_its_own_way(self):
        answer = await anthropic().get("/v1/organizations/api_keys", anthropic_version="2023-06-01")
        key = answer.json()["data"][0]

        assert key["principal"]["type"] == "user"
        assert "scope" not in key
        assert "workspace_id" in key

    async def test_users_are_walked_by_id(self):
        found: list[str] = []
        params: Params = [("limit", 7)]
        has_more = True
        while has_more:
            page = (await anthropic().get("/v1/organizations/users", params)).json()
            found.extend(user["id"] for user in page["data"])
            has_more, params = page["has_more"], [("limit", 7), ("after_id", page["last_id"])]

        accounts = [person.account_at("anthropic") for person in COMPANY.employees]
        assert found == [account.id for account in accounts if account]

    async def test_users_before_an_id_are_those_just_before_it(self):
        path = "/v1/organizations/users"
        ids = [user["id"] for user in (await anthropic().get(path, [("limit", 9)])).json()["data"]]
        before = await anthropic().get(path, [("limit", 3), ("before_id", ids[8])])
        first = await anthropic().get(path, [("limit", 3), ("before_id", ids[2])])

        assert [user["id"] for user in before.json()["data"]] == ids[5:8]
        assert [user["id"] for user in first.json()["data"]] == ids[:2]
        assert (before.json()["has_more"], first.json()["has_more"]) == (True, False)

    async def test_keys_are_found_by_creator_and_state(self):
        path = "/v1/organizations/api_keys"
        keys = (await anthropic().get(path, [("limit", 1000)])).json()["data"]
        creator = keys[0]["created_by"]["id"]
        own = await anthropic().get(path, [("created_by_user_id", creator)])
        archived = await anthropic().get(path, [("status", "archived")])

        assert own.json()["data"] == keys[:1]
        assert archived.json()["data"] == []

    async def test_an_id_of_no_user_and_an_old_version_header_are_refused(self):
        path = "/v1/organizations/users"
        unknown = await anthropic().get(path, [("after_id", "user_nobody")])
        versionless = await anthropic().get(path, anthropic_version="2020-01-01")

        assert (unknown.status_code, versionless.status_code) == (400, 400)
