"""Finished work in Jira Cloud: tickets that came to be done.

Docs:     https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
Grain:    one outcome per ticket, sub-tasks too; a request of a service project is a solved ticket
Account:  the assignee's account id, none for apps; its address where the profile shows it
Reads:    titles, for their owners; assignees and states; no descriptions, comments or other fields

What tickets went through is asked for apart: there the answer can be kept to states, while
``expand=changelog`` brings the texts of old descriptions along, and leaves out older changes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from pydantic import Field, SecretStr

from bot.domain.periods import Period
from bot.errors import SourceForbiddenError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.outcomes.jira.history import RESOLUTION, STATUS, plain_name
from bot.outcomes.jira.reading import Answer, Tickets
from bot.outcomes.jira.wire import ChangesPage, Issue, IssuesPage, ProjectsPage, Site, Status
from bot.reading.windowed import Found, Reach, WindowedSource

PROJECTS = "/rest/api/3/project/search"
STATUSES = "/rest/api/3/status"
SEARCH = "/rest/api/3/search/jql"
CHANGES = "/rest/api/3/changelog/bulkfetch"

PROJECTS_PER_PAGE = 50
ISSUES_PER_PAGE = 100
CHANGES_PER_PAGE = 1000

FIELDS = [
    *("summary", "status", "resolution", "assignee", "project", "issuetype"),
    *("created", "updated", "statuscategorychangedate"),
]
NOT_DONE = (
    *("Won't Do", "Won't Fix", "Duplicate", "Cannot Reproduce", "Declined", "Rejected"),
    *("Cancelled", "Canceled", "Incomplete", "Invalid", "Obsolete", "Abandoned"),
)
MISSING = "Jira's account needs the permission Browse projects in the projects that are to be read"

_URL = r"^https?://[^\s/@]+(/\S*)?$"

P = TypeVar("P", IssuesPage, ChangesPage)


class Config(Reach):
    base_url: str = Field(
        pattern=_URL, description="where Jira's API is reached: https://SITE.atlassian.net"
    )
    site_url: str | None = Field(
        default=None, pattern=_URL, description="where people open Jira, if that is elsewhere"
    )
    email: str = Field(min_length=3, description="the e-mail address of the account that reads")
    api_token: SecretStr = Field(description="an API token of that account")
    not_done: tuple[str, ...] = Field(
        default=NOT_DONE,
        description="a JSON list of the resolutions and closing statuses of tickets that were "
        "closed without being done",
    )


class JiraSource(WindowedSource):
    name: ClassVar[str] = "jira"
    title: ClassVar[str] = "Jira"

    def __init__(self, config: Config, http: Http) -> None:
        super().__init__(config, http)
        url = (config.site_url or config.base_url).rstrip("/")
        self._site = Site(url, frozenset(map(plain_name, config.not_done)))

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> JiraSource:
        credentials = f"{config.email}:{config.api_token.get_secret_value()}"
        headers = {"authorization": f"Basic {b64encode(credentials.encode()).decode()}"}
        return cls(config, connect(config.base_url, headers=headers, retry=retry))

    async def projects(self) -> frozenset[str]:
        """Those that the account may browse: of the others Jira says nothing, in searches too."""
        known: set[str] = set()
        start, is_last = 0, False
        while not is_last:
            page = await self._projects_from(start)
            found = {project.key for project in page.values}
            if not page.is_last and found <= known:
                raise SourceResponseError(f"{PROJECTS}: paging goes round in circles")
            known |= found
            start, is_last = start + len(page.values), page.is_last
        if not known:
            raise SourceForbiddenError(f"Jira shows no project. {MISSING}")
        return frozenset(known)

    async def fetch(self, window: Period) -> AsyncIterator[Answer]:
        yield self._site
        with _telling_what_is_missing():
            yield await self._http.get(STATUSES, into=list[Status])
            async for page in self._issues_since(window.start):
                yield page
                if page.issues:
                    async for changes in self._changes_of(page.issues):
                        yield changes

    @staticmethod
    def parse(pages: Iterable[Answer]) -> Found:
        tickets = Tickets()
        for page in pages:
            tickets.add(page)
        return Found(outcomes=tuple(tickets.outcomes()), identities=tickets.identities())

    async def _projects_from(self, start: int) -> ProjectsPage:
        question: Params = {"startAt": start, "maxResults": PROJECTS_PER_PAGE, "orderBy": "key"}
        with _telling_what_is_missing():
            return await self._http.get(PROJECTS, question, into=ProjectsPage)

    def _issues_since(self, start: datetime) -> AsyncIterator[IssuesPage]:
        # JQL takes times in the time zone of the account that asks, whichever that is.
        earliest = start.astimezone(UTC) - timedelta(days=1)
        question = {
            "jql": f'updated >= "{earliest:%Y-%m-%d %H:%M}" ORDER BY updated ASC',
            "fields": FIELDS,
            "maxResults": ISSUES_PER_PAGE,
        }
        return self._pages(SEARCH, question, IssuesPage)

    def _changes_of(self, issues: Iterable[Issue]) -> AsyncIterator[ChangesPage]:
        question = {
            "issueIdsOrKeys": [issue.id for issue in issues],
            "fieldIds": [STATUS, RESOLUTION],
            "maxResults": CHANGES_PER_PAGE,
        }
        return self._pages(CHANGES, question, ChangesPage)

    async def _pages(
        self, path: str, question: Mapping[str, Any], into: type[P]
    ) -> AsyncIterator[P]:
        """All of them: short and empty ones may come in between, only a token tells of more."""
        asked: set[str] = set()
        page = await self._http.post(path, question, into=into)
        yield page
        while (token := page.next_page_token) and not page.is_last:
            if token in asked:
                raise SourceResponseError(f"{path}: paging goes round in circles")
            asked.add(token)
            page = await self._http.post(path, {**question, "nextPageToken": token}, into=into)
            yield page
        if page.is_last is False:
            raise SourceResponseError(f"{path}: there are more pages, but it does not say where")


@contextmanager
def _telling_what_is_missing() -> Iterator[None]:
    try:
        yield
    except SourceForbiddenError:
        raise SourceForbiddenError(MISSING) from None
