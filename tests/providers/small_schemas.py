"""Requests and recorded pages agree with our small schemas of APIs that publish none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.providers.case import CASES
from tests.providers.recorded import FIXTURES, Recorded, load_page, read_day, reading

SCHEMAS = Path(__file__).parent / "schemas"


async def assert_agrees_with_its_schema(name: str) -> None:
    """All that is ever asked and all that is recorded, where it falls back as well."""
    case = CASES[name]
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    recorded, refused = Recorded(case.name), Recorded(case.name, **case.refused)
    await read_day(reading(case.provider, recorded))
    await read_day(reading(case.provider, refused))
    seen = set()
    for request in [*recorded.requests, *refused.requests]:
        operation = _operation(schema, request)
        _validate(schema, operation["request"], _asked(request))
        seen.add(case.page_name(request))
        _validate(schema, operation["answer"], load_page(case.name, case.page_name(request)))
    assert schema["$comment"].startswith("unverified: made after ")
    assert seen == {path.stem for path in (FIXTURES / case.name).glob("*.json")}


def _operation(schema: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
    asked = f"{request.method} {request.url.host}{request.url.raw_path.decode().split('?')[0]}"
    [found] = (
        operation
        for pattern, operation in schema["operations"].items()
        if re.fullmatch(pattern, asked)
    )
    return dict(found)


def _asked(request: httpx.Request) -> dict[str, Any]:
    """Query and body, with JSON in a parameter opened."""
    query = {
        name: json.loads(value) if value.startswith("{") else value
        for name, value in request.url.params.multi_items()
    }
    return {"query": query, "body": json.loads(request.content or "null")}


def _validate(schema: dict[str, Any], part: dict[str, Any], instance: Any) -> None:
    Draft202012Validator({"$defs": schema.get("$defs", {}), **part}).validate(instance)
