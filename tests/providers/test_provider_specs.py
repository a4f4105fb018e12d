"""Requests and recorded pages agree with the published shapes of the APIs."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.providers import PROVIDERS
from tests.providers.recorded import FIXTURES, Recorded, load_page, page_name, read_day, reading
from tests.shared_data import shared

FILES = {
    "anthropic": "anthropic-admin-analytics.openapi.json",
    "openai": "openai-admin-usage.openapi.json",
}
REFUSED = {
    "usage_by_actor": httpx.Response(404),
    "costs_by_user_id": httpx.Response(400),
}

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)


def load_spec(provider: str) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(shared(f"specs/{FILES[provider]}").read_text())
    return spec


def operation(spec: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
    base = httpx.URL(spec["servers"][0]["url"]).path.rstrip("/")
    found: dict[str, Any] = spec["paths"][request.url.path.removeprefix(base)]["get"]
    return found


async def requests_of(provider) -> list[httpx.Request]:
    """All that it ever asks: where everything is allowed and where it has to fall back."""
    recorded, refused = Recorded(provider.name), Recorded(provider.name, **REFUSED)
    await read_day(reading(provider, recorded))
    await read_day(reading(provider, refused))
    return [*recorded.requests, *refused.requests]


def validator(spec: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    resource = Resource(contents=spec, specification=DRAFT202012)
    rebased = json.loads(json.dumps(schema).replace('"#/', '"spec#/'))
    return Draft202012Validator(rebased, registry=Registry().with_resource("spec", resource))


@every_provider
async def test_every_request_goes_to_the_documented_server(provider):
    server = httpx.URL(load_spec(provider.name)["servers"][0]["url"])

    assert {r.url.host for r in await requests_of(provider)} == {server.host}


@every_provider
async def test_every_parameter_is_declared_and_has_a_declared_value(provider):
    spec = load_spec(provider.name)

    for request in await requests_of(provider):
        declared = {
            p["name"]: p["schema"]
            for p in operation(spec, request)["parameters"]
            if p["in"] == "query"
        }
        for name, value in request.url.params.multi_items():
            schema = declared[name]
            schema = schema["items"] if schema["type"] == "array" else schema
            typed = int(value) if schema["type"] == "integer" else value
            validator(spec, schema).validate(typed)


@every_provider
async def test_every_required_parameter_and_header_is_sent(provider):
    spec = load_spec(provider.name)

    for request in await requests_of(provider):
        for parameter in operation(spec, request)["parameters"]:
            if not parameter.get("required"):
                continue
            sent = request.url.params if parameter["in"] == "query" else request.headers
            assert parameter["name"] in sent


@every_provider
async def test_no_question_groups_by_more_than_the_api_takes(provider):
    for request in await requests_of(provider):
        groups = [v for k, v in request.url.params.multi_items() if k.startswith("group_by")]

        assert len(set(groups) - {"cost_type"}) <= 5


@every_provider
async def test_recorded_pages_are_what_the_api_may_answer(provider):
    spec = load_spec(provider.name)
    seen = set()

    for request in await requests_of(provider):
        answer = operation(spec, request)["responses"]["200"]["content"]["application/json"]
        validator(spec, answer["schema"]).validate(load_page(provider.name, page_name(request)))
        seen.add(page_name(request))

    assert seen == {path.stem for path in (FIXTURES / provider.name).glob("*.json")}
