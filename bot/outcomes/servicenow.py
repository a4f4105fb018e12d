"""Finished work on ServiceNow: incidents, changes and requested items that were resolved.

Docs:     https://www.servicenow.com/docs/r/zurich/api-reference/rest-apis/c_TableAPI.html
Grain:    one outcome per record of the configured tables that is resolved, or closed as completed
Account:  the user's sys_id: who resolved it, else whom it is assigned to; no integration's
Reads:    short descriptions, states and times; no descriptions, no work notes, no comments

An instance hides rows after it has counted them: a page may be short, and others follow. It may
forget when a record was resolved once that is opened again: it was so at the latest then.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Generic, Self, TypeVar

import msgspec
from pydantic import Field, SecretStr, model_validator

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.domain.periods import Period
from bot.errors import (
    SourceForbiddenError,
    SourceRefusedError,
    SourceResponseError,
    SourceUnavailableError,
)
from bot.http import Http, Params, Retry
from bot.reading.windowed import Found, Reach, WindowedSource

PAGE_SIZE = 1000
MOST_PAGES = 10_000
USERS_AT_ONCE = 100
WIDER = timedelta(days=1)
"""Times come in UTC, but a question's may be read in the time zone of the user who asks."""

ONE_ID: Final[Params] = {"sysparm_fields": "sys_id", "sysparm_limit": 1}
FINISHED: Final[Mapping[str, frozenset[str]]] = {"incident": frozenset({"6", "7"})}
CLOSED_COMPLETE: Final = frozenset({"3"})
"""Of every other table: cancelled, skipped and incomplete ones have states of their own."""


