"""A made-up company's use, and asking the stand-ins of its providers for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from bot.playground.company import Company, make_company
from bot.playground.company.delivery import midnight
from bot.playground.providers import (
    ANALYTICS_BETA,
    ANTHROPIC_ADMIN_KEY,
    OPENAI_ADMIN_KEY,
    anthropic_app,
    openai_app,
)

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


def results(buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for bucket in buckets for row in bucket["results"]]


def dollars(buckets: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(str(row["amount"]["value"])) for row in results(buckets)), Decimal(0))
