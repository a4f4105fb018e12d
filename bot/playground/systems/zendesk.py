"""A stand-in of Zendesk: the export of tickets by cursor, and the articles of its help centre."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.company import Company, Page, Ticket
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import number_asked_for, tool_app
from bot.playground.systems.zendesk_records import (
    article,
    metric_set,
    ticket_at,
    updated_at,
    users_of,
)

ADMIN_EMAIL, API_TOKEN = "upshot@example.com", "zendesk-token-of-the-playground"
LARGEST_PAGE = 1000
ARTICLES_AT_ONCE = 30
TOLD_AFTER = timedelta(minutes=1)
_CURSOR: Final = re.compile(r"([0-9.]+)\|([0-9]+)", re.ASCII)
_SECONDS: Final = re.compile(r"[0-9]{1,11}", re.ASCII)


def zendesk_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; nothing that happens after *now* is known to it."""
    zendesk = _Zendesk(company, now)
    credentials = b64encode(f"{ADMIN_EMAIL}/token:{API_TOKEN}".encode()).decode()
    return tool_app(
        {
            ("GET", "/api/v2/incremental/tickets/cursor"): zendesk.tickets,
            ("GET", "/api/v2/help_center/articles"): zendesk.list_articles,
            ("GET", "/api/v2/help_center/incremental/articles"): zendesk.articles,
        },
        is_known=lambda request: request.headers.get("authorization") == f"Basic {credentials}",
        refusal=lambda refusal: {"error": "RequestRefused", "description": refusal.message},
    )


class _Zendesk:
    def __init__(self, company: Company, now: Callable[[], datetime]) -> None:
        self._tickets = company.tickets
        self._articles = [page for page in company.pages if page.kind == "article"]
        self._numbers = {person.slack_id: n for n, person in enumerate(company.employees, 9_001)}
        self._employees = company.employees
        self._now = now

    async def tickets(self, request: Request) -> Response:
        """What changed since a time or a cursor, but for the last minute."""
        size = number_asked_for(request, "per_page", LARGEST_PAGE, most=LARGEST_PAGE)
        included = set(request.query_params.get("include", "").split(","))
        found = self._changed_after(self._place_of(request))
        shown, cursor = found[:size], request.query_params.get("cursor")
        if shown:
            at, ticket = shown[-1]
            cursor = _written_cursor(at, ticket.number)
        records = [ticket_at(ticket, self._numbers, self._now()) for _, ticket in shown]
        if "metric_sets" in included:
            for record, (_, ticket) in zip(records, shown, strict=True):
                record["metric_set"] = metric_set(ticket, self._now())
        page: dict[str, Any] = {
            "tickets": records,
            "after_cursor": cursor,
            "after_url": str(request.url.include_query_params(cursor=cursor)) if cursor else None,
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": len(found) <= size,
        }
        if "users" in included:
            numbers = _people_in(records)
            page["users"] = users_of(self._employees, self._numbers, numbers)
        return JSONResponse(page)

    async def list_articles(self, request: Request) -> Response:
        size = number_asked_for(request, "per_page", ARTICLES_AT_ONCE, most=100)
        return JSONResponse(self._articles_page(self._written_since(0.0), size, None, []))

    async def articles(self, request: Request) -> Response:
        """What was written from a time on; a next page is named for ever."""
        found = self._written_since(_seconds(request))
        shown = found[:ARTICLES_AT_ONCE]
        end = shown[-1].published_at.timestamp() if shown else _seconds(request)
        following = str(request.url.include_query_params(start_time=int(end)))
        numbers = {self._numbers[page.author] for page in shown if page.author}
        users = users_of(self._employees, self._numbers, numbers)
        page = self._articles_page(found, ARTICLES_AT_ONCE, following, users)
        return JSONResponse({**page, "end_time": int(end)})

    def _articles_page(
        self, found: list[Page], size: int, following: str | None, users: list[dict[str, Any]]
    ) -> dict[str, Any]:
        return {
            "articles": [article(page, self._numbers) for page in found[:size]],
            "count": len(found),
            "next_page": following,
            "users": users,
        }

    def _written_since(self, first: float) -> list[Page]:
        now = self._now()
        return [
            page
            for page in self._articles
            if page.published_at <= now and page.published_at.timestamp() >= first
        ]

    def _place_of(self, request: Request) -> tuple[float, int]:
        """The last ticket that was told of, by its change and number."""
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            return _read_cursor(cursor)
        start = _seconds(request)
        if start > (self._now() - TOLD_AFTER).timestamp():
            raise RefusedError(400, "The start_time is too recent.")
        return start, 0

    def _changed_after(self, place: tuple[float, int]) -> list[tuple[datetime, Ticket]]:
        now = self._now()
        times = ((updated_at(ticket, now), ticket) for ticket in self._tickets)
        known = ((at, ticket) for at, ticket in times if at and at <= now - TOLD_AFTER)
        found = [each for each in known if (each[0].timestamp(), each[1].number) > place]
        return sorted(found, key=lambda each: (each[0], each[1].number))


def _seconds(request: Request) -> float:
    text = request.query_params.get("start_time", "")
    if not _SECONDS.fullmatch(text):
        raise RefusedError(400, "start_time is a time in seconds.")
    return float(text)


def _written_cursor(at: datetime, number: int) -> str:
    return urlsafe_b64encode(f"{at.astimezone(UTC).timestamp()}|{number}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[float, int]:
    try:
        found = _CURSOR.fullmatch(urlsafe_b64decode(cursor).decode())
    except ValueError:
        found = None
    if found is None:
        raise RefusedError(400, "The cursor is not one of ours.")
    return float(found[1]), int(found[2])


def _people_in(records: Iterable[dict[str, Any]]) -> set[int]:
    named = (record[role] for record in records for role in ("assignee_id", "requester_id"))
    return {number for number in named if number is not None}
