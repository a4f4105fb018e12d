"""A stand-in of a LiteLLM proxy: its daily activity, as the operator's master key sees it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.company import Company, ToolFact
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import day_asked_for, number_asked_for, tool_app

LITELLM_KEY = "sk-playground"
LARGEST_PAGE, LARGEST_LIST = 1000, 100


def litellm_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; a page is a page of the proxy's rows, so that a day may be on several."""

    async def activity(request: Request) -> Response:
        query = request.query_params
        first, last = (day_asked_for(query.get(name)) for name in ("start_date", "end_date"))
        page = number_asked_for(request, "page", 1, status=422)
        size = number_asked_for(request, "page_size", 50, most=LARGEST_PAGE, status=422)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        rows = [fact for day in days for fact in company.tool_facts("litellm", day, now())]
        return JSONResponse(_page(rows, page, size))

    async def users(request: Request) -> Response:
        page = number_asked_for(request, "page", 1, status=422)
        size = number_asked_for(request, "page_size", 25, most=LARGEST_LIST, status=422)
        known = company.tool_users["litellm"]
        listed = [
            {"user_id": user.handle, "user_email": user.email, "user_role": "internal_user"}
            for user in known[(page - 1) * size : page * size]
        ]
        counts = {"total": len(known), "page": page, "page_size": size}
        return JSONResponse({"users": listed, **counts, "total_pages": -(-len(known) // size)})

    return tool_app(
        {("GET", "/user/daily/activity"): activity, ("GET", "/user/list"): users},
        is_known=lambda request: request.headers.get("authorization") == f"Bearer {LITELLM_KEY}",
        refusal=_refusal,
    )


def _refusal(refusal: RefusedError) -> dict[str, Any]:
    """The proxy's own words about a key, and its framework's about anything else."""
    if refusal.status != 401:
        return {"detail": refusal.message}
    kind, code = "auth_error", str(refusal.status)
    return {"error": {"message": refusal.message, "type": kind, "param": None, "code": code}}


def _page(rows: list[ToolFact], page: int, size: int) -> dict[str, Any]:
    shown = rows[(page - 1) * size : page * size]
    pages = max(-(-len(rows) // size), 1)
    days = sorted({fact.day for fact in shown}, reverse=True)
    sums = _metrics(shown)
    totals = {f"total_{name.removeprefix('total_')}": sums[name] for name in sums}
    return {
        "results": [_day(day, [fact for fact in shown if fact.day == day]) for day in days],
        "metadata": {**totals, "page": page, "total_pages": pages, "has_more": page < pages},
    }


def _day(day: date, facts: list[ToolFact]) -> dict[str, Any]:
    models = {
        model: {
            "metrics": _metrics(fact for fact in facts if fact.model == model),
            "metadata": {},
            "api_key_breakdown": _keys([fact for fact in facts if fact.model == model]),
        }
        for model in sorted({fact.model for fact in facts})
    }
    breakdown = {"models": models, "api_keys": _keys(facts), "providers": {}, "entities": {}}
    return {"date": day.isoformat(), "metrics": _metrics(facts), "breakdown": breakdown}


def _keys(facts: list[ToolFact]) -> dict[str, Any]:
    users = {fact.user.handle: fact.user for fact in facts}
    return {
        hashlib.sha256(handle.encode()).hexdigest(): {
            "metrics": _metrics(fact for fact in facts if fact.user.handle == handle),
            "metadata": {
                "key_alias": f"{handle}-cli",
                "team_id": None,
                "user_id": handle,
                "user_email": user.email,
                "key_exists": True,
            },
        }
        for handle, user in users.items()
    }


def _metrics(facts: Iterable[ToolFact]) -> dict[str, Any]:
    """Sums; the prompt's tokens count what was read from and written to a cache as well."""
    rows = list(facts)
    prompt = sum(f.input_uncached + f.cache_read + f.cache_write for f in rows)
    output, requests = sum(f.output for f in rows), sum(f.requests for f in rows)
    return {
        "spend": float(sum(fact.charged for fact in rows)),
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "cache_read_input_tokens": sum(fact.cache_read for fact in rows),
        "cache_creation_input_tokens": sum(fact.cache_write for fact in rows),
        "total_tokens": prompt + output,
        "successful_requests": requests,
        "failed_requests": 0,
        "api_requests": requests,
    }
