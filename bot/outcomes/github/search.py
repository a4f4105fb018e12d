"""Searches merged pull requests, though GitHub shows no more than 1,000 results of a search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from bot import errors
from bot.domain.periods import Period
from bot.http import Http
from bot.outcomes.github.wire import QUERY, Answer, Found, PullRequest

MOST_RESULTS = 1000
SHORTEST_WINDOW = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


class Search:
    """A search over one *scope*: qualifiers that say whose pull requests are meant."""

    def __init__(self, http: Http, scope: str) -> None:
        self._http = http
        self._scope = scope

    async def merged_in(self, window: Period) -> AsyncIterator[PullRequest]:
        """Those merged in *window*, which is halved as long as it holds too many."""
        waiting = [window]
        while waiting:
            part = waiting.pop()
            first = await self._page(part, None)
            if first.issue_count >= MOST_RESULTS:
                waiting += reversed(_halves(part))
                continue
            async for found in self._pages(part, first):
                yield found

    async def _pages(self, window: Period, page: Found) -> AsyncIterator[PullRequest]:
        promised, seen = page.issue_count, 0
        cursors: set[str | None] = {None}
        while True:
            seen += len(page.nodes)
            for node in page.nodes:
                if node is not None:
                    yield node
            if not page.page_info.has_next_page:
                break
            cursor = page.page_info.end_cursor
            if cursor in cursors:
                raise errors.SourceResponseError("GitHub's search goes round in circles")
            cursors.add(cursor)
            page = await self._page(window, cursor)
        if seen < promised:
            raise errors.SourceResponseError("GitHub's search left results out")

    async def _page(self, window: Period, cursor: str | None) -> Found:
        variables = {"search": self._query(window), "cursor": cursor}
        body = {"query": QUERY, "variables": variables}
        answer = await self._http.post("/graphql", body, into=Answer)
        if answer.errors:
            raise _problem([error.type or "" for error in answer.errors])
        if answer.data is None or answer.data.search is None:
            raise errors.SourceResponseError("GitHub's answer holds neither data nor errors")
        return answer.data.search

    def _query(self, window: Period) -> str:
        # GitHub counts both ends in; a period leaves its end out.
        start, end = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in _both_in(window))
        return f"{self._scope} is:pr is:merged merged:{start}..{end} sort:created-asc"


def _both_in(window: Period) -> tuple[datetime, datetime]:
    return window.start, max(window.start, window.end - _SECOND)


def _halves(window: Period) -> list[Period]:
    if window.end - window.start <= SHORTEST_WINDOW:
        raise errors.SourceResponseError(
            "GitHub holds 1,000 merged pull requests or more in a single minute, which its search "
            "cannot show: name repositories instead of the organization"
        )
    middle = window.start + (window.end - window.start) / 2
    middle = middle.replace(microsecond=0)
    return [Period(window.start, middle), Period(middle, window.end)]


def _problem(types: list[str]) -> errors.SourceError:
    if "RATE_LIMITED" in types:
        return errors.SourceRateLimitedError()
    if {"FORBIDDEN", "INSUFFICIENT_SCOPES"} & set(types):
        return errors.SourceForbiddenError(
            "GitHub's token may not read pull requests: it needs Pull requests, Contents and "
            "Metadata for reading"
        )
    if "NOT_FOUND" in types:
        return errors.SourceNotFoundError("GitHub knows no such organization or repository")
    return errors.SourceResponseError("GitHub answered with errors")
