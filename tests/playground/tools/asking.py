"""A made-up company's use of tools, and asking the stand-ins for it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.domain.usage import ChargeCategory, ProviderDay, UsageRecord
from bot.playground.company import make_company
from bot.playground.providers.cursor import CURSOR_KEY
from bot.playground.providers.litellm import LITELLM_KEY
from tests.shared_data import shared

COMPANY = make_company(people=120, weeks=4, ends=date(2026, 11, 16), longest_revision_days=1)
SETTLED = COMPANY.settled_at
MONDAY = COMPANY.start
TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
CENT = Decimal("0.01")
CURSOR_AUTH = {"authorization": "Basic " + b64encode(f"{CURSOR_KEY}:".encode()).decode()}
LITELLM_AUTH = {"authorization": f"Bearer {LITELLM_KEY}"}


class Clock:
    def __init__(self) -> None:
        self.time = SETTLED

    def now(self) -> datetime:
        return self.time


class Api:
    """A stand-in and the headers it wants, asked without a network."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        headers = request.pop("headers", self.headers)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, headers=headers, **request)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.ask("GET", path, params=params)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.ask("POST", path, json=body)


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


class Spec:
    """A published description of an API, asked what may be answered."""

    def __init__(self, name: str) -> None:
        spec = nullable(json.loads(shared(f"specs/{name}").read_text()))
        self._paths = spec["paths"]
        resource = Resource(contents=spec, specification=DRAFT202012)
        self._registry = Registry().with_resource("spec", resource)

    def require(self, operation: str, answer: httpx.Response) -> None:
        method, path = operation.split()
        declared = self._paths[path][method]["responses"][str(answer.status_code)]
        schema = declared["content"]["application/json"]["schema"]
        rebased = json.loads(json.dumps(schema).replace('"#/', '"spec#/'))
        Draft202012Validator(rebased, registry=self._registry).validate(answer.json())


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of somebody's day; tokens are ``None`` where the tool tells none."""

    charged: Decimal
    seat: Decimal
    requests: int
    tokens: tuple[int, int, int, int] | None


def truth(tool, day: date, as_of: datetime, *, has_tokens: bool) -> dict[str, Known]:
    """By address, of everybody who has a seat or used something."""
    facts = {fact.user.email: fact for fact in COMPANY.tool_facts(tool, day, as_of)}
    users = COMPANY.tool_users[tool]
    share = COMPANY.tool_invoice(tool, day, as_of) - sum(f.charged for f in facts.values())
    seat = (share / len(users)).quantize(CENT)
    known = {}
    for user in users:
        fact = facts.get(user.email)
        if fact is None and not seat:
            continue
        told = (fact.input_uncached, fact.cache_read, fact.cache_write, fact.output) if fact else ()
        known[user.email] = Known(
            charged=fact.charged if fact else Decimal(0),
            seat=seat,
            requests=fact.requests if fact else 0,
            tokens=told or (0, 0, 0, 0) if has_tokens else None,
        )
    return known


def sums(answer: ProviderDay, *, has_tokens: bool) -> dict[str, Known]:
    by_person: defaultdict[str, list[UsageRecord]] = defaultdict(list)
    for record in answer.records:
        by_person[answer.emails[record.account or ""]].append(record)
    return {email: sum_of(records, has_tokens) for email, records in by_person.items()}


def sum_of(records: list[UsageRecord], has_tokens: bool) -> Known:  # noqa: FBT001
    seats = [r for r in records if r.charge_category is ChargeCategory.PURCHASE]
    used = [record for record in records if record not in seats]
    parts = [
        (t.input_uncached, t.cache_read, t.cache_write, t.output)
        for t in (record.tokens for record in used)
        if t is not None
    ]
    assert bool(parts) <= has_tokens
    return Known(
        charged=sum((r.cost for r in used if r.cost is not None), Decimal(0)),
        seat=sum((r.cost for r in seats if r.cost is not None), Decimal(0)).quantize(CENT),
        requests=sum(record.requests or 0 for record in used),
        tokens=tuple(map(sum, zip((0, 0, 0, 0), *parts, strict=True))) if has_tokens else None,  # type: ignore[arg-type]
    )


def assert_true(tool, answer: ProviderDay, as_of: datetime = SETTLED) -> None:
    """That the day is the company's truth: by person, and the invoice to the cent."""
    has_tokens = tool in {"cursor", "litellm"}
    expected = truth(tool, answer.day, as_of, has_tokens=has_tokens)
    invoice = COMPANY.tool_invoice(tool, answer.day, as_of).quantize(CENT)
    assert sums(answer, has_tokens=has_tokens) == expected
    assert sum((r.cost or Decimal(0) for r in answer.records), Decimal(0)).quantize(CENT) == invoice
    if answer.billed is not None:
        assert answer.billed.quantize(CENT) == invoice
        assert answer.unattributed == 0
