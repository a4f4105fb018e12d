"""A stand-in of Confluence Cloud: its spaces, and searches for what was published in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.company import Company, Employee, Page
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import number_asked_for
from bot.playground.systems.atlassian import (
    AUTOMATION,
    SITE,
    account,
    atlassian_app,
    hides_address,
    place_of,
    time_in_query,
    token_for,
)

LARGEST_PAGE = 250
MOST_EXPANDED = 50
SPACES_AT_ONCE = 2

_CQL: Final = re.compile(
    r'type in \(page, ?blogpost\) and created >= "([^"]+)" order by created asc', re.IGNORECASE
)


def confluence_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; nothing that is published after *now* is known to it."""
    confluence = _Confluence(company, now)
    return atlassian_app(
        {
            ("GET", "/wiki/api/v2/spaces"): confluence.spaces,
            ("GET", "/wiki/rest/api/content/search"): confluence.search,
        },
        lambda refusal: {"statusCode": refusal.status, "message": refusal.message},
    )


class _Confluence:
    def __init__(self, company: Company, now: Callable[[], datetime]) -> None:
        self._people = company.people
        self._pages = [page for page in company.pages if page.kind != "article"]
        self._spaces = sorted({page.space for page in self._pages})
        self._now = now

    async def spaces(self, request: Request) -> Response:
        size = min(number_asked_for(request, "limit", 25, most=LARGEST_PAGE), SPACES_AT_ONCE)
        place = place_of(request.query_params.get("cursor"), "spaces")
        links = {"base": f"{SITE}/wiki"}
        if place + size < len(self._spaces):
            following = {"limit": size, "cursor": token_for("spaces", place + size)}
            links["next"] = f"/wiki/api/v2/spaces?{urlencode(following)}"
        shown = [_space(key) for key in self._spaces[place : place + size]]
        return JSONResponse({"results": shown, "_links": links})

    async def search(self, request: Request) -> Response:
        """Pages with something expanded are short; links to the next one lack ``/wiki``."""
        asked = request.query_params
        expanded = frozenset(filter(None, asked.get("expand", "").split(",")))
        size = number_asked_for(request, "limit", 25, most=LARGEST_PAGE)
        size = min(size, MOST_EXPANDED) if expanded else size
        cql = asked.get("cql", "")
        found = self._published_since(_restriction(cql))
        place = place_of(asked.get("cursor"), cql)
        shown = found[place : place + size]
        links = {"base": f"{SITE}/wiki", "context": "/wiki"}
        if place + size < len(found):
            following = {"next": "true", "cursor": token_for(cql, place + size), "cql": cql}
            links["next"] = f"/rest/api/content/search?{urlencode(following)}"
        return JSONResponse(
            {
                "results": [_content(page, self._people, expanded) for page in shown],
                "start": place,
                "limit": size,
                "size": len(shown),
                "_links": links,
            }
        )

    def _published_since(self, first: datetime) -> list[Page]:
        now = self._now()
        return [p for p in self._pages if not p.is_draft and first <= p.published_at <= now]


def _restriction(cql: str) -> datetime:
    asked = _CQL.fullmatch(cql)
    if asked is None:
        raise RefusedError(400, "This stand-in finds pages and posts by when they were created.")
    return time_in_query(asked[1])


def _content(
    page: Page, people: Mapping[str, Employee], expanded: frozenset[str]
) -> dict[str, Any]:
    """What is expandable is only there when it is asked for."""
    expandable = {"space": _space(page.space), "history": _history(page, people)}
    return {
        "id": str(page.number),
        "type": page.kind,
        "status": "current",
        "title": page.title,
        **{name: value for name, value in expandable.items() if name in expanded},
        "_links": {"webui": f"/spaces/{page.space}/pages/{page.number}"},
    }


def _space(key: str) -> dict[str, Any]:
    return {"key": key, "name": f"Space {key}", "type": "global", "status": "current"}


def _history(page: Page, people: Mapping[str, Employee]) -> dict[str, Any]:
    return {
        "latest": True,
        "createdBy": _creator(page, people),
        "createdDate": page.published_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _creator(page: Page, people: Mapping[str, Employee]) -> dict[str, Any]:
    """Where the profile hides the address, an empty one stands there."""
    if page.author is None:
        return dict(AUTOMATION)
    person = people[page.author]
    return account(person, {"email": "" if hides_address(person) else person.email})
