"""Our pages have the shapes of GitHub's own specification."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.providers.copilot.answers import ORGANIZATION, page_name, requests_of, text_of
from tests.providers.recorded import load_page
from tests.shared_data import shared


class TestSpecifications:
    """Requests and pages against GitHub's published shapes, downloads and GraphQL apart."""

    @pytest.fixture
    def spec(self) -> dict[str, Any]:
        return json.loads(shared("specs/github-copilot-billing.openapi.json").read_text())

    @pytest.fixture(params=[{}, ORGANIZATION, {"billing": "per_user"}], ids=str)
    async def asked(self, request) -> list[httpx.Request]:
        apart = {"part-1", "part-2", "ai_credit", "graphql"}
        return [r for r in await requests_of(**request.param) if page_name(r) not in apart]

    def operation(self, spec: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
        paths = {re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)): path for path in spec["paths"]}
        [path] = [
            path for pattern, path in paths.items() if re.fullmatch(pattern, request.url.path)
        ]
        return spec["paths"][path][request.method.lower()]

    def resolved(self, spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = spec
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def validate(self, spec: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
        resource = Resource(contents=nullable(spec), specification=DRAFT202012)
        rebased = json.loads(json.dumps(nullable(schema)).replace('"#/', '"spec#/'))
        registry = Registry().with_resource("spec", resource)
        Draft202012Validator(rebased, registry=registry).validate(value)

    async def test_every_request_is_one_of_the_api_s(self, spec, asked):
        for request in asked:
            assert f"https://{request.url.host}" == spec["servers"][0]["url"]
            parameters = [
                self.resolved(spec, p) for p in self.operation(spec, request).get("parameters", [])
            ]
            declared = {p["name"]: p for p in parameters if p["in"] == "query"}
            for name, value in request.url.params.multi_items():
                schema = declared[name]["schema"]
                self.validate(spec, schema, int(value) if schema["type"] == "integer" else value)
            assert {n for n, p in declared.items() if p.get("required")} <= set(request.url.params)

    async def test_every_body_is_what_the_api_takes(self, spec):
        [post] = [r for r in await requests_of() if page_name(r) == "reports"]
        body = self.operation(spec, post)["requestBody"]["content"]["application/json"]

        self.validate(spec, body["schema"], json.loads(post.content))

    async def test_every_recorded_page_is_what_the_api_may_answer(self, spec, asked):
        for request in asked:
            answers = self.operation(spec, request)["responses"]
            answer = self.resolved(spec, answers.get("200") or answers["202"])
            if "enterprises" in str(request.url) and "ai_credit" in str(request.url):
                continue  # recorded of an organization
            schema = answer["content"]["application/json"]["schema"]
            self.validate(spec, schema, load_page("copilot", page_name(request)))

    def test_every_recorded_line_is_what_a_report_may_hold(self):
        schema = json.loads(shared("specs/github-copilot-user-report-line.schema.json").read_text())
        lines = [json.loads(line) for line in text_of("part-1.ndjson").splitlines()]

        for line in [*lines, *load_page("copilot", "part-2")["day_totals"]]:
            Draft202012Validator(schema).validate(line)


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` as JSON Schema has it."""
    match schema:
        case {"nullable": True, **rest}:
            return {"anyOf": [nullable(rest), {"type": "null"}]}
        case dict():
            return {key: nullable(value) for key, value in schema.items()}
        case list():
            return [nullable(item) for item in schema]
        case _:
            return schema
