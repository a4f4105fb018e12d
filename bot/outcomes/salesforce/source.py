"""Finished work on Salesforce: cases closed, opportunities won, knowledge articles published.

Docs:     https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
Grain:    one outcome per closed case, won opportunity, or article in its first language
Account:  the owner's or author's user id; queues and automated users get no credit
Reads:    subjects, names, titles, states and times; no amounts, no descriptions, no comments

The time of closing is emptied when a case is opened again, so this is told by the history of its
status, where the organization tracks that. A deal is won on its close date, which is a day.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

import msgspec
from pydantic import Field, SecretStr, model_validator

from bot import errors
from bot.domain.periods import Period
from bot.http import Http, Retry
from bot.outcomes.salesforce.questions import SUBJECTS, Question, Subject, users_called
from bot.outcomes.salesforce.reading import found_in
from bot.outcomes.salesforce.wire import Article, Case, Complaints, Opportunity, Row, Token
from bot.reading.windowed import Found, Reach, WindowedSource

QUERY = "/services/data/v62.0/query"
NEXT = re.compile(rf"{QUERY}/[\w-]+")
SIGN_IN = "/services/oauth2/token?grant_type=client_credentials"
UNREADABLE = (errors.SourceForbiddenError, errors.SourceNotFoundError)
HIDDEN = {"INVALID_TYPE", "INVALID_FIELD"}
"""What Salesforce says of an object or a field that this user may not see."""
UNTIL_TOMORROW = 3_600.0
"""Longer than is waited for: when the day's requests are used up, the plan comes back later."""


class Config(Reach):
    """Either *client_id* and *client_secret*, or an *access_token*."""

    base_url: str = Field(
        pattern=r"^https?://", description="your domain: https://NAME.my.salesforce.com"
    )
    client_id: str | None = Field(
        default=None, description="the consumer key of an app with the client credentials flow"
    )
    client_secret: SecretStr | None = Field(default=None, description="that app's consumer secret")
    access_token: SecretStr | None = Field(
        default=None, description="or instead of both a token that is renewed elsewhere"
    )

    @model_validator(mode="after")
    def _says_who_asks(self) -> Self:
        if (self.client_id is None) != (self.client_secret is None):
            raise ValueError("client_id and client_secret go together")
        if (self.client_secret is None) == (self.access_token is None):
            raise ValueError("give either client_id and client_secret, or access_token")
        return self

    @property
    def authorization(self) -> str:
        """For the API, or for getting a token for it."""
        if self.access_token is not None:
            return f"Bearer {self.access_token.get_secret_value()}"
        assert self.client_secret is not None
        credentials = f"{self.client_id}:{self.client_secret.get_secret_value()}"
        return f"Basic {b64encode(credentials.encode()).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Some rows, and where a record of theirs is seen by its id."""

    site: str
    rows: Sequence[Row]


class SalesforceSource(WindowedSource):
    name: ClassVar[str] = "salesforce"
    title: ClassVar[str] = "Salesforce"

    def __init__(self, config: Config, connect: Callable[[str], Http]) -> None:
        super().__init__(config, connect(config.authorization))
        self._connect = connect
        self._signs_in = config.access_token is None
        self._site = config.base_url.rstrip("/")

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> SalesforceSource:
        def connect_with(authorization: str) -> Http:
            headers = {"authorization": authorization}
            return connect(config.base_url, headers=headers, retry=retry, refusal=meaning_of)

        return cls(config, connect_with)

    async def projects(self) -> frozenset[str]:
        """The objects that may be read; raises if there is none."""
        async with self._api() as api:
            return frozenset(subject.name for subject in await _readable(api))

    async def fetch(self, window: Period) -> AsyncIterator[Rows]:
        people: set[str] = set()
        async with self._api() as api:
            for subject in await _readable(api):
                async for rows in _answers(api, subject.work, window.start):
                    people |= _people_in(rows)
                    yield Rows(site=self._site, rows=rows)
                async for rows in _unless_refused(api, subject.course, window.start):
                    yield Rows(site=self._site, rows=rows)
            async for rows in _unless_refused(api, users_called(people), window.start):
                yield Rows(site=self._site, rows=rows)

    @staticmethod
    def parse(pages: Iterable[Rows]) -> Found:
        read = list(pages)
        site = read[0].site if read else ""
        return found_in(site, (row for page in read for row in page.rows))

    @asynccontextmanager
    async def _api(self) -> AsyncIterator[Http]:
        """A connection that may ask; a token of an app lasts for some hours."""
        if not self._signs_in:
            yield self._http
            return
        try:
            token = await self._http.post(SIGN_IN, None, into=Token)
        except errors.SourceRefusedError:
            raise errors.SourceUnauthorizedError(
                "Salesforce gives this app no token: check client_id and client_secret, and that "
                "the client credentials flow is on and runs as a user"
            ) from None
        api = self._connect(f"Bearer {token.access_token}")
        try:
            yield api
        finally:
            await api.close()


def meaning_of(status: int, said: bytes) -> errors.SourceError | None:
    """What the codes in a refusal tell that its status does not."""
    try:
        codes = {complaint.error_code for complaint in msgspec.json.decode(said, type=Complaints)}
    except msgspec.DecodeError:
        return None
    if "REQUEST_LIMIT_EXCEEDED" in codes:
        return errors.SourceRateLimitedError(retry_after=UNTIL_TOMORROW)
    return errors.SourceForbiddenError() if status == 400 and codes & HIDDEN else None


async def _readable(api: Http) -> list[Subject]:
    found: list[Subject] = []
    refusal: errors.SourceError | None = None
    for subject in SUBJECTS:
        try:
            await api.get(QUERY, {"q": subject.work.soql(most=1)}, into=subject.work.answer)
            found.append(subject)
        except UNREADABLE as error:
            refusal = error
    if refusal and not found:
        raise _explained(refusal)
    return found


async def _answers(api: Http, question: Question, since: datetime) -> AsyncIterator[list[Row]]:
    page = await api.get(QUERY, {"q": question.soql(since)}, into=question.answer)
    seen: set[str] = set()
    while True:
        yield page.records
        if page.done:
            return
        path = page.next_records_url or ""
        if not NEXT.fullmatch(path):
            raise errors.SourceResponseError(f"{question.table}: more follows, but not in the API")
        if path in seen:
            raise errors.SourceResponseError(f"{question.table}: paging loops")
        seen.add(path)
        page = await api.get(path, into=question.answer)


async def _unless_refused(
    api: Http, questions: Iterable[Question], since: datetime
) -> AsyncIterator[list[Row]]:
    """All answers, or only those before one that is refused: they are of use together."""
    try:
        for question in questions:
            async for rows in _answers(api, question, since):
                yield rows
    except UNREADABLE:
        return


def _people_in(rows: Iterable[Row]) -> set[str]:
    found: set[str | None] = set()
    for row in rows:
        match row:
            case Case(owner_id=person) | Opportunity(owner_id=person):
                found.add(person)
            case Article(article_created_by_id=person):
                found.add(person)
    return {person for person in found if person}


def _explained(refusal: errors.SourceError) -> errors.SourceError:
    if not isinstance(refusal, errors.SourceForbiddenError):
        return refusal
    return errors.SourceForbiddenError(
        "Salesforce refuses everything that is asked: the user needs API Enabled and the right to "
        "read cases, opportunities or articles"
    )
