"""The shape of what GitLab's REST API answers, and of what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from bot.domain.periods import Period

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Account(msgspec.Struct):
    """``bot`` is told by recent versions; it is so for service accounts and access tokens."""

    id: int
    username: str
    name: str
    bot: bool | None = None


class Project(msgspec.Struct):
    """``default_branch`` is told to those who may read the code, once there is some."""

    id: int
    path_with_namespace: str
    default_branch: str | None = None


class MergeRequest(msgspec.Struct):
    """``merge_user`` was once called ``merged_by``."""

    id: int
    iid: int
    project_id: int
    title: str
    created_at: Moment
    merged_at: Moment | None
    source_branch: str
    target_branch: str
    author: Account | None
    description: str | None = None
    web_url: str | None = None
    sha: str | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    merge_user: Account | None = None
    merged_by: Account | None = None
    assignees: list[Account] = []

    @property
    def merger(self) -> Account | None:
        return self.merge_user or self.merged_by

    @property
    def landed_as(self) -> tuple[str, ...]:
        """The commits that it is on its target branch, the one that stands for it first."""
        made = [sha for sha in (self.merge_commit_sha, self.squash_commit_sha) if sha]
        return tuple(made or ([self.sha] if self.sha else []))


class Commit(msgspec.Struct):
    message: str
    author_name: str
    author_email: str


class User(msgspec.Struct):
    """``email`` and ``confirmed_at`` are told to administrators; everybody may type the other."""

    id: int
    email: str | None = None
    confirmed_at: str | None = None
    public_email: str | None = None
    bot: bool | None = None


class Commits(msgspec.Struct):
    """Those of one merge request, by its id."""

    merge_request: int
    commits: list[Commit]


class Question(msgspec.Struct):
    """What the configuration says, beside what GitLab does."""

    window: Period
    host: str
    agents: Mapping[str, str]
    bots: frozenset[str]


Page = Question | list[Project] | list[MergeRequest] | Commits | User
