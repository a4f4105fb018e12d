"""Facts about the stand-ins of the providers' APIs: real shapes, one total, bad days on demand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.playground.company import Company, make_company
from bot.playground.company.delivery import delivery_of, midnight
from bot.playground.providers import (
    ANALYTICS_BETA,
    ANTHROPIC_ADMIN_KEY,
    ANTHROPIC_WORK_KEY,
    OPENAI_ADMIN_KEY,
    OPENAI_PROJECT_KEY,
    Faults,
    anthropic_app,
    openai_app,
)
from bot.playground.providers.anthropic_analytics_query import DIMENSIONS
from bot.playground.providers.faults import (
    MEGABYTE,
    broken_off,
    cut_json,
    html,
    huge_page,
    not_utf8,
    page_twice,
    refused,
    token_loop,
    without,
)
from bot.playground.providers.openai_reports import COST_DIMENSIONS, USAGE_DIMENSIONS
from bot.playground.serving import serving

COMPANY = make_company(people=40, weeks=3, ends=date(2026, 11, 16))
NOW = COMPANY.settled_at
DAY = timedelta(days=1)
WEEK_START, WEEK_END = midnight(COMPANY.start), midnight(COMPANY.start) + 7 * DAY
WEEK = [COMPANY.start + n * DAY for n in range(7)]
USAGE, COST = "/v1/organizations/analytics/usage", "/v1/organizations/analytics/cost"
MESSAGES, BILL = "/v1/organizations/usage_report/messages", "/v1/organizations/cost_report"
COMPLETIONS, COSTS = "/v1/organization/usage/completions", "/v1/organization/costs"
ANTHROPIC_HEADERS = {
    "x-api-key": ANTHROPIC_ADMIN_KEY,
    "anthropic-version": "2026-10-21",
    "anthropic-beta": ANALYTICS_BETA,
}
OPENAI_HEADERS = {"authorization": f"Bearer {OPENAI_ADMIN_KEY}"}
SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"

Params = list[tuple[str, Any]]


class Api:
    """A stand-in and the headers it wants, asked without a network."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def get(self, path: str, params: Params = (), **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            wanted = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
            return await client.get(path, params=list(params), headers=wanted)

    async def rows(self, path: str, params: Params) -> list[dict[str, Any]]:
        """Give the rows of all pages."""
        rows: list[dict[str, Any]] = []
        page: dict[str, Any] = {"next_page": None, "has_more": True}
        while page["has_more"]:
            cursor = [("page", page["next_page"])] if page["next_page"] else []
            answer = await self.get(path, [*params, *cursor])
            assert answer.status_code == 200, answer.text
            page = answer.json()
            rows.extend(page["data"])
        return rows


def anthropic(company: Company = COMPANY, now: datetime = NOW, *, unified: bool = True) -> Api:
    return Api(anthropic_app(company, now=lambda: now, unified=unified), ANTHROPIC_HEADERS)


def openai(company: Company = COMPANY, now: datetime = NOW, *, by_user: bool = True) -> Api:
    return Api(openai_app(company, now=lambda: now, costs_by_user=by_user), OPENAI_HEADERS)


def rfc3339(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def unified_query(*groups: str, limit: int = 1000) -> Params:
    return [
        ("starting_at", rfc3339(WEEK_START)),
        ("ending_at", rfc3339(WEEK_END)),
        ("time_bucket_width", "1d"),
        ("order_by", "time"),
        ("order", "asc"),
        ("limit", limit),
        *(("group_by[]", group) for group in groups),
    ]


def report_query(*groups: str) -> Params:
    return [
        ("starting_at", rfc3339(WEEK_START)),
        ("ending_at", rfc3339(WEEK_END)),
        *(("group_by[]", group) for group in groups),
    ]


def openai_query(*groups: str, name: str = "group_by[]", limit: int = 3) -> Params:
    return [
        ("start_time", int(WEEK_START.timestamp())),
        ("end_time", int(WEEK_END.timestamp())),
        ("limit", limit),
        *((name, group) for group in groups),
    ]


def invoice(provider: Any, as_of: datetime = NOW) -> Decimal:
    return sum((COMPANY.invoice(provider, day, as_of) for day in WEEK), Decimal(0))


def cents(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["cost"]["amount"]) for row in rows), Decimal(0))


