"""Finished work in git: merged changes on the default branches of repositories.

Docs:     https://git-scm.com/docs/git-log
Grain:    one outcome per pull- or merge-request number
Account:  the e-mail address that stands for a person, lower-cased
Reads:    commits and the tools in git-ai's notes, no files; of messages the titles are kept
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.domain.evidence import login_in
from bot.domain.outcomes import Outcome
from bot.domain.people import Identity, Proof
from bot.outcomes.git.changes import History, outcome_of, read_history
from bot.outcomes.git.command import Git
from bot.outcomes.git.log import Commit, read_log
from bot.outcomes.git.people import read_people
from bot.outcomes.git.report import report_on
from bot.outcomes.git.repository import (
    Location,
    Repository,
    head_at,
    open_repository,
    unique_names,
)
from bot.ports import OutcomeBatch


class Config(BaseModel):
    """*repositories* are paths or addresses; an address may carry a user and a token.

    *people* is a CSV file with the columns ``person`` and ``email`` that says which addresses are
    one person's.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    repositories: tuple[str, ...] = Field(
        min_length=1, repr=False, description="a JSON list of paths and addresses to read"
    )
    people: Path | None = Field(
        default=None, description="CSV with the columns person, email: whose addresses are one"
    )
    command: str = Field(default="git", description="the git program")
    timeout_seconds: float = Field(
        default=900.0, gt=0, description="how long one call of git may take"
    )

    @field_validator("repositories")
    @classmethod
    def _can_be_read(cls, repositories: tuple[str, ...]) -> tuple[str, ...]:
        for repository in repositories:
            if not repository.strip() or repository.startswith("-") or "\0" in repository:
                raise ValueError("a repository is a path or an address")
            Location.of(repository)
        return tuple(dict.fromkeys(repositories))


class GitSource:
    name: ClassVar[str] = "git"
    title: ClassVar[str] = "git repositories"

    def __init__(self, config: Config, *, cache_dir: Path, environ: Mapping[str, str]) -> None:
        self._config = config
        self._cache_dir = cache_dir
        self._environ = environ
        self._understood: dict[str, Commit] = {}

    @classmethod
    def from_config(cls, config: Config, *, cache_dir: Path) -> GitSource:
        """Keep copies of what is elsewhere in *cache_dir*."""
        return cls(config, cache_dir=cache_dir, environ=os.environ)

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,  # noqa: ARG002 - a history is read whole
        known_addresses: Collection[str] | None = None,
    ) -> OutcomeBatch:
        """Everything that was on the default branches at *until*.

        *known_addresses* are those of the directory: a person is credited by the one that is
        among them. A clone on disk counts as kept up to date by whoever put it there.
        """
        people = read_people(self._config.people, known_addresses)
        locations = dict.fromkeys(map(Location.of, self._config.repositories))
        repositories = [await self._open(location) for location in locations]
        names = unique_names(repositories)
        histories = [await self._history(r, names[r.address], until) for r in repositories]
        outcomes = tuple(
            outcome
            for history in histories
            for change in history.changes
            if (outcome := outcome_of(change, history, people))
        )
        return OutcomeBatch(
            outcomes=outcomes,
            data_through=until,
            complete=True,
            report=report_on(histories, outcomes, people),
            identities=_identities(outcomes),
        )

    async def close(self) -> None:
        """Nothing is held open between two collections."""

    async def _open(self, location: Location) -> Repository:
        git = Git(
            folder=self._cache_dir,
            environ=self._environ,
            command=self._config.command,
            timeout=self._config.timeout_seconds,
        )
        return await open_repository(location, git, self._cache_dir)

    async def _history(self, repository: Repository, name: str, until: datetime) -> History:
        tip = await head_at(repository, until)
        log = read_log(repository, tip, self._understood) if tip else None
        commits = [commit async for commit in log] if log else []
        return await asyncio.to_thread(
            read_history, name, commits, home=repository.home, noted=repository.noted
        )


def _identities(outcomes: Collection[Outcome]) -> dict[str, Identity]:
    """Accounts are addresses already, typed by whoever set up git; GitHub's own reach nobody."""
    accounts = {credit.account for outcome in outcomes for credit in outcome.credits}
    return {
        account: Identity(email=account, proof=Proof.ASSERTED)
        for account in sorted(accounts)
        if login_in(account) is None
    }
