"""Anthropic's unified usage and cost analytics: one row for each group and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bot.playground.company import Company
from bot.playground.company.delivery import midnight
from bot.playground.providers import parameters
from bot.playground.providers.anthropic_analytics_query import (
    DIMENSIONS,
    FILTERS,
    AnalyticsQuery,
    Kind,
    read_query,
)
from bot.playground.providers.anthropic_dimensions import SPLITS, Dimensions
from bot.playground.providers.cursors import Position, Query, encode
from bot.playground.providers.grouping import (
    Key,
    Piece,
    Totals,
    by_token_part,
    cents_text,
    entries_of,
    summed,
    whole,
)

Row = tuple[Key, dict[Key, Totals]]


def analytics_page(company: Company, raw: Query, now: datetime, kind: Kind) -> dict[str, Any]:
    """Answer one page of /analytics/usage or /analytics/cost."""
    query = read_query(raw, now, kind)
    dimensions = Dimensions(company)
    rows = _ordered(_groups(company, query, dimensions), query)
    first, as_of = query.position.offset, query.position.as_of
    after = Position(offset=first + query.limit, as_of=as_of)
    has_more = after.offset < len(rows)
    return {
        "data": [
            _item(query, dimensions, (*outer, *inner), totals)
            for outer, parts in rows[first : after.offset]
            for inner, totals in parts.items()
        ],
        "has_more": has_more,
        "next_page": encode(after, raw) if has_more else None,
        "data_refreshed_at": _text(company.refreshed_at("anthropic", as_of)),
    }


def _pieces(company: Company, query: AnalyticsQuery, dimensions: Dimensions) -> Iterator[Piece]:
    cut = by_token_part if "token_type" in query.splits else whole
    for day in parameters.days_between(query.start, query.end):
        for entry in entries_of(company, "anthropic", day, query.position.as_of):
            if dimensions.passes(entry, query.raw, FILTERS):
                yield from cut(entry)


def _groups(
    company: Company, query: AnalyticsQuery, dimensions: Dimensions
) -> dict[Key, dict[Key, Totals]]:
    def key(piece: Piece) -> Key:
        day = piece.entry.day if query.bucketed else None
        return (
            (day, *(dimensions.value(piece, name) for name in query.names)),
            tuple(dimensions.value(piece, name) for name in query.splits),
        )

    groups: defaultdict[Key, dict[Key, Totals]] = defaultdict(dict)
    for (outer, inner), totals in summed(_pieces(company, query, dimensions), key).items():
        if query.kind == "cost" or any(totals.tokens):
            assert isinstance(outer, tuple)
            assert isinstance(inner, tuple)
            groups[outer][inner] = totals
    return groups


def _ordered(groups: dict[Key, dict[Key, Totals]], query: AnalyticsQuery) -> list[Row]:
    def rank(row: Row) -> int:
        (day, *_), parts = row
        total = sum(parts.values(), Totals())
        match query.order_by:
            case "time":
                return day.toordinal() if isinstance(day, date) else 0
            case "requests":
                return total.requests
            case "output_tokens":
                return total.tokens[4]
            case "uncached_input_tokens":
                return total.tokens[0]
            case "total_tokens":
                return sum(total.tokens)
            case _:
                return total.nanodollars

    rows = sorted(groups.items(), key=lambda row: repr(row[0]))
    return sorted(rows, key=rank, reverse=query.descending)


def _item(
    query: AnalyticsQuery, dimensions: Dimensions, key: Key, totals: Totals
) -> dict[str, Any]:
    day, *values = key
    start, end = query.start, query.end
    if isinstance(day, date):
        start, end = midnight(day), midnight(day) + timedelta(days=1)
    group: dict[str, object] = dict.fromkeys(
        (*DIMENSIONS, *(SPLITS if query.kind == "cost" else ()))
    )
    for name, value in zip((*query.names, *query.splits), values, strict=True):
        group[name] = dimensions.shown(name, value)
    if query.kind == "cost":
        measures = _cost(totals, is_split=bool(query.splits))
    else:
        measures = _usage(totals)
    return {
        "starting_at": _text(start),
        "ending_at": _text(end),
        "group": group,
        query.kind: measures,
    }


def _usage(totals: Totals) -> dict[str, Any]:
    uncached, read, short, long, output = totals.tokens
    return {
        "uncached_input_tokens": uncached,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
        "output_tokens": output,
        "total_tokens": sum(totals.tokens),
        "requests": totals.requests,
        "server_tool_use": {"web_search_requests": 0},
    }


def _cost(totals: Totals, *, is_split: bool) -> dict[str, Any]:
    amount = cents_text(totals.nanodollars)
    return {
        "amount": amount,
        "list_amount": amount,
        "currency": "USD",
        "requests": None if is_split else totals.requests,
    }


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
