"""Finished work on Linear: issues that were completed.

Docs:     https://linear.app/developers/graphql
Grain:    one outcome per issue that was completed, by the time of its last completion
Account:  the id of the user an issue is assigned to; an AI agent gets no credit, but is evidence
Reads:    titles and links of issues, and where attachments lead; no descriptions, no comments

An issue that left its completed state, or was put into the bin, is open again. Of what is open,
only what changed in the last ``repull_days`` is asked for its history, which costs most.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Self

import msgspec
from pydantic import Field, SecretStr, model_validator

from bot import errors
from bot.domain.periods import Period
from bot.http import Http, Retry
from bot.outcomes.linear.reading import identities_in, outcome_of
from bot.outcomes.linear.wire import (
    COMPLETED,
    DONE,
    HISTORY,
    OPEN,
    STATES,
    TEAMS,
    Answer,
    Changes,
    GraphError,
    Issue,
    Issues,
    OpenIssue,
    OpenIssues,
    P,
    Page,
    Refusal,
    States,
    T,
    Teams,
    WithHistory,
)
from bot.reading.windowed import Found, Reach, WindowedSource

MOST_PAGES = 10_000
_MAY_NOT_READ = "Linear's key may not read issues: it needs the permission to read (scope `read`)"
_SEES_NOTHING = "Linear's key sees no team: its owner has to be a member of the workspace"


class Config(Reach):
    """Either a personal *api_key* or an *oauth_token*: Linear takes them in different ways."""

    api_key: SecretStr | None = Field(default=None, description="a personal API key that may read")
    oauth_token: SecretStr | None = Field(
        default=None, description="or the access token of an OAuth application"
    )
    base_url: str = Field(default="https://api.linear.app", description="where its API is reached")

    @model_validator(mode="after")
    def _has_one_key(self) -> Self:
        if bool(self.api_key) == bool(self.oauth_token):
            raise ValueError("give either a personal API key or an OAuth token")
        return self

    @property
    def authorization(self) -> str:
        if self.oauth_token:
            return f"Bearer {self.oauth_token.get_secret_value()}"
        return self.api_key.get_secret_value() if self.api_key else ""


class LinearSource(WindowedSource):
    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> LinearSource:
        headers = {"authorization": config.authorization}
        http = connect(config.base_url, headers=headers, retry=retry, refusal=meaning_of)
        return cls(config, http)

    async def projects(self) -> frozenset[str]:
        """The keys of all teams that the key's owner can see."""
        ask = partial(self._ask, TEAMS, {}, Answer[Teams])
        keys = {team.key async for page in _every_page(ask) for team in page.nodes}
        if not keys:
            raise errors.SourceForbiddenError(_SEES_NOTHING)
        return frozenset(keys)

    async def fetch(self, window: Period) -> AsyncIterator[Page]:
        async for states in _every_page(partial(self._ask, STATES, {}, Answer[States])):
            yield states
        since = {"since": _iso(window.start)}
        async for done in _every_page(partial(self._ask, DONE, since, Answer[Issues])):
            yield done
        lately = window.end - timedelta(days=self._reach.repull_days)
        since = {"since": _iso(max(window.start, lately))}
        async for undone in _every_page(partial(self._ask, OPEN, since, Answer[OpenIssues])):
            for issue in undone.nodes:
                await self._complete_history(issue)
            yield undone

    @staticmethod
    def parse(pages: Iterable[Page]) -> Found:
        completed: set[str] = set()
        issues: list[Issue] = []
        for page in pages:
            match page:
                case States(nodes=states):
                    completed |= {state.id for state in states if state.type == COMPLETED}
                case Issues(nodes=nodes) | OpenIssues(nodes=nodes):
                    issues += nodes
        found = (outcome_of(issue, completed) for issue in issues)
        return Found(
            outcomes=tuple(outcome for outcome in found if outcome),
            identities=identities_in(issues),
        )

    async def _complete_history(self, issue: OpenIssue) -> None:
        known = issue.history

        async def ask(after: str | None) -> Changes:
            if after is None:
                return known
            question = {"issue": issue.id}
            answer = await self._ask(HISTORY, question, Answer[WithHistory], after)
            return answer.history

        pages = [page async for page in _every_page(ask)]
        known.nodes = [change for page in pages for change in page.nodes]

    async def _ask(
        self, query: str, variables: Mapping[str, Any], into: type[Answer[T]], after: str | None
    ) -> T:
        body = {"query": query, "variables": {**variables, "after": after}}
        try:
            answer = await self._http.post("/graphql", body, into=into)
        except errors.SourceForbiddenError:
            raise errors.SourceForbiddenError(_MAY_NOT_READ) from None
        if answer.errors:
            raise _problem(answer.errors)
        if answer.data is None or answer.data.found is None:
            raise errors.SourceResponseError("Linear's answer holds neither data nor errors")
        return answer.data.found


async def _every_page(ask: Callable[[str | None], Awaitable[P]]) -> AsyncIterator[P]:
    after: str | None = None
    cursors: set[str | None] = {None}
    for _ in range(MOST_PAGES):
        page = await ask(after)
        yield page
        if not page.page_info.has_next_page:
            return
        after = page.page_info.end_cursor
        if after in cursors:
            raise errors.SourceResponseError("Linear's paging goes round in circles")
        cursors.add(after)
    raise errors.SourceResponseError(f"Linear has more than {MOST_PAGES:,} pages of an answer")


def meaning_of(_status: int, said: bytes) -> errors.SourceError | None:
    """Linear refuses with the errors that it otherwise puts beside an answer."""
    try:
        refusal = msgspec.json.decode(said, type=Refusal)
    except msgspec.DecodeError:
        return None
    return _problem(refusal.errors) if refusal.errors else None


def _problem(found: Iterable[GraphError]) -> errors.SourceError:
    said = [error.extensions for error in found if error.extensions]
    codes = {(e.code or e.type or "").upper().replace(" ", "_") for e in said}
    if "RATELIMITED" in codes:
        return errors.SourceRateLimitedError()
    if "AUTHENTICATION_ERROR" in codes:
        return errors.SourceUnauthorizedError()
    if "FORBIDDEN" in codes:
        return errors.SourceForbiddenError(_MAY_NOT_READ)
    if codes & {"INTERNAL_SERVER_ERROR", "INTERNAL_ERROR", "LOCK_TIMEOUT", "NETWORK_ERROR"}:
        return errors.SourceUnavailableError("Linear failed on its side")
    if codes & {"GRAPHQL_VALIDATION_FAILED", "INPUT_ERROR", "INVALID_INPUT"}:
        return errors.SourceRefusedError("Linear did not understand a question")
    return errors.SourceResponseError("Linear answered with errors")


def _iso(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
