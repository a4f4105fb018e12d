"""Finished work on Zendesk: tickets that were solved, and help-centre articles that were published.

Docs:     https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
Grain:    one outcome per ticket that is solved or closed, one per article that is no draft
Account:  the id of the assignee or author; an agent's or admin's verified address is proven
Reads:    subjects, states and times of tickets, titles of articles; what else comes is not kept

The export answers ten requests a minute, so it is read in the largest pages. It tells since when a
ticket has its status, not when it was opened again: that is told as late as it can have been. An
article was published when it was created: there is no time of its own for that.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

import msgspec
from pydantic import Field, SecretStr, model_validator

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.domain.periods import Period
from bot.errors import SourceForbiddenError, SourceNotFoundError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.reading.windowed import Found, Reach, WindowedSource

TICKETS = "tickets"
ARTICLES = "articles"
TICKET_EXPORT = "/api/v2/incremental/tickets/cursor"
ARTICLE_EXPORT = "/api/v2/help_center/incremental/articles"
ARTICLE_LIST = "/api/v2/help_center/articles"
LARGEST_PAGE = 1000

FINISHED = frozenset({"solved", "closed"})
DELETED = "deleted"
STAFF = frozenset({"agent", "admin"})
NO_HELP_CENTRE = (SourceForbiddenError, SourceNotFoundError)


class Config(Reach):
    """Either *email* with its *api_token*, or an *oauth_token*."""

    base_url: str = Field(
        pattern=r"^https?://", description="where it is reached: https://NAME.zendesk.com"
    )
    email: str | None = Field(default=None, description="an admin's address, for the API token")
    api_token: SecretStr | None = Field(default=None, description="an API token, with that address")
    oauth_token: SecretStr | None = Field(
        default=None, description="or instead of both an admin's OAuth token with the scope read"
    )

    @model_validator(mode="after")
    def _says_who_asks(self) -> Self:
        if (self.email is None) != (self.api_token is None):
            raise ValueError("email and api_token go together")
        if (self.api_token is None) == (self.oauth_token is None):
            raise ValueError("give either email and api_token, or oauth_token")
        return self

    @property
    def authorization(self) -> str:
        if self.oauth_token is not None:
            return f"Bearer {self.oauth_token.get_secret_value()}"
        assert self.api_token is not None
        credentials = f"{self.email}/token:{self.api_token.get_secret_value()}"
        return f"Basic {b64encode(credentials.encode()).decode()}"


Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class User(msgspec.Struct):
    id: int
    role: str | None = None
    email: str | None = None
    verified: bool | None = None


class Metrics(msgspec.Struct):
    reopens: int | None = None
    solved_at: Moment | None = None
    status_updated_at: Moment | None = None


class Ticket(msgspec.Struct):
    id: int
    status: str
    created_at: Moment
    updated_at: Moment
    url: str = ""
    subject: str | None = None
    assignee_id: int | None = None
    metric_set: Metrics | None = None


class TicketsPage(msgspec.Struct):
    tickets: list[Ticket]
    end_of_stream: bool
    after_cursor: str | None = None
    users: list[User] = []


class Article(msgspec.Struct):
    id: int
    draft: bool
    created_at: Moment
    title: str | None = None
    html_url: str | None = None
    author_id: int | None = None


class ArticlesPage(msgspec.Struct):
    articles: list[Article]
    next_page: str | None = None
    end_time: int | None = None
    users: list[User] = []


class ZendeskSource(WindowedSource):
    name: ClassVar[str] = "zendesk"
    title: ClassVar[str] = "Zendesk"

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> ZendeskSource:
        headers = {"authorization": config.authorization}
        return cls(config, connect(config.base_url, headers=headers, retry=retry))

    async def projects(self) -> frozenset[str]:
        """Tickets always; articles where there is a help centre that may be read."""
        try:
            await self._http.get(ARTICLE_LIST, {"per_page": 1}, into=ArticlesPage)
        except NO_HELP_CENTRE:
            return frozenset({TICKETS})
        return frozenset({TICKETS, ARTICLES})

    async def fetch(self, window: Period) -> AsyncIterator[TicketsPage | ArticlesPage]:
        start = int(window.start.timestamp())
        async for tickets in self._tickets(start):
            yield tickets
        try:
            async for articles in self._articles(start):
                yield articles
        except NO_HELP_CENTRE:
            return

    @staticmethod
    def parse(pages: Iterable[TicketsPage | ArticlesPage]) -> Found:
        tickets: dict[int, Ticket] = {}
        articles: dict[int, Article] = {}
        users: dict[int, User] = {}
        for page in pages:
            users |= {user.id: user for user in page.users}
            match page:
                case TicketsPage(tickets=told):
                    # What changes while it is read comes again: the latest word counts.
                    tickets |= {ticket.id: ticket for ticket in told}
                case ArticlesPage(articles=written):
                    articles |= {article.id: article for article in written}
        outcomes = [*map(_solved, tickets.values()), *map(_published, articles.values())]
        return Found(
            outcomes=tuple(outcome for outcome in outcomes if outcome),
            identities=_identities(users),
            withdrawn=frozenset(_ticket_id(t) for t in tickets.values() if t.status == DELETED),
        )

    async def _tickets(self, start: int) -> AsyncIterator[TicketsPage]:
        asked: Params = {"include": "users,metric_sets", "per_page": LARGEST_PAGE}
        params: Params = {**asked, "start_time": start}
        seen: set[str] = set()
        while True:
            page = await self._page_of_tickets(params)
            yield page
            if page.end_of_stream:
                return
            if not page.after_cursor:
                raise SourceResponseError(f"{TICKET_EXPORT}: more is said to follow, but not where")
            if page.after_cursor in seen:
                raise SourceResponseError(f"{TICKET_EXPORT}: paging loops")
            seen.add(page.after_cursor)
            params = {**asked, "cursor": page.after_cursor}

    async def _page_of_tickets(self, params: Params) -> TicketsPage:
        try:
            return await self._http.get(TICKET_EXPORT, params, into=TicketsPage)
        except SourceForbiddenError:
            raise SourceForbiddenError(
                "Zendesk exports tickets to admins alone: give an admin's token"
            ) from None

    async def _articles(self, start: int) -> AsyncIterator[ArticlesPage]:
        while True:
            params: Params = {"start_time": start, "include": "users"}
            page = await self._http.get(ARTICLE_EXPORT, params, into=ArticlesPage)
            yield page
            # `next_page` is an address, and may be given for ever; the time it begins at moves on.
            if page.next_page is None or page.end_time is None or page.end_time <= start:
                return
            start = page.end_time


def _ticket_id(ticket: Ticket) -> str:
    return f"{TICKETS}/{ticket.id}"


def _solved(ticket: Ticket) -> Outcome | None:
    """The ticket as finished work; ``None`` if it never was, or was deleted."""
    metrics = ticket.metric_set or Metrics()
    since = metrics.status_updated_at or ticket.updated_at
    if ticket.status in FINISHED:
        completed, reopened = metrics.solved_at or since, None
    elif ticket.status != DELETED and (metrics.solved_at or metrics.reopens):
        completed = metrics.solved_at or since
        reopened = max(since, completed)
    else:
        return None
    return _outcome(
        source_id=_ticket_id(ticket),
        kind=OutcomeKind.TICKET_SOLVED,
        opened_at=ticket.created_at,
        completed_at=completed,
        reopened_at=reopened,
        credits=_credits(ticket.assignee_id, Role.ASSIGNEE),
        title=title_of(ticket.subject),
        url=_page_for_agents(ticket),
        project=TICKETS,
    )


def _published(article: Article) -> Outcome | None:
    if article.draft:
        return None
    return _outcome(
        source_id=f"{ARTICLES}/{article.id}",
        kind=OutcomeKind.PAGE_PUBLISHED,
        opened_at=None,
        completed_at=article.created_at,
        credits=_credits(article.author_id, Role.AUTHOR),
        title=title_of(article.title),
        url=link_of(article.html_url),
        project=ARTICLES,
    )


def _outcome(**facts: Any) -> Outcome:
    return Outcome(source=ZendeskSource.name, reverted_at=None, evidence=frozenset(), **facts)


def _credits(user: int | None, role: Role) -> tuple[Credit, ...]:
    """Zendesk itself has the id -1."""
    return (Credit(str(user), role),) if user and user > 0 else ()


def _page_for_agents(ticket: Ticket) -> str | None:
    """``url`` leads into the API."""
    site, found, _ = ticket.url.partition("/api/v2/")
    return link_of(f"{site}/agent/tickets/{ticket.id}") if found else None


def _identities(users: Mapping[int, User]) -> dict[str, Identity]:
    """Addresses of staff: anybody can write in as an end user, under any address."""
    return {
        str(user.id): Identity(email=email, proof=Proof.ADMIN_EMAIL)
        for user in users.values()
        if user.role in STAFF
        and user.verified is not False
        and (email := normalized_email(user.email))
    }
