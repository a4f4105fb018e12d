"""Providers that restate their days, grow while they are read, and lose answers on the way."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx

from bot.domain.periods import midnight

Figures = tuple[int, int]
"""Tokens and thousandths of a cent."""
Truth = dict[date, dict[tuple[str, str], Figures]]
"""By day, account and model."""


@dataclass
class Restating(ABC):
    """The truth of some days, told in pages of *size* rows; *trouble* is what befalls answers."""

    truth: Truth = field(default_factory=dict)
    size: int = 2
    trouble: list[str] = field(default_factory=list)
    on_growth: Callable[[], None] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        befalls = self.trouble.pop(0) if self.trouble else "nothing"
        if befalls == "grow":
            self.on_growth()
        if befalls == "lost":
            raise httpx.ReadError("lost", request=request)
        if befalls == "unavailable":
            return httpx.Response(503)
        answer = self.answer(request, is_odd=befalls == "odd")
        if befalls == "cut":
            return httpx.Response(200, content=answer.content[:-3])
        return answer

    @abstractmethod
    def answer(self, request: httpx.Request, *, is_odd: bool) -> httpx.Response:
        """A page; an odd one repeats rows, and has them in another order."""

    def page(self, rows: Sequence[Any], first: int, *, is_odd: bool) -> list[Any]:
        """The rows from *first* on; an odd page repeats the one before, and is in another order."""
        start = max(first - self.size, 0) if is_odd else first
        shown = list(rows[start : first + self.size])
        return shown[::-1] if is_odd else shown


class RestatingAnthropic(Restating):
    """Cursors that name the next row."""

    def answer(self, request: httpx.Request, *, is_odd: bool) -> httpx.Response:
        if not request.url.path.endswith(("/analytics/usage", "/analytics/cost")):
            return httpx.Response(404)
        query = request.url.params
        day = date.fromisoformat(query["starting_at"][:10])
        rows = sorted(self.truth.get(day, {}).items())
        if request.url.path.endswith("/usage"):
            told = [self._row(day, who, usage=_usage(tokens)) for who, (tokens, _) in rows]
        elif "group_by[]" in query:
            told = [self._row(day, who, cost=_cents(milli)) for who, (_, milli) in rows]
        else:
            milli = sum(milli for _, (_, milli) in rows)
            told = [self._row(day, None, cost=_cents(milli))] if rows else []
        first = int(query.get("page", "0"))
        after = first + self.size
        page = {
            "data": self.page(told, first, is_odd=is_odd),
            "has_more": after < len(told),
            "next_page": str(after) if after < len(told) else None,
            "data_refreshed_at": f"{day + timedelta(days=3)}T00:00:00Z",
        }
        return httpx.Response(200, json=page)

    def _row(self, day: date, who: tuple[str, str] | None, **figures: Any) -> dict[str, Any]:
        account, model = who or (None, None)
        group: dict[str, Any] = {"model": model, "product": None, "api_key_id": None}
        if account:
            group["actor"] = {"type": "user_actor", "user_id": account}
        if "cost" in figures:
            group["cost_type"] = "tokens" if account else None
        return {"starting_at": f"{day}T00:00:00Z", "group": group, **figures}


class RestatingCursor(Restating):
    """Numbered pages, newest first: whatever is new moves the rest to later pages."""

    def answer(self, request: httpx.Request, *, is_odd: bool) -> httpx.Response:
        if request.url.path == "/teams/members":
            return httpx.Response(200, json={"teamMembers": []})
        if request.url.path == "/teams/daily-usage-data":
            return httpx.Response(200, json={"data": []})
        asked = json.loads(request.content)
        day = next(d for d in self.truth if _milliseconds(d) == asked["startDate"])
        told = [
            _event(day, order, who, figures)
            for order, (who, figures) in enumerate(self.truth[day].items())
        ][::-1]
        first = (asked["page"] - 1) * self.size
        page = {
            "usageEvents": self.page(told, first, is_odd=is_odd),
            "pagination": {
                "hasNextPage": first + self.size < len(told),
                "currentPage": asked["page"],
            },
            "totalUsageEventsCount": len(told),
        }
        return httpx.Response(200, json=page)


def _event(day: date, order: int, who: tuple[str, str], figures: Figures) -> Mapping[str, Any]:
    account, model = who
    tokens, milli = figures
    return {
        "timestamp": str(_milliseconds(day) + order),
        "userEmail": account,
        "model": model,
        "kind": "Usage-based",
        "isChargeable": True,
        "tokenUsage": {"inputTokens": tokens},
        "chargedCents": milli / 1000,
    }


def _milliseconds(day: date) -> int:
    return int(midnight(day).timestamp()) * 1000


def _usage(tokens: int) -> dict[str, Any]:
    return {
        "uncached_input_tokens": tokens,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 0,
        "requests": 1,
    }


def _cents(milli: int) -> dict[str, str]:
    return {"amount": str(Decimal(milli).scaleb(-3)), "currency": "USD"}
