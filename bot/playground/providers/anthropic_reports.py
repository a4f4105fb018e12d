"""Anthropic's older Console reports: tokens by account or key, and the bill by description."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from bot.playground.company import Company
from bot.playground.company.delivery import midnight
from bot.playground.providers import parameters
from bot.playground.providers.anthropic_dimensions import Dimensions
from bot.playground.providers.cursors import Position, Query, encode, position_of
from bot.playground.providers.grouping import (
    Key,
    Totals,
    by_token_part,
    cents_text,
    entries_of,
    summed,
    whole,
)

USAGE_DIMENSIONS = (
    *("account_id", "api_key_id", "context_window", "inference_geo", "model"),
    *("service_account_id", "service_tier", "speed", "workspace_id"),
)
USAGE_FILTERS = {
    **{f"{name}s[]": name for name in USAGE_DIMENSIONS if name != "context_window"},
    "context_window[]": "context_window",
}
DESCRIBED = (
    "cost_type",
    "model",
    "token_type",
    "service_tier",
    "context_window",
    "inference_geo",
)
COMMON = {"starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]"}


def messages_page(company: Company, query: Query, now: datetime) -> dict[str, Any]:
    """Answer /usage_report/messages: no cost, no requests, buckets of a day."""
    parameters.refuse_unknown(query, COMMON | set(USAGE_FILTERS))
    names = parameters.choices(query, "group_by[]", among=USAGE_DIMENSIONS)
    dimensions = Dimensions(company)

    def results(day: date, as_of: datetime) -> list[dict[str, Any]]:
        pieces = (
            piece
            for fact in company.facts("anthropic", day, as_of)
            if dimensions.passes(fact, query, USAGE_FILTERS)
            for piece in whole(fact)
        )
        sums = summed(pieces, lambda piece: tuple(dimensions.value(piece, n) for n in names))
        return [_usage_result(dict(zip(names, key, strict=True)), t) for key, t in sums.items()]

    return _buckets(query, now, results)


def cost_page(company: Company, query: Query, now: datetime) -> dict[str, Any]:
    """Answer /cost_report: the bill, which knows neither people nor keys."""
    parameters.refuse_unknown(query, COMMON)
    groups = parameters.choices(query, "group_by[]", among=("description", "workspace_id"))
    names = [name for name in groups if name == "workspace_id"]
    if "description" in groups:
        names.extend(DESCRIBED)
    dimensions = Dimensions(company)

    def results(day: date, as_of: datetime) -> list[dict[str, Any]]:
        cut = by_token_part if "description" in groups else whole
        entries = entries_of(company, "anthropic", day, as_of)
        pieces = (piece for entry in entries for piece in cut(entry))
        sums = summed(pieces, lambda piece: tuple(dimensions.value(piece, n) for n in names))
        return [_cost_result(names, key, totals) for key, totals in sums.items()]

    return _buckets(query, now, results)


def _buckets(
    query: Query, now: datetime, results: Callable[[date, datetime], list[dict[str, Any]]]
) -> dict[str, Any]:
    parameters.choice(query, "bucket_width", among=("1d",), default="1d")
    size = parameters.limit(query, default=7, most=31)
    position = position_of(query, now)
    start = parameters.required(parameters.rfc3339(query, "starting_at"), "starting_at")
    end = parameters.rfc3339(query, "ending_at") or position.as_of
    days = parameters.days_between(start, end)
    after = Position(offset=position.offset + size, as_of=position.as_of)
    has_more = after.offset < len(days)
    return {
        "data": [
            {
                "starting_at": _text(midnight(day)),
                "ending_at": _text(midnight(day) + timedelta(days=1)),
                "results": results(day, position.as_of),
            }
            for day in days[position.offset : after.offset]
        ],
        "has_more": has_more,
        "next_page": encode(after, query) if has_more else None,
    }


def _usage_result(group: dict[str, object], totals: Totals) -> dict[str, Any]:
    uncached, read, short, long, output = totals.tokens
    return {
        **dict.fromkeys(USAGE_DIMENSIONS),
        **group,
        "uncached_input_tokens": uncached,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_1h_input_tokens": long, "ephemeral_5m_input_tokens": short},
        "output_tokens": output,
        "server_tool_use": {"web_search_requests": 0},
    }


def _cost_result(names: list[str], key: Key, totals: Totals) -> dict[str, Any]:
    values = dict(zip(names, key, strict=True))
    return {
        "amount": cents_text(totals.nanodollars),
        "currency": "USD",
        "description": _description(values),
        **dict.fromkeys((*DESCRIBED, "workspace_id")),
        **values,
    }


def _description(values: dict[str, object]) -> str | None:
    match values.get("cost_type"):
        case None:
            return None
        case "tokens":
            return f"{values['model']} Usage - {values['token_type']}"
        case _:
            return "Code Execution Usage"


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
