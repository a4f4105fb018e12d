"""Finished work on GitHub: merged pull requests.

Docs:     https://docs.github.com/en/graphql/reference/queries#search
Grain:    one outcome per pull request merged into a default branch
Account:  the user's immutable id; an address where GitHub knows no user for it
Reads:    titles and messages too, for reverts and evidence; they are not kept
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.domain.outcomes import Outcome
from bot.domain.periods import Period
from bot.domain.reverts import Reverts
from bot.http import Http, Retry
from bot.outcomes.github.reading import made_by, outcome_of, proven_emails, reverts_in
from bot.outcomes.github.search import Search
from bot.outcomes.github.wire import PullRequest
from bot.ports import OutcomeBatch

REPOSITORIES_PER_SEARCH = 20

_NAME = r"^[\w.-]+$"
_FULL_NAME = r"^[\w.-]+/[\w.-]+$"


class Config(BaseModel):
    """Either an *organization* or *repositories* (``owner/name``).

    ``repull_days`` are asked for again every time, because a revert may come that late;
    ``history_days`` the first time.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

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
    repull_days: int = Field(
        default=30, ge=1, description="how many days before the last reading are read again"
    )
    history_days: int = Field(default=91, ge=1, description="how many days are read at first")

    @model_validator(mode="after")
    def _says_where_to_look(self) -> Self:
        if bool(self.organization) == bool(self.repositories):
            raise ValueError("name either an organization or repositories")
        return self

    @property
    def scopes(self) -> tuple[str, ...]:
        """Qualifiers of searches that together cover everything."""
        if self.organization:
            return (f"org:{self.organization}",)
        names = [f"repo:{name}" for name in dict.fromkeys(self.repositories)]
        starts = range(0, len(names), REPOSITORIES_PER_SEARCH)
        return tuple(" ".join(names[at : at + REPOSITORIES_PER_SEARCH]) for at in starts)


class GitHubSource:
    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub"

    def __init__(self, config: Config, http: Http) -> None:
        self._config = config
        self._http = http

    @classmethod
    def from_config(cls, config: Config, *, retry: Retry | None = None) -> GitHubSource:
        token = config.token.get_secret_value()
        headers = {"authorization": f"Bearer {token}"}
        return cls(config, Http(config.api_url, headers=headers, retry=retry))

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,
        known_addresses: Collection[str] | None = None,  # noqa: ARG002 - GitHub knows who is who
    ) -> OutcomeBatch:
        """What was merged up to *until*; *since* is how far it was read before, if it was."""
        window = self._window(until, since)
        pulls = await self._merged_in(window)
        reverts = _reverts_by_repository(pulls)
        outcomes = tuple(
            outcome
            for pull in pulls
            if (outcome := outcome_of(pull, reverts[pull.repository.name_with_owner]))
        )
        return OutcomeBatch(
            outcomes=outcomes,
            data_through=until,
            complete=False,
            report=_report(window, pulls, outcomes, reverts),
            emails=proven_emails(pulls),
        )

    async def close(self) -> None:
        await self._http.close()

    def _window(self, until: datetime, since: datetime | None) -> Period:
        first = until - timedelta(days=self._config.history_days)
        if since is not None:
            first = min(until, since) - timedelta(days=self._config.repull_days)
        return Period(first.replace(microsecond=0), until.replace(microsecond=0))

    async def _merged_in(self, window: Period) -> Sequence[PullRequest]:
        """Each once, though pages shift while they are read."""
        found: dict[str, PullRequest] = {}
        for scope in self._config.scopes:
            async for pull in Search(self._http, scope).merged_in(window):
                if pull.is_on_default_branch:
                    found.setdefault(pull.source_id, pull)
        return tuple(found.values())


def _reverts_by_repository(pulls: Sequence[PullRequest]) -> Mapping[str, Reverts]:
    repositories: dict[str, list[PullRequest]] = {}
    for pull in pulls:
        repositories.setdefault(pull.repository.name_with_owner, []).append(pull)
    return {name: reverts_in(own) for name, own in repositories.items()}


def _report(
    window: Period,
    pulls: Sequence[PullRequest],
    outcomes: Sequence[Outcome],
    reverts: Mapping[str, Reverts],
) -> dict[str, Any]:
    """Counts of pull requests; those of agents are told by who opened them."""
    by_agents = [made for made in map(made_by, pulls) if made.agent]
    tools = Counter(tool for o in outcomes for tool in {e.tool for e in o.evidence})
    return {
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "merged_changes": len(pulls),
        "outcomes": len(outcomes),
        "outcomes_credited": sum(bool(outcome.credits) for outcome in outcomes),
        "outcomes_reverted": sum(outcome.reverted_at is not None for outcome in outcomes),
        "changes_with_ai_evidence": sum(bool(outcome.evidence) for outcome in outcomes),
        "ai_changes_by_tool": dict(tools),
        "agent_authored": len(by_agents),
        "agent_authored_by_tool": dict(Counter(made.agent for made in by_agents)),
        "credited_to_one_human": sum(len(made.humans) == 1 for made in by_agents),
        "reverted": sum(len(found.first_targets) for found in reverts.values()),
    }
