"""What the stand-ins answer has the shapes of the providers' own specifications."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.playground.providers import ANTHROPIC_WORK_KEY
from bot.playground.providers.openai_reports import COST_DIMENSIONS, USAGE_DIMENSIONS
from tests.playground.providers.asking import (
    BILL,
    COMPLETIONS,
    COST,
    COSTS,
    MESSAGES,
    USAGE,
    WEEK_START,
    anthropic,
    openai,
    openai_query,
    report_query,
    unified_query,
)
from tests.shared_data import shared


@pytest.fixture(scope="module")
def specs() -> dict[str, Any]:
    return {
        name: json.loads(shared(f"specs/{name}.openapi.json").read_text())
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
