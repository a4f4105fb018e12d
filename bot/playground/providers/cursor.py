"""A stand-in of Cursor's Admin API: members, usage events newest first, and each day's edits."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.company import Company, ToolFact, ToolUser
from bot.playground.company.delivery import midnight
from bot.playground.company.suggestions import suggested
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import body_of, milliseconds, tool_app

CURSOR_KEY = "key_playground"
LARGEST_PAGE, LARGEST_DAILY_PAGE = 1000, 500
LONGEST_DAILY = timedelta(days=30)
EDITS_A_REQUEST = 2
NINE, EIGHT_HOURS = timedelta(hours=9), timedelta(hours=8)


def cursor_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; the key is the user's name of HTTP Basic, without a password."""
    expected = "Basic " + base64.b64encode(f"{CURSOR_KEY}:".encode()).decode()

    async def members(_: Request) -> Response:
        return JSONResponse(
            {"teamMembers": [_member(user) for user in company.tool_users["cursor"]]}
        )

    async def events(request: Request) -> Response:
        return JSONResponse(_events_page(company, await body_of(request), now()))

    async def daily(request: Request) -> Response:
        return JSONResponse(_daily_page(company, await body_of(request), now()))

    return tool_app(
        {
            ("GET", "/teams/members"): members,
            ("POST", "/teams/filtered-usage-events"): events,
            ("POST", "/teams/daily-usage-data"): daily,
        },
        is_known=lambda request: request.headers.get("authorization") == expected,
    )


def _member(user: ToolUser) -> dict[str, Any]:
    name = user.handle.replace("-", " ").title()
    return {
        "id": f"user_UP{user.number:06}",
        "name": name,
        "email": user.email,
        "role": "member",
        "isRemoved": False,
    }


def _events_page(company: Company, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    first, last, size, page = _asked_for(asked, default=10, most=LARGEST_PAGE)
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


def _asked_for(asked: dict[str, Any], *, default: int, most: int) -> tuple[int, int, int, int]:
    """From when to when, how many rows on a page, and which page."""
    first, last = asked.get("startDate"), asked.get("endDate")
    size, page = asked.get("pageSize", default), asked.get("page", 1)
    if not (isinstance(first, int) and isinstance(last, int)):
        raise RefusedError(400, "startDate and endDate are milliseconds.")
    if not (isinstance(size, int) and 0 < size <= most):
        raise RefusedError(400, f"pageSize is at most {most}.")
    if not (isinstance(page, int) and page > 0):
        raise RefusedError(400, "page is a whole number from 1 on.")
    return first, last, size, page


def _daily_page(company: Company, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Every member's days where pages are asked for, else the days of those who used something."""
    first, last, size, page = _asked_for(asked, default=LARGEST_DAILY_PAGE, most=LARGEST_DAILY_PAGE)
    if last - first > LONGEST_DAILY / timedelta(milliseconds=1):
        raise RefusedError(400, "The range is at most 30 days.")
    rows = [
        row
        for row in _days(company, first, last, now)
        if row["isActive"] or asked.keys() & {"page", "pageSize"}
    ]
    pages = max(-(-len(rows) // size), 1)
    return {
        "data": rows[(page - 1) * size : page * size],
        "period": {"startDate": first, "endDate": last},
        "pagination": {
            "page": page,
            "pageSize": size,
            "totalUsers": len(company.tool_users["cursor"]),
            "totalPages": pages,
            "hasNextPage": page < pages,
            "hasPreviousPage": page > 1,
        },
    }


def _days(company: Company, first: int, last: int, now: datetime) -> Iterator[dict[str, Any]]:
    day = datetime.fromtimestamp(first / 1000, UTC).date()
    while milliseconds(midnight(day)) <= last:
        used = {fact.user: fact for fact in company.tool_facts("cursor", day, now)}
        for user in company.tool_users["cursor"]:
            yield _day_of(user, day, used.get(user))
        day += timedelta(days=1)


def _day_of(user: ToolUser, day: date, fact: ToolFact | None) -> dict[str, Any]:
    requests = 0 if fact is None else fact.requests
    offered, accepted = suggested("cursor", user.person, day, EDITS_A_REQUEST * requests)
    return {
        "userId": f"user_UP{user.number:06}",
        "day": day.isoformat(),
        "date": milliseconds(midnight(day)),
        "email": user.email,
        "isActive": fact is not None,
        "totalLinesAdded": 12 * offered,
        "totalLinesDeleted": 3 * offered,
        "acceptedLinesAdded": 12 * accepted,
        "acceptedLinesDeleted": 3 * accepted,
        "totalApplies": offered,
        "totalAccepts": accepted,
        "totalRejects": offered - accepted,
        "totalTabsShown": 0,
        "totalTabsAccepted": 0,
        "composerRequests": 0,
        "chatRequests": 0,
        "agentRequests": requests,
        "cmdkUsages": 0,
        "bugbotUsages": 0,
        "mostUsedModel": None if fact is None else fact.model,
    }


def _events(company: Company, first: int, last: int, now: datetime) -> Iterator[dict[str, Any]]:
    day = datetime.fromtimestamp(first / 1000, UTC).date()
    while milliseconds(midnight(day)) <= last:
        for fact in company.tool_facts("cursor", day, now):
            for number in range(fact.requests):
                at = milliseconds(midnight(day) + NINE + EIGHT_HOURS * number / fact.requests)
                if first <= at <= last:
                    yield _event(fact, number, at + fact.user.number)
        day += timedelta(days=1)


def _event(fact: ToolFact, number: int, at: int) -> dict[str, Any]:
    """One of the requests that *fact* is the sum of."""

    def part(whole: int) -> int:
        share, rest = divmod(whole, fact.requests)
        return share + (number < rest)

    is_free = fact.charged_nanodollars == 0
    cents = float(Decimal(part(fact.worth_nanodollars)).scaleb(-7))
    return {
        "timestamp": str(at),
        "userEmail": fact.user.email,
        "conversationId": f"conversation-{fact.user.number}-{fact.day}",
        "model": fact.model,
        "kind": "Included in Business" if is_free else "Usage-based",
        "maxMode": False,
        "requestsCosts": 1.0,
        "isTokenBasedCall": True,
        "isChargeable": not is_free,
        "isHeadless": False,
        "tokenUsage": {
            "inputTokens": part(fact.input_uncached),
            "outputTokens": part(fact.output),
            "cacheWriteTokens": part(fact.cache_write),
            "cacheReadTokens": part(fact.cache_read),
            "totalCents": cents,
            "discountPercentOff": 0,
        },
        "chargedCents": cents,
        "isFreeBugbot": False,
    }