class Config(Reach):
    """Either *username* with its *password*, or an *oauth_token*."""

    base_url: str = Field(
        pattern=r"^https?://", description="your instance: https://NAME.service-now.com"
    )
    username: str | None = Field(default=None, description="a user that may read the tables")
    password: SecretStr | None = Field(default=None, description="that user's password")
    oauth_token: SecretStr | None = Field(
        default=None, description="or instead of both an OAuth token that is renewed elsewhere"
    )
    tables: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ...] = Field(
        default=("incident", "change_request", "sc_req_item"),
        min_length=1,
        description="a JSON list of the tables to read; sc_request holds what sc_req_item splits",
    )

    @model_validator(mode="after")
    def _says_who_asks(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        if (self.password is None) == (self.oauth_token is None):
            raise ValueError("give either username and password, or oauth_token")
        return self

    @property
    def authorization(self) -> str:
        if self.oauth_token is not None:
            return f"Bearer {self.oauth_token.get_secret_value()}"
        assert self.password is not None
        credentials = f"{self.username}:{self.password.get_secret_value()}"
        return f"Basic {b64encode(credentials.encode()).decode()}"


class Row(msgspec.Struct):
    """All is text, and what is not there is empty; a table without a field leaves it out."""

    sys_id: str
    state: str
    sys_updated_on: str
    short_description: str = ""
    active: str = "true"
    close_code: str = ""
    opened_at: str = ""
    resolved_at: str = ""
    resolved_by: str = ""
    closed_at: str = ""
    assigned_to: str = ""
    reopen_count: str = ""
    reopened_time: str = ""

    @property
    def account(self) -> str:
        return self.resolved_by or self.assigned_to


class User(msgspec.Struct):
    sys_id: str
    email: str = ""
    web_service_access_only: str = ""
    internal_integration_user: str = ""

    @property
    def is_integration(self) -> bool:
        return "true" in {self.web_service_access_only, self.internal_integration_user}


class Failure(msgspec.Struct):
    """Comes with status 200 and the rows so far, when an instance runs out of time half way."""


R = TypeVar("R")


class Answer(msgspec.Struct, Generic[R]):
    result: list[R]
    error: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """Rows of *table*, each to be seen behind *link* and its id."""

    table: str
    link: str
    rows: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage:
    users: list[User]


class ServiceNowSource(WindowedSource):
    name: ClassVar[str] = "servicenow"
    title: ClassVar[str] = "ServiceNow"

    def __init__(self, config: Config, http: Http) -> None:
        super().__init__(config, http)
        self._tables = tuple(dict.fromkeys(config.tables))
        self._site = config.base_url.rstrip("/")

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> ServiceNowSource:
        headers = {"authorization": config.authorization, "accept": "application/json"}
        return cls(config, connect(config.base_url, headers=headers, retry=retry))

    async def projects(self) -> frozenset[str]:
        """The tables that may be read; raises if there is none."""
        readable: set[str] = set()
        for table in self._tables:
            try:
                await self._get(table, ONE_ID, into=Answer[Any])
                readable.add(table)
            except SourceForbiddenError:
                continue
        if not readable:
            raise SourceForbiddenError(
                f"ServiceNow lets this user read none of the tables {', '.join(self._tables)}: "
                "give it a role for reading them, such as itil or sn_incident_read"
            )
        return frozenset(readable)

    async def fetch(self, window: Period) -> AsyncIterator[TablePage | UsersPage]:
        accounts: set[str] = set()
        for table in sorted(await self.projects()):
            async for rows in self._rows(table, window.start):
                accounts |= {row.account for row in rows}
                yield TablePage(table=table, link=f"{self._site}/{table}.do?sys_id=", rows=rows)
        async for users in self._users(sorted(accounts - {""})):
            yield UsersPage(users=users)

    @staticmethod
    def parse(pages: Iterable[TablePage | UsersPage]) -> Found:
        rows: dict[str, tuple[Row, TablePage]] = {}
        users: dict[str, User] = {}
        for page in pages:
            match page:
                case TablePage():
                    rows |= {row.sys_id: (row, page) for row in page.rows}
                case UsersPage(users=told):
                    users |= {user.sys_id: user for user in told}
        outcomes = [_finished(row, page, users) for row, page in rows.values()]
        return Found(
            outcomes=tuple(outcome for outcome in outcomes if outcome),
            identities=_identities(users.values()),
        )

    async def _rows(self, table: str, since: datetime) -> AsyncIterator[list[Row]]:
        """Without an end, so that what changes meanwhile comes twice rather than not at all."""
        start = f"{since.astimezone(UTC) - WIDER:%Y-%m-%d %H:%M:%S}"
        before: list[Row] = []
        for number in range(MOST_PAGES):
            params: Params = {
                "sysparm_query": f"sys_updated_on>={start}^ORDERBYsys_id",
                "sysparm_fields": ",".join(Row.__struct_fields__),
                "sysparm_limit": PAGE_SIZE,
                "sysparm_offset": number * PAGE_SIZE,
            }
            rows = await self._get(table, params, into=Answer[Row])
            if not rows:
                return
            if rows == before:
                raise SourceResponseError(f"{table}: paging loops")
            yield rows
            before = rows
        raise SourceResponseError(f"{table}: more than {MOST_PAGES:,} pages")

    async def _users(self, ids: list[str]) -> AsyncIterator[list[User]]:
        """Who they are, where that may be read; without it, accounts have no addresses."""
        for first in range(0, len(ids), USERS_AT_ONCE):
            params: Params = {
                "sysparm_query": f"sys_idIN{','.join(ids[first : first + USERS_AT_ONCE])}",
                "sysparm_fields": ",".join(User.__struct_fields__),
                "sysparm_limit": USERS_AT_ONCE,
            }
            try:
                yield await self._get("sys_user", params, into=Answer[User])
            except SourceForbiddenError:
                return

    async def _get(self, table: str, params: Params, *, into: type[Answer[R]]) -> list[R]:
        raw: Params = {"sysparm_display_value": "false", "sysparm_exclude_reference_link": "true"}
        path = f"/api/now/table/{table}"
        try:
            answer = await self._http.get(path, {**params, **raw}, into=into)
        except SourceRefusedError as refusal:
            raise SourceRefusedError(
                f"{refusal}: does this instance have a table {table}?"
            ) from None
        if answer.error is not None:
            raise SourceUnavailableError(f"{table}: ServiceNow broke off while it answered")
        return answer.result


def _finished(row: Row, page: TablePage, users: Mapping[str, User]) -> Outcome | None:
    """The record as finished work; ``None`` if it never was."""
    found = _course(row, page.table)
    if found is None:
        return None
    completed, reopened = found
    user = users.get(row.account)
    is_nobody = not row.account or (user is not None and user.is_integration)
    return Outcome(
        source=ServiceNowSource.name,
        source_id=f"{page.table}/{row.sys_id}",
        kind=OutcomeKind.TICKET_SOLVED,
        opened_at=_moment(row.opened_at),
        completed_at=completed,
        reverted_at=None,
        reopened_at=reopened,
        evidence=frozenset(),
        credits=() if is_nobody else (Credit(row.account, Role.ASSIGNEE),),
        title=title_of(row.short_description),
        url=link_of(f"{page.link}{row.sys_id}"),
        project=page.table,
    )


def _course(row: Row, table: str) -> tuple[datetime, datetime | None] | None:
    """When it was finished for the last time, and since when it is open again."""
    done = _moment(row.resolved_at) or _moment(row.closed_at)
    is_finished = row.state in FINISHED.get(table, CLOSED_COMPLETE)
    if is_finished and row.close_code != "unsuccessful":
        return (done, None) if done else None
    was_reopened = row.reopen_count not in {"", "0"}
    is_open_again = row.active == "true" and done is not None
    if not (was_reopened or is_open_again or row.resolved_at):
        return None
    again = _moment(row.reopened_time)
    if again is None or (done and again < done):
        again = _moment(row.sys_updated_on)
    if again is None:
        return None
    return (done or again, max(again, done or again))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if text else None
    except ValueError:
        raise SourceResponseError("a time of a record is none that can be read") from None


def _identities(users: Iterable[User]) -> dict[str, Identity]:
    return {
        user.sys_id: Identity(email=email, proof=Proof.ADMIN_EMAIL)
        for user in users
        if not user.is_integration and (email := normalized_email(user.email))
    }
