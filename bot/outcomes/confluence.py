"""Finished work in Confluence Cloud: pages and blog posts that were published.

Docs:     https://developer.atlassian.com/cloud/confluence/advanced-searching-using-cql/
Grain:    one outcome per page or blog post, when it is created; editing it later makes no other
Account:  the creator's account id, none for apps; the address where the profile shows it
Reads:    titles, for their owners; creators and times; neither texts nor excerpts of them

Of the two searches the one of content is asked, because the other answers with excerpts.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import ClassVar, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
from pydantic import Field, SecretStr

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.domain.periods import Period
from bot.errors import SourceForbiddenError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.reading.soundness import Moment
from bot.reading.windowed import Found, Reach, WindowedSource

SEARCH = "/wiki/rest/api/content/search"
SPACES = "/wiki/api/v2/spaces"

CONTENT_PER_PAGE = 100
SPACES_PER_PAGE = 250

PUBLISHED = "current"
KINDS = frozenset({"page", "blogpost"})
PERSON, APP = "atlassian", "app"
MISSING = "Confluence's account needs the permission to view the spaces that are to be read"


class Config(Reach):
    base_url: str = Field(
        pattern=r"^https?://[^\s/@]+(/\S*)?$",
        description="where Confluence is reached: https://SITE.atlassian.net",
    )
    email: str = Field(min_length=3, description="the e-mail address of the account that reads")
    api_token: SecretStr = Field(description="an API token of that account")


class _Wire(msgspec.Struct, rename="camel", gc=False):
    pass


class User(_Wire):
    """Without an account where somebody wrote who was not logged in."""

    account_id: str | None = None
    account_type: str | None = None
    email: str | None = None


class History(_Wire):
    created_date: Moment
    created_by: User | None = None


class Space(_Wire):
    key: str


class ContentLinks(_Wire):
    webui: str | None = None


class Content(_Wire):
    id: str
    type: str
    status: str
    title: str | None
    space: Space
    history: History
    links: ContentLinks = msgspec.field(name="_links")

    @property
    def is_published(self) -> bool:
        return self.type in KINDS and self.status == PUBLISHED


class PageLinks(_Wire):
    """``next`` is left out on the last page; ``base`` is where people open what is found."""

    next: str | None = None
    base: str | None = None


class ContentPage(_Wire):
    results: list[Content]
    links: PageLinks = msgspec.field(name="_links")


class SpacesPage(_Wire):
    results: list[Space]
    links: PageLinks = msgspec.field(name="_links")


P = TypeVar("P", ContentPage, SpacesPage)


class ConfluenceSource(WindowedSource):
    name: ClassVar[str] = "confluence"
    title: ClassVar[str] = "Confluence"

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> ConfluenceSource:
        credentials = f"{config.email}:{config.api_token.get_secret_value()}"
        headers = {"authorization": f"Basic {b64encode(credentials.encode()).decode()}"}
        site = config.base_url.rstrip("/").removesuffix("/wiki")
        return cls(config, connect(site, headers=headers, retry=retry))

    async def projects(self) -> frozenset[str]:
        """The spaces that the account may view: searches leave the others out without a word."""
        question: Params = {"limit": SPACES_PER_PAGE}
        pages = self._pages(SPACES, question, SpacesPage)
        known = frozenset([space.key async for page in pages for space in page.results])
        if not known:
            raise SourceForbiddenError(f"Confluence shows no space. {MISSING}")
        return known

    async def fetch(self, window: Period) -> AsyncIterator[ContentPage]:
        # CQL takes times in the time zone of the account that asks, whichever that is.
        earliest = window.start.astimezone(UTC) - timedelta(days=1)
        question: Params = {
            "cql": f'type in (page, blogpost) and created >= "{earliest:%Y-%m-%d %H:%M}" '
            "order by created asc",
            "expand": "history,space",
            "limit": CONTENT_PER_PAGE,
        }
        async for page in self._pages(SEARCH, question, ContentPage):
            yield page

    @staticmethod
    def parse(pages: Iterable[ContentPage]) -> Found:
        outcomes: dict[str, Outcome] = {}
        identities: dict[str, Identity] = {}
        for page in pages:
            for content in page.results:
                if content.is_published:
                    outcomes[content.id] = _outcome(content, page.links.base)
                    identities |= _identity(content.history.created_by)
        return Found(outcomes=tuple(outcomes.values()), identities=identities)

    async def _pages(self, path: str, question: Params, into: type[P]) -> AsyncIterator[P]:
        """All of them, however short one is."""
        with _telling_what_is_missing():
            page = await self._http.get(path, question, into=into)
            yield page
            asked: set[str] = set()
            while link := page.links.next:
                cursor = _cursor_in(link, path)
                if cursor in asked:
                    raise SourceResponseError(f"{path}: paging goes round in circles")
                asked.add(cursor)
                page = await self._http.get(path, {**question, "cursor": cursor}, into=into)
                yield page


@contextmanager
def _telling_what_is_missing() -> Iterator[None]:
    try:
        yield
    except SourceForbiddenError:
        raise SourceForbiddenError(MISSING) from None


def _cursor_in(link: str, path: str) -> str:
    """Only the cursor is taken: links may lack ``/wiki``, and must not lead to other servers."""
    cursors = parse_qs(urlsplit(link).query).get("cursor", [])
    if len(cursors) != 1:
        raise SourceResponseError(f"{path}: the link to the next page has no cursor")
    return cursors[0]


def _outcome(content: Content, base: str | None) -> Outcome:
    webui = content.links.webui
    return Outcome(
        source=ConfluenceSource.name,
        source_id=content.id,
        kind=OutcomeKind.PAGE_PUBLISHED,
        opened_at=None,
        completed_at=content.history.created_date.astimezone(UTC),
        reverted_at=None,
        evidence=frozenset(),
        credits=_credits(content.history.created_by),
        title=title_of(content.title),
        url=link_of(f"{base}{webui}") if base and webui else None,
        project=content.space.key,
    )


def _credits(creator: User | None) -> tuple[Credit, ...]:
    if creator is None or not creator.account_id or creator.account_type == APP:
        return ()
    return (Credit(creator.account_id, Role.AUTHOR),)


def _identity(creator: User | None) -> dict[str, Identity]:
    """Atlassian has people confirm their addresses."""
    if creator is None or not creator.account_id or creator.account_type != PERSON:
        return {}
    email = normalized_email(creator.email)
    return {creator.account_id: Identity(email=email, proof=Proof.ADMIN_EMAIL)} if email else {}
