"""Finished work on Asana: tasks that were completed.

Docs:     https://developers.asana.com/reference/gettasks
Grain:    one outcome per completed task that is assigned to somebody, subtasks and milestones too
Account:  the assignee's id; tasks of nobody are not listed without a paid search, and are left out
Reads:    names, links and projects of tasks; no descriptions, no comments, no stories

Asana forgets that a task was completed when it is opened again, except in its stories, which hold
comments as well. So every task that changed and is not completed is told as unfinished: where we
know it as done, it has been opened again.

What the token's owner cannot see is left out of every list without a word. A member whose tasks
are refused is passed over.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import UTC
from typing import ClassVar, TypeVar

import msgspec
from pydantic import Field, SecretStr

from bot import errors
from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.domain.periods import Period
from bot.http import Http, Params, Retry
from bot.reading.days import every_page
from bot.reading.soundness import Moment
from bot.reading.windowed import Found, Reach, WindowedSource

PAGE_SIZE = 100
TASK_FIELDS = (
    "name",
    "completed",
    "completed_at",
    "created_at",
    "modified_at",
    "permalink_url",
    "assignee.gid",
    "projects.gid",
)


class Config(Reach):
    token: SecretStr = Field(description="a personal access token, or a service account's")
    workspace: str = Field(pattern=r"^\d+$", description="the id (gid) of the workspace")
    base_url: str = Field(
        default="https://app.asana.com/api/1.0", description="where its API is reached"
    )


class Offset(msgspec.Struct):
    offset: str


class Page(msgspec.Struct):
    next_page: Offset | None = None

    @property
    def has_more(self) -> bool:
        return self.next_page is not None

    @property
    def cursor(self) -> str | None:
        return self.next_page.offset if self.next_page else None


P = TypeVar("P", bound=Page)


class Project(msgspec.Struct):
    gid: str


class Projects(Page, kw_only=True):
    data: list[Project]


class User(msgspec.Struct):
    gid: str
    email: str | None = None


class Users(Page, kw_only=True):
    data: list[User]


class Assignee(msgspec.Struct):
    gid: str


class Task(msgspec.Struct, kw_only=True):
    gid: str
    name: str
    completed: bool
    completed_at: Moment | None
    created_at: Moment
    modified_at: Moment
    assignee: Assignee | None
    projects: list[Project]
    permalink_url: str | None = None


class Tasks(Page, kw_only=True):
    data: list[Task]


class AsanaSource(WindowedSource):
    name: ClassVar[str] = "asana"
    title: ClassVar[str] = "Asana"

    def __init__(self, config: Config, http: Http) -> None:
        super().__init__(config, http)
        self._workspace = config.workspace

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> AsanaSource:
        headers = {"authorization": f"Bearer {config.token.get_secret_value()}"}
        return cls(config, connect(config.base_url, headers=headers, retry=retry))

    async def projects(self) -> frozenset[str]:
        """The ids of all projects: names are changed, and taken twice."""
        pages = await self._all("/projects", {"opt_fields": "gid"}, Projects, "projects:read")
        return frozenset(project.gid for page in pages for project in page.data)

    async def fetch(self, window: Period) -> AsyncIterator[Users | Tasks]:
        users = await self._all("/users", {"opt_fields": "email"}, Users, "users:read")
        for users_page in users:
            yield users_page
        members = [user.gid for page in users for user in page.data]
        refused = 0
        for member in members:
            try:
                pages = await self._tasks_of(member, window)
            except (errors.SourceForbiddenError, errors.SourceNotFoundError):
                refused += 1
                continue
            for page in pages:
                yield page
        if refused == len(members):
            raise errors.SourceForbiddenError(_missing("tasks:read"))

    @staticmethod
    def parse(pages: Iterable[Users | Tasks]) -> Found:
        outcomes: dict[str, Outcome] = {}
        identities: dict[str, Identity] = {}
        unfinished: set[str] = set()
        for page in pages:
            match page:
                case Users(data=users):
                    identities |= _identities_in(users)
                case Tasks(data=tasks):
                    _tell(outcomes, tasks)
                    unfinished |= {task.gid for task in tasks if not task.completed}
        return Found(
            outcomes=tuple(outcomes.values()),
            identities=identities,
            unfinished=frozenset(unfinished),
        )

    async def _tasks_of(self, member: str, window: Period) -> list[Tasks]:
        start = f"{window.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        question = {
            "assignee": member,
            "completed_since": start,
            "modified_since": start,  # What is not completed is listed too, back to the first day.
            "opt_fields": ",".join(TASK_FIELDS),
        }
        return [page async for page in self._pages("/tasks", question, Tasks)]

    async def _all(self, path: str, question: dict[str, str], into: type[P], scope: str) -> list[P]:
        try:
            return [page async for page in self._pages(path, question, into)]
        except errors.SourceForbiddenError:
            raise errors.SourceForbiddenError(_missing(scope)) from None

    def _pages(self, path: str, question: dict[str, str], into: type[P]) -> AsyncIterator[P]:
        params: Params = {"workspace": self._workspace, "limit": PAGE_SIZE, **question}
        return every_page(self._http, path, params, into=into, cursor_name="offset")


def _tell(outcomes: dict[str, Outcome], tasks: Iterable[Task]) -> None:
    """Put into *outcomes* what *tasks* say: of a task that is there already, the later word."""
    for task in tasks:
        known = outcomes.get(task.gid)
        if found := _outcome_of(task):
            outcomes[task.gid] = found
        elif known:
            outcomes[task.gid] = replace(known, reopened_at=task.modified_at)


def _outcome_of(task: Task) -> Outcome | None:
    """The task as finished work; ``None`` if nothing shows that it was completed."""
    if task.completed_at is None:
        return None
    return Outcome(
        source="asana",
        source_id=task.gid,
        kind=OutcomeKind.TASK_DONE,
        opened_at=task.created_at,
        completed_at=task.completed_at,
        reverted_at=None,
        reopened_at=None if task.completed else task.modified_at,
        evidence=frozenset(),
        credits=(Credit(task.assignee.gid, Role.ASSIGNEE),) if task.assignee else (),
        title=title_of(task.name),
        url=link_of(task.permalink_url),
        project=task.projects[0].gid if task.projects else None,
    )


def _identities_in(users: Iterable[User]) -> dict[str, Identity]:
    return {
        user.gid: Identity(email=email, proof=Proof.ADMIN_EMAIL)
        for user in users
        if (email := normalized_email(user.email))
    }


def _missing(scope: str) -> str:
    return f"Asana's token may not read the workspace: it needs to be a member's, with `{scope}`"
