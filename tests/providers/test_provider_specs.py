"""Requests and recorded pages agree with the published shapes of the APIs."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.providers.case import CASES, Case
from tests.providers.recorded import FIXTURES, Recorded, load_page, read_day, reading
from tests.shared_data import shared

SPECIFIED = [case for case in CASES.values() if case.spec is not None]
every_specified_case = pytest.mark.parametrize("case", SPECIFIED, ids=lambda case: case.name)


def load_spec(case: Case) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(shared(f"specs/{case.spec}").read_text())
    return spec


def operation(spec: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
    base = httpx.URL(spec["servers"][0]["url"]).path.rstrip("/")
    path = request.url.path.removeprefix(base)
    templates = [template for template in spec["paths"] if is_of(template, path)]
    found: dict[str, Any] = spec["paths"][min(templates, key=lambda t: t.count("{"))][
        request.method.lower()
    ]
    return found


def is_of(template: str, path: str) -> bool:
    """Whether the path is the template's, whose parameters are each one part of it."""
    pattern = re.sub(r"\\\{[^}]+\}", "[^/]+", re.escape(template))
    return re.fullmatch(pattern, path) is not None


async def requests_of(case: Case) -> list[httpx.Request]:
    """All that it ever asks: where everything is allowed and where it has to fall back."""
    requests = []
    for refused in ({}, case.refused, {**case.refused, **case.refused_too}):
        recorded = Recorded(case.name, **refused)
        await read_day(reading(case.provider, recorded))
        requests += recorded.requests
    return requests


def validator(spec: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    resource = Resource(contents=spec, specification=DRAFT202012)
    rebased = json.loads(json.dumps(schema).replace('"#/', '"spec#/'))
    return Draft202012Validator(rebased, registry=Registry().with_resource("spec", resource))


@every_specified_case
async def test_every_request_goes_to_the_documented_server(case):
    server = httpx.URL(load_spec(case)["servers"][0]["url"])

    assert {r.url.host for r in await requests_of(case)} == {server.host}


@every_specified_case
async def test_every_parameter_is_declared_and_has_a_declared_value(case):
    spec = load_spec(case)

    for request in await requests_of(case):
        declared = {
            p["name"]: p["schema"]
            for p in operation(spec, request).get("parameters", [])
            if p["in"] == "query"
        }
        for name, value in request.url.params.multi_items():
            schema = declared[name]
            schema = schema["items"] if schema["type"] == "array" else schema
            typed = json.loads(value) if schema["type"] in {"integer", "boolean"} else value
            validator(spec, schema).validate(typed)


@every_specified_case
async def test_every_required_parameter_and_header_is_sent(case):
    spec = load_spec(case)

    for request in await requests_of(case):
        for parameter in operation(spec, request).get("parameters", []):
            if not parameter.get("required") or parameter["in"] == "path":
                continue
            sent = request.url.params if parameter["in"] == "query" else request.headers
            assert parameter["name"] in sent


@every_specified_case
async def test_no_question_groups_by_more_than_the_api_takes(case):
    for request in await requests_of(case):
        groups = [v for k, v in request.url.params.multi_items() if k.startswith("group_by")]

        assert len(set(groups) - {"cost_type"}) <= 5


@every_specified_case
async def test_recorded_pages_are_what_the_api_may_answer(case):
    spec = load_spec(case)
    seen = set()

    for request in await requests_of(case):
        answer = operation(spec, request)["responses"]["200"]["content"]["application/json"]
        validator(spec, answer["schema"]).validate(load_page(case.name, case.page_name(request)))
        seen.add(case.page_name(request))

    assert seen == {path.stem for path in (FIXTURES / case.name).glob("*.json")}
