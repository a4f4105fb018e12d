"""Finished work on GitHub: merged pull requests and reviews given.

Docs:     https://docs.github.com/en/graphql/reference/queries#search
Grain:    one outcome per pull request merged into a default branch, one per review of another's
Account:  the user's immutable id; an address where GitHub knows no user for it
Reads:    titles, which are kept; messages and labels, for reverts and evidence, which are not
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, SecretStr, model_validator

from bot import errors
from bot.domain.outcomes import Outcome
from bot.domain.people import Identity
from bot.domain.periods import Period
from bot.http import Http, Retry
from bot.outcomes.github.graph import Graph
from bot.outcomes.github.mainline import Mainline, read_mainline
from bot.outcomes.github.members import identities_of
from bot.outcomes.github.reading import identities_in, outcome_of
from bot.outcomes.github.report import report_on
from bot.outcomes.github.repositories import landed_on, readable_among, readable_of
from bot.outcomes.github.reviews import reviews_of
from bot.outcomes.github.search import MERGED, REVIEWED, Search, Sought
from bot.outcomes.github.wire import Pull, PullRequest
from bot.ports import OutcomeBatch
from bot.reading.soundness import hold_words, sound
from bot.reading.windowed import Reach

REPOSITORIES_PER_SEARCH = 20
MOST_REPOSITORIES_OF_A_SEARCH = 4000
"""GitHub leaves the others of an organization out, and says nothing of it."""

_NAME = r"^[\w.-]+$"
_FULL_NAME = r"^[\w.-]+/[\w.-]+$"


class Config(Reach):
    """Either an *organization* or *repositories* (``owner/name``)."""

    token: SecretStr = Field(description="a token that may read the pull requests")
    organization: str | None = Field(
        default=None, pattern=_NAME, description="all repositories of this organization"
    )
    repositories: tuple[Annotated[str, Field(pattern=_FULL_NAME)], ...] = Field(
        default=(), description="or a JSON list of repositories, each as owner/name"
    )
    api_url: str = Field(
        default="https://api.github.com", description="where GitHub's API is reached"
    )

    @model_validator(mode="after")
    def _says_where_to_look(self) -> Self:
        if bool(self.organization) == bool(self.repositories):
            raise ValueError("name either an organization or repositories")
        return self

    @property
    def owners(self) -> tuple[str, ...]:
        """The organizations, or people, whose repositories are read."""
        owners = [name.partition("/")[0] for name in self.repositories]
        return tuple(dict.fromkeys([self.organization] if self.organization else owners))

    def scopes(self, readable: Collection[str]) -> tuple[str, ...]:
        """Qualifiers of searches that together cover all that is *readable*."""
        if self.organization and len(readable) <= MOST_REPOSITORIES_OF_A_SEARCH:
            return (f"org:{self.organization}",)
        names = [f"repo:{name}" for name in sorted(readable)]
        starts = range(0, len(names), REPOSITORIES_PER_SEARCH)
        return tuple(" ".join(names[at : at + REPOSITORIES_PER_SEARCH]) for at in starts)


class GitHubSource:
    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub"

    def __init__(self, config: Config, http: Http) -> None:
        self._config = config
        self._http = http
        self._graph = Graph(http)

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> GitHubSource:
        token = config.token.get_secret_value()
        headers = {"authorization": f"Bearer {token}"}
        return cls(config, connect(config.api_url, headers=headers, retry=retry))

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,
        known_addresses: Collection[str] | None = None,
    ) -> OutcomeBatch:
        """What was merged and reviewed up to *until*; *since* is how far it was read before."""
        window = self._config.window(until, since)
        readable = await self.projects()
        pulls = [p for p in await self._found(MERGED, window, readable) if p.is_on_default_branch]
        reviewed = await self._found(REVIEWED, window, readable)
        mainlines = await self._mainlines(pulls, window)
        changes = (outcome_of(p, mainlines[p.project].standing_of(p)) for p in pulls)
        reviews = (review for pull in reviewed for review in reviews_of(pull))
        finished = _finished_by(until, [*filter(None, changes), *reviews])
        outcomes = tuple(map(sound, finished))
        batch = OutcomeBatch(
            outcomes=outcomes,
            data_through=until,
            complete=False,
            report=report_on(
                window, readable, pulls, outcomes, (line.reverts for line in mainlines.values())
            ),
            identities=await self._identities(pulls, outcomes, known_addresses or ()),
            readable=readable,
        )
        hold_words(batch)
        return batch

    async def projects(self) -> frozenset[str]:
        """The repositories that may be read; one that may not be does not stop the others."""
        if self._config.organization:
            readable = await readable_of(self._graph, self._config.organization)
        else:
            readable = await readable_among(self._graph, self._config.repositories)
        if not readable:
            raise errors.SourceForbiddenError(
                "GitHub's token may read none of the repositories: it needs Metadata, Pull "
                "requests, Issues and Contents for reading, in each of them"
            )
        return readable

    async def close(self) -> None:
        await self._http.close()

    async def _found(
        self, sought: Sought[Pull], window: Period, readable: Collection[str]
    ) -> Sequence[Pull]:
        """Each once, though pages shift while they are read."""
        found: dict[str, Pull] = {}
        hidden = 0
        for scope in self._config.scopes(readable):
            search = Search(self._graph, sought, scope)
            async for pull in search.during(window):
                found.setdefault(pull.source_id, pull)
            hidden += search.hidden
        if hidden and not found:
            raise errors.SourceForbiddenError(
                "GitHub's token may not read the pull requests that there are: it needs Pull "
                "requests, Issues and Contents for reading"
            )
        return tuple(found.values())

    async def _mainlines(
        self, pulls: Sequence[PullRequest], window: Period
    ) -> Mapping[str, Mainline]:
        projects: dict[str, list[PullRequest]] = {}
        for pull in pulls:
            projects.setdefault(pull.project, []).append(pull)
        return {
            project: read_mainline(project, own, await landed_on(self._graph, project, window))
            for project, own in projects.items()
        }

    async def _identities(
        self,
        pulls: Sequence[PullRequest],
        outcomes: Sequence[Outcome],
        known_addresses: Collection[str],
    ) -> Mapping[str, Identity]:
        """Of those who are credited: what the administrators say comes before what commits do."""
        told = await identities_of(self._graph, self._config.owners, known_addresses)
        credited = {credit.account for outcome in outcomes for credit in outcome.credits}
        known = identities_in(pulls) | told
        return {account: known[account] for account in sorted(credited & known.keys())}


def _finished_by(until: datetime, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    return tuple(o for o in outcomes if o.completed_at is not None and o.completed_at <= until)
