"""OpenAI's usage of completions and costs of an organization, in buckets of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from bot.playground.company import Company, UsageFact
from bot.playground.company.delivery import midnight
from bot.playground.providers import parameters
from bot.playground.providers.cursors import Position, Query, encode, position_of
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.grouping import (
    Piece,
    Totals,
    by_token_part,
    entries_of,
    summed,
    whole,
)

PEOPLE_PROJECT, SERVICES_PROJECT = "proj_uppeople", "proj_upservices"
LINE_ITEMS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_12h_tokens",
    "output_tokens",
)
COST_DIMENSIONS = ("project_id", "line_item", "api_key_id", "user_id", "api_source")
READERS: dict[str, Callable[[UsageFact], str | bool | None]] = {
    "project_id": lambda fact: PEOPLE_PROJECT if fact.person else SERVICES_PROJECT,
    "user_id": lambda fact: fact.account,
    "api_key_id": lambda fact: fact.api_key,
    "model": lambda fact: fact.model,
    "batch": lambda _: False,
    "service_tier": lambda _: "default",
    "api_source": lambda _: None,
}
USAGE_DIMENSIONS = tuple(READERS)
FILTERS = {
    "project_ids": "project_id",
    "user_ids": "user_id",
    "api_key_ids": "api_key_id",
    "models": "model",
    "line_items": "line_item",
}
USAGE_FILTERS = ("project_ids", "user_ids", "api_key_ids", "models")
COST_FILTERS = ("project_ids", "api_key_ids", "line_items")
COMMON = {"start_time", "end_time", "bucket_width", "limit", "page", "group_by", "group_by[]"}


def usage_page(company: Company, query: Query, now: datetime) -> dict[str, Any]:
    """Answer /organization/usage/completions."""
    _refuse_unknown(query, USAGE_FILTERS)
    names = parameters.choices(query, "group_by", "group_by[]", among=USAGE_DIMENSIONS)

    def results(day: date, as_of: datetime) -> list[dict[str, Any]]:
        pieces = [piece for fact in company.facts("openai", day, as_of) for piece in whole(fact)]
        wanted = [piece for piece in pieces if _passes(piece, query, USAGE_FILTERS)]
        sums = summed(wanted, lambda piece: tuple(_value(piece, name) for name in names))
        return [_usage_result(dict(zip(names, key, strict=True)), t) for key, t in sums.items()]

    return _buckets(query, now, results, most=31)


def costs_page(company: Company, query: Query, now: datetime, *, by_user: bool) -> dict[str, Any]:
    """Answer /organization/costs; without *by_user* the organization cannot group by person."""
    _refuse_unknown(query, COST_FILTERS)
    names = parameters.choices(query, "group_by", "group_by[]", among=COST_DIMENSIONS)
    if "user_id" in names and not by_user:
        raise RefusedError(400, "group_by: user_id is not available for this organization")
    itemized = "line_item" in names or bool(parameters.values(query, "line_items", "line_items[]"))

    def results(day: date, as_of: datetime) -> list[dict[str, Any]]:
        cut = by_token_part if itemized else whole
        entries = entries_of(company, "openai", day, as_of)
        pieces = [piece for entry in entries for piece in cut(entry)]
        wanted = [piece for piece in pieces if _passes(piece, query, COST_FILTERS)]
        sums = summed(wanted, lambda piece: tuple(_value(piece, name) for name in names))
        return [_cost_result(dict(zip(names, key, strict=True)), t) for key, t in sums.items()]

    return _buckets(query, now, results, most=180)


def _refuse_unknown(query: Query, filters: tuple[str, ...]) -> None:
    parameters.refuse_unknown(query, {*COMMON, *filters, *(f"{name}[]" for name in filters)})


def _passes(piece: Piece, query: Query, filters: tuple[str, ...]) -> bool:
    return all(
        _value(piece, FILTERS[name]) in wanted
        for name in filters
        if (wanted := parameters.values(query, name, f"{name}[]"))
    )


def _value(piece: Piece, name: str) -> str | bool | None:
    fact = piece.entry
    if name == "line_item":
        return _line_item(piece)
    return READERS[name](fact) if isinstance(fact, UsageFact) else None


def _line_item(piece: Piece) -> str | None:
    if not isinstance(piece.entry, UsageFact):
        return "code interpreter sessions"
    if piece.token_part is None:
        return None
    return f"{piece.entry.model}, {LINE_ITEMS[piece.token_part]}"


def _buckets(
    query: Query,
    now: datetime,
    results: Callable[[date, datetime], list[dict[str, Any]]],
    *,
    most: int,
) -> dict[str, Any]:
    parameters.choice(query, "bucket_width", among=("1d",), default="1d")
    size = parameters.limit(query, default=7, most=most)
    position = position_of(query, now)
    start = parameters.required(parameters.unix_seconds(query, "start_time"), "start_time")
    end = parameters.unix_seconds(query, "end_time") or position.as_of
    days = parameters.days_between(start, end)
    after = Position(offset=position.offset + size, as_of=position.as_of)
    has_more = after.offset < len(days)
    return {
        "object": "page",
        "data": [
            {
                "object": "bucket",
                "start_time": int(midnight(day).timestamp()),
                "end_time": int((midnight(day) + timedelta(days=1)).timestamp()),
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
        "object": "organization.usage.completions.result",
        "input_tokens": uncached + read + short + long,
        "input_cached_tokens": read,
        "input_uncached_tokens": uncached,
        "input_cache_write_tokens": short + long,
        "input_cache_write_30m_tokens": short,
        "input_cache_write_12h_tokens": long,
        "output_tokens": output,
        "input_text_tokens": uncached,
        "output_text_tokens": output,
        "input_cached_text_tokens": read,
        "input_audio_tokens": 0,
        "input_cached_audio_tokens": 0,
        "output_audio_tokens": 0,
        "input_image_tokens": 0,
        "input_cached_image_tokens": 0,
        "output_image_tokens": 0,
        "num_model_requests": totals.requests,
        **dict.fromkeys(USAGE_DIMENSIONS),
        **group,
    }


def _cost_result(group: dict[str, object], totals: Totals) -> dict[str, Any]:
    """Amounts have up to 9 decimals and 15 digits, so that a float's text gives them back whole."""
    is_tokens = "line_item" in group and any(totals.tokens)
    return {
        "object": "organization.costs.result",
        "amount": {"value": totals.nanodollars / 1e9, "currency": "usd"},
        "quantity": sum(totals.tokens) if is_tokens else None,
        "quantity_unit": "tokens" if is_tokens else None,
        **dict.fromkeys(COST_DIMENSIONS),
        **group,
    }
