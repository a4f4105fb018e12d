"""Searches pull requests, though GitHub shows no more than 1,000 results of a search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic

from bot import errors
from bot.domain.periods import Period
from bot.outcomes.github import queries
from bot.outcomes.github.graph import Graph, following
from bot.outcomes.github.wire import (
    Found,
    Node,
    PullRequest,
    ReviewedPullRequest,
    SearchAnswer,
)

MOST_RESULTS = 1000
SHORTEST_WINDOW = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought(Generic[Node]):
    """What is searched for. Results of a search that *holds_still* do not leave its window."""

    query: str
    into: type[SearchAnswer[Node]]
    qualifiers: str
    holds_still: bool


MERGED = Sought(
    query=queries.MERGED,
    into=SearchAnswer[PullRequest],
    qualifiers="is:pr is:merged merged:{} sort:created-asc",
    holds_still=True,
)
# A pull request that is touched while its page is read moves behind the window: it is found when
# the window has moved on.
REVIEWED = Sought(
    query=queries.REVIEWED,
    into=SearchAnswer[ReviewedPullRequest],
    qualifiers="is:pr updated:{} sort:created-asc",
    holds_still=False,
)


class Search(Generic[Node]):
    """A search over one *scope*: qualifiers that say whose pull requests are meant."""

    def __init__(self, graph: Graph, sought: Sought[Node], scope: str) -> None:
        self._graph = graph
        self._sought = sought
        self._scope = scope
        self.hidden = 0
        """How many results there were that may not be seen."""

    async def during(self, window: Period) -> AsyncIterator[Node]:
        """Those in *window*, which is halved as long as it holds too many."""
        waiting = [window]
        while waiting:
            part = waiting.pop()
            first = await self._page(part, None)
            if first.issue_count >= MOST_RESULTS:
                waiting += reversed(_halves(part))
                continue
            async for found in self._pages(part, first):
                yield found

    async def _pages(self, window: Period, page: Found[Node]) -> AsyncIterator[Node]:
        promised, seen = page.issue_count, 0
        cursors: set[str | None] = {None}
        while True:
            seen += len(page.nodes)
            self.hidden += page.nodes.count(None)
            for node in page.nodes:
                if node is not None:
                    yield node
            if not page.page_info.has_next_page:
                break
            page = await self._page(window, following(page, cursors))
        if seen < promised and self._sought.holds_still:
            raise errors.SourceResponseError("GitHub's search left results out")

    async def _page(self, window: Period, cursor: str | None) -> Found[Node]:
        # GitHub counts both ends in; a period leaves its end out.
        start, end = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in _both_in(window))
        search = f"{self._scope} {self._sought.qualifiers.format(f'{start}..{end}')}"
        answer = await self._graph.ask(
            self._sought.query, self._sought.into, search=search, cursor=cursor
        )
        if answer.search is None:
            raise errors.SourceResponseError("GitHub's answer holds no results")
        return answer.search


def _both_in(window: Period) -> tuple[datetime, datetime]:
    return window.start, max(window.start, window.end - _SECOND)


def _halves(window: Period) -> list[Period]:
    if window.end - window.start <= SHORTEST_WINDOW:
        raise errors.SourceResponseError(
            "GitHub holds 1,000 pull requests or more in a single minute, which its search "
            "cannot show: name repositories instead of the organization"
        )
    middle = window.start + (window.end - window.start) / 2
    middle = middle.replace(microsecond=0)
    return [Period(window.start, middle), Period(middle, window.end)]
