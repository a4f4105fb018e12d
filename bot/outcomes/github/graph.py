"""Asks GitHub's GraphQL API, which answers 200 to everything and tells of errors in the body."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

from bot import errors
from bot.http import Http
from bot.outcomes.github.wire import Node, Page, Wire

Data = TypeVar("Data")

_REFUSED = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES"})
_MAY_NOT = (
    "GitHub's token may not read this: it needs Pull requests, Issues, Contents and Metadata for "
    "reading, and where single sign-on is enforced, to be authorized for the organization"
)


class _Extensions(Wire):
    code: str | None = None


class GraphError(Wire):
    type: str | None = None
    path: list[str | int] | None = None
    extensions: _Extensions | None = None

    @property
    def is_about_one_result(self) -> bool:
        """The others are there; GitHub has put ``null`` in place of this one."""
        return "nodes" in (self.path or ()) and self.type in _REFUSED | {"NOT_FOUND"}

    @property
    def problem(self) -> errors.SourceError:
        if self.type in _REFUSED:
            return errors.SourceForbiddenError(_MAY_NOT)
        if self.type == "NOT_FOUND":
            return errors.SourceNotFoundError("GitHub knows no such organization or repository")
        if self.extensions and self.extensions.code == "undefinedField":
            return errors.SourceRefusedError("this GitHub does not know what it was asked for")
        return errors.SourceResponseError("GitHub answered with errors")


class Answer(Wire, Generic[Data]):
    data: Data | None = None
    errors: list[GraphError] | None = None


class Graph:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def ask(self, query: str, into: type[Data], **variables: str | None) -> Data:
        """The data of an answer; raises ``SourceError``."""
        body = {"query": query, "variables": variables}
        answer = await self._http.post("/graphql", body, into=Answer[into])  # type: ignore[valid-type]
        problems = [e for e in answer.errors or () if not e.is_about_one_result]
        if any(error.type == "RATE_LIMITED" for error in problems):
            raise errors.SourceRateLimitedError
        if problems:
            raise problems[0].problem
        if answer.data is None:
            raise errors.SourceResponseError("GitHub's answer holds neither data nor errors")
        return answer.data

    async def pages(
        self,
        query: str,
        into: type[Data],
        page_in: Callable[[Data], Page[Node] | None],
        **variables: str,
    ) -> AsyncIterator[Node]:
        """All that the pages hold which *page_in* finds in the answers."""
        cursor: str | None = None
        cursors: set[str | None] = {None}
        while (
            page := page_in(await self.ask(query, into, cursor=cursor, **variables))
        ) is not None:
            for node in page.nodes:
                if node is not None:
                    yield node
            if not page.page_info.has_next_page:
                return
            cursor = following(page, cursors)


def following(page: Page[Node], cursors: set[str | None]) -> str | None:
    """Where the next page begins; *cursors*, where others did, is added to."""
    cursor = page.page_info.end_cursor
    if cursor in cursors:
        raise errors.SourceResponseError("GitHub's paging goes round in circles")
    cursors.add(cursor)
    return cursor
