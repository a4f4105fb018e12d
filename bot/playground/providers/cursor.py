"""A stand-in of Cursor's Admin API: members and usage events, newest first."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.company import Company, ToolFact
from bot.playground.company.delivery import midnight
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import body_of, milliseconds, tool_app

CURSOR_KEY = "key_playground"
LARGEST_PAGE = 1000


def cursor_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; the key is the user's name of HTTP Basic, without a password."""
    expected = "Basic " + base64.b64encode(f"{CURSOR_KEY}:".encode()).decode()

    async def members(_: Request) -> Response:
        return JSONResponse(
            {"teamMembers": [_member(user) for user in company.tool_users["cursor"]]}
        )

    async def events(request: Request) -> Response:
        return JSONResponse(_events_page(company, await body_of(request), now()))

    return tool_app(
        {("GET", "/teams/members"): members, ("POST", "/teams/filtered-usage-events"): events},
        is_known=lambda request: request.headers.get("authorization") == expected,
    )


def _member(user: Any) -> dict[str, Any]:
    name = user.handle.replace("-", " ").title()
    return {
        "id": f"user_UP{user.number:06}",
        "name": name,
        "email": user.email,
        "role": "member",
        "isRemoved": False,
    }


def _events_page(company: Company, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    first, last = asked.get("startDate"), asked.get("endDate")
    size, page = asked.get("pageSize", 10), asked.get("page", 1)
    if not (isinstance(first, int) and isinstance(last, int)):
        raise RefusedError(400, "startDate and endDate are milliseconds.")
    if not (isinstance(size, int) and 0 < size <= LARGEST_PAGE and isinstance(page, int)):
        raise RefusedError(400, "pageSize is at most 1000.")
    found = sorted(_events(company, first, last, now), key=lambda e: e["timestamp"], reverse=True)
    pages = max(-(-len(found) // size), 1)
    return {
        "totalUsageEventsCount": len(found),
        "pagination": {
            "numPages": pages,
            "currentPage": page,
            "pageSize": size,
            "hasNextPage": page < pages,
            "hasPreviousPage": page > 1,
        },
        "usageEvents": found[(page - 1) * size : page * size],
        "period": {"startDate": first, "endDate": last},
    }


def _events(company: Company, first: int, last: int, now: datetime) -> Iterator[dict[str, Any]]:
    day = datetime.fromtimestamp(first / 1000, UTC).date()
    while milliseconds(midnight(day)) <= last:
        for number, fact in enumerate(company.tool_facts("cursor", day, now)):
            at = milliseconds(midnight(day) + timedelta(hours=9, seconds=37 * number))
            if first <= at <= last:
                yield _event(fact, at)
        day += timedelta(days=1)


def _event(fact: ToolFact, at: int) -> dict[str, Any]:
    is_free = fact.charged_nanodollars == 0
    cents = float(Decimal(fact.worth_nanodollars).scaleb(-7))
    return {
        "timestamp": str(at),
        "userEmail": fact.user.email,
        "conversationId": f"conversation-{at}",
        "model": fact.model,
        "kind": "Included in Business" if is_free else "Usage-based",
        "maxMode": False,
        "requestsCosts": float(fact.requests),
        "isTokenBasedCall": True,
        "isChargeable": not is_free,
        "isHeadless": False,
        "tokenUsage": {
            "inputTokens": fact.input_uncached,
            "outputTokens": fact.output,
            "cacheWriteTokens": fact.cache_write,
            "cacheReadTokens": fact.cache_read,
            "totalCents": cents,
            "discountPercentOff": 0,
        },
        "chargedCents": cents,
        "isFreeBugbot": False,
    }