def results(buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for bucket in buckets for row in bucket["results"]]


def dollars(buckets: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(str(row["amount"]["value"])) for row in results(buckets)), Decimal(0))


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


class TestProductTime:
    async def test_a_late_day_is_absent_and_then_there(self):
        days = [
            (day, delivery)
            for day in COMPANY.days
            if (
                delivery := delivery_of("openai", day, COMPANY.seed, COMPANY.longest_revision_days)
            ).first_seen_at
            > midnight(day + DAY) + timedelta(hours=4)
        ]
        for day, delivery in days:
            query: Params = [
                ("start_time", int(midnight(day).timestamp())),
                ("end_time", int(midnight(day + DAY).timestamp())),
            ]
            before = await openai(now=delivery.complete_at - timedelta(hours=1)).rows(COSTS, query)
            after = await openai(now=delivery.complete_at).rows(COSTS, query)

            assert results(before) == []
            assert dollars(after) == COMPANY.invoice("openai", day, delivery.complete_at)
        assert days


class TestFaults:
    QUERY = openai_query("user_id", limit=3)

    @pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 529])
    async def test_a_refusal_is_answered_once_in_the_provider_s_shape(self, status):
        for api, path in ((openai(), COSTS), (anthropic(), USAGE)):
            faults = Faults(api.app)
            faults.script(path, refused(status, retry_after="soon"))
            spoiled = Api(faults, api.headers)
            query = self.QUERY if path == COSTS else unified_query("actor")

            answer = await spoiled.get(path, query)
            assert (answer.status_code, answer.headers["retry-after"]) == (status, "soon")
            assert answer.json()["error"]["type"]
            assert (await spoiled.get(path, query)).status_code == 200

    async def test_calls_are_recorded_without_headers(self):
        api = openai()
        faults = Faults(api.app)
        await Api(faults, api.headers).get(COSTS, self.QUERY)

        [call] = faults.calls_of(COSTS)
        assert call.query == tuple((name, str(value)) for name, value in self.QUERY)

    async def test_other_paths_are_left_alone(self):
        api = openai()
        faults = Faults(api.app)
        faults.script(COMPLETIONS, html())

        assert (await Api(faults, api.headers).get(COSTS, self.QUERY)).json()["object"] == "page"

    async def test_html_comes_with_status_200(self):
        answer = await spoiled(html())

        assert (answer.status_code, answer.text[:15]) == (200, "<!doctype html>")

    async def test_cut_json_does_not_parse(self):
        with pytest.raises(json.JSONDecodeError):
            (await spoiled(cut_json())).json()

    async def test_bytes_can_be_no_utf8(self):
        with pytest.raises(UnicodeDecodeError):
            (await spoiled(not_utf8())).content.decode()

    async def test_a_page_can_lack_a_required_field(self):
        page = (await spoiled(without("amount", "has_more"))).json()

        assert "has_more" not in page
        assert all("amount" not in row for row in results(page["data"]))

    async def test_a_page_can_come_twice(self):
        page, plain = (
            (await spoiled(page_twice())).json(),
            (await openai().get(COSTS, self.QUERY)).json(),
        )

        assert page["data"] == plain["data"] * 2

    async def test_the_next_page_can_be_the_same_for_ever(self):
        api = openai()
        faults = Faults(api.app)
        faults.always(COSTS, token_loop())
        looping = Api(faults, api.headers)

        first = (await looping.get(COSTS, self.QUERY)).json()
        second = (await looping.get(COSTS, [*self.QUERY, ("page", first["next_page"])])).json()
        assert first["has_more"]
        assert second == first
        faults.always(COSTS, None)
        assert len(await looping.rows(COSTS, self.QUERY)) == 7

    def test_a_connection_can_break_half_way(self):
        with served(broken_off()) as get, pytest.raises(httpx.RemoteProtocolError):
            get()

    def test_a_page_can_have_64_megabytes(self):
        with served(huge_page()) as get:
            answer = get()

        assert len(answer.content) > 64 * MEGABYTE
        assert answer.content.endswith(b"}")


async def spoiled(fault: Any) -> httpx.Response:
    api = openai()
    faults = Faults(api.app)
    faults.script(COSTS, fault)
    return await Api(faults, api.headers).get(COSTS, TestFaults.QUERY)


@contextmanager
def served(fault: Any) -> Iterator[Any]:
    faults = Faults(openai().app)
    faults.script(COSTS, fault)
    with serving(faults) as url:
        yield lambda: httpx.get(
            url + COSTS, params=TestFaults.QUERY, headers=OPENAI_HEADERS, timeout=20
        )


@pytest.fixture(scope="module")
def specs() -> dict[str, Any]:
    if not SPECS.is_dir():
        pytest.skip("needs ../shared/specs beside the repository")
    return {
        name: json.loads((SPECS / f"{name}.openapi.json").read_text())
        for name in ("anthropic-admin-analytics", "openai-admin-usage")
    }


def validate(spec: dict[str, Any], path: str, answer: httpx.Response) -> None:
    pointer = path.replace("/", "~1")
    responses = spec["paths"][path]["get"]["responses"]
    assert "200" in responses
    schema = (
        f"#/paths/{pointer}/get/responses/{answer.status_code}/content/application~1json/schema"
    )
    Draft202012Validator({**spec, "$ref": schema}).validate(answer.json())


class TestShapes:
    @pytest.mark.parametrize(
        ("path", "params"),
        [
            (USAGE, unified_query("actor", "model", "product", "api_key_id")),
            (USAGE, unified_query()),
            (COST, unified_query("actor", "product", "cost_type", "token_type", "actor_type")),
            (COST, unified_query("workspace_id", "organization_id", "service_tier", "speed")),
            (MESSAGES, report_query("account_id", "api_key_id", "model", "service_account_id")),
            (MESSAGES, report_query("context_window", "inference_geo", "speed", "service_tier")),
            (BILL, report_query("description", "workspace_id")),
            ("/v1/organizations/users", [("limit", 1000)]),
            ("/v1/organizations/api_keys", [("limit", 1000)]),
        ],
    )
    async def test_anthropic_answers_fit_the_specification(self, specs, path, params):
        answer = await anthropic().get(path, params)

        assert answer.status_code == 200
        assert answer.json()["data"]
        validate(specs["anthropic-admin-analytics"], path, answer)

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"anthropic_beta": ""}, 400),
            ({"x_api_key": "no"}, 401),
            ({"x_api_key": ANTHROPIC_WORK_KEY}, 403),
        ],
    )
    async def test_anthropic_refusals_fit_the_specification(self, specs, headers, status):
        answer = await anthropic().get(USAGE, unified_query(), **headers)

        assert answer.status_code == status
        validate(specs["anthropic-admin-analytics"], USAGE, answer)

    @pytest.mark.parametrize(
        ("path", "params"),
        [
            (COMPLETIONS, openai_query(*USAGE_DIMENSIONS)),
            (COMPLETIONS, openai_query()),
            (COSTS, openai_query(*COST_DIMENSIONS)),
            (COSTS, openai_query()),
            ("/v1/organization/users", [("limit", 100)]),
            ("/v1/organization/projects", []),
        ],
    )
    async def test_openai_answers_fit_the_specification(self, specs, path, params):
        answer = await openai().get(path, params)

        assert answer.status_code == 200
        assert answer.json()["data"]
        validate(specs["openai-admin-usage"], path.removeprefix("/v1"), answer)

    async def test_openai_keys_fit_the_specification(self, specs):
        template = "/organization/projects/{project_id}/api_keys"
        for project in ("proj_uppeople", "proj_upservices"):
            answer = await openai().get("/v1" + template.format(project_id=project))
            assert answer.json()["data"]
            validate(specs["openai-admin-usage"], template, answer)

    async def test_the_specification_s_times_are_utc(self):
        page = (await anthropic().get(USAGE, unified_query())).json()

        assert datetime.fromisoformat(page["data"][0]["starting_at"]) == WEEK_START.astimezone(UTC)
