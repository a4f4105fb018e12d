"""Finished work on GitLab: merged merge requests.

Docs:     https://docs.gitlab.com/api/merge_requests/#list-group-merge-requests
Grain:    one outcome per merge request merged into a default branch
Account:  the user's immutable id; an address where a commit names a co-author by it
Reads:    titles, links, descriptions, commit messages; only title and link are kept

Merge requests are listed by when they were created, which never changes, among those that changed:
every version can do that, and nothing is skipped while others change.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr

from bot import errors
from bot.domain.periods import Period
from bot.http import Http, Params, Retry
from bot.outcomes.gitlab.cast import cast_of, identities_of
from bot.outcomes.gitlab.reading import changes_in, outcomes_of
from bot.outcomes.gitlab.wire import (
    Commit,
    Commits,
    MergeRequest,
    Page,
    Project,
    Question,
    User,
)
from bot.reading.windowed import Found, Reach, WindowedSource

PER_PAGE = 100
MOST_PAGES = 400
"""GitLab refuses to count further than 50,000 from the first one."""

T = TypeVar("T", MergeRequest, Project)


class Config(Reach):
    """Groups, with all that is in them."""

    token: SecretStr = Field(description="a token with the scope read_api")
    groups: tuple[Annotated[str, Field(pattern=r"^\w[\w.-]*(/\w[\w.-]*)*$")], ...] = Field(
        min_length=1, description="a JSON list of groups, by path or id, each with its subgroups"
    )
    base_url: str = Field(
        default="https://gitlab.com",
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        description="where GitLab is reached",
    )
    reads_commits: bool = Field(
        default=True,
        description="whether the commits of each change are read, one request each, for co-authors",
    )
    lookups: int = Field(
        default=200, ge=0, description="how many authors' addresses are asked for in one reading"
    )
    agents: dict[str, str] = Field(
        default={}, description="a JSON object: the tool behind each service account's username"
    )
    bots: frozenset[str] = Field(
        default=frozenset(), description="a JSON list of usernames that are no person's"
    )


class GitLabSource(WindowedSource):
    name: ClassVar[str] = "gitlab"
    title: ClassVar[str] = "GitLab"

    def __init__(self, config: Config, http: Http, *, most_pages: int = MOST_PAGES) -> None:
        super().__init__(config, http)
        self._config = config
        self._most_pages = most_pages
        self._listed: Mapping[str, Sequence[Project]] | None = None

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> GitLabSource:
        headers = {"private-token": config.token.get_secret_value()}
        address = f"{config.base_url.rstrip('/')}/api/v4"
        return cls(config, connect(address, headers=headers, retry=retry))

    async def projects(self) -> frozenset[str]:
        """Those whose default branch is told: without it, what landed there cannot be known."""
        self._listed = await self._projects_by_group()
        return frozenset(
            project.path_with_namespace
            for projects in self._listed.values()
            for project in projects
            if project.default_branch
        )

    async def fetch(self, window: Period) -> AsyncIterator[Page]:
        listed = self._listed or await self._projects_by_group()
        question = self._question(window)
        yield question
        cast = cast_of(question, ())
        authors: set[int] = set()
        seen: set[int] = set()
        for group, projects in listed.items():
            yield list(projects)
            known = {project.id: project for project in projects}
            async for page in self._merge_requests(group, window):
                new = [request for request in page if request.id not in seen]
                yield new
                seen.update(request.id for request in new)
                landed = [c.request for c in changes_in(new, known, {}, window)]
                authors.update(r.author.id for r in landed if r.author and cast.person(r.author))
                async for commits in self._commits_of(landed):
                    yield commits
        async for user in self._users(_turn(sorted(authors), self._config.lookups, window)):
            yield user

    @staticmethod
    def parse(pages: Iterable[Page]) -> Found:
        question: Question | None = None
        requests: list[MergeRequest] = []
        projects: dict[int, Project] = {}
        commits: dict[int, list[Commit]] = {}
        users: list[User] = []
        for page in pages:
            match page:
                case Question():
                    question = page
                case Commits(merge_request=number, commits=read):
                    commits[number] = read
                case User():
                    users.append(page)
                case list():
                    projects |= {p.id: p for p in page if isinstance(p, Project)}
                    requests += [r for r in page if isinstance(r, MergeRequest)]
        if question is None:
            return Found(outcomes=())
        changes = changes_in(requests, projects, commits, question.window)
        outcomes = tuple(outcomes_of(changes, cast_of(question, users)))
        return Found(outcomes=outcomes, identities=identities_of(users))

    def _question(self, window: Period) -> Question:
        return Question(
            window=window,
            host=urlsplit(self._config.base_url).hostname or "",
            agents=self._config.agents,
            bots=self._config.bots,
        )

    async def _projects_by_group(self) -> dict[str, list[Project]]:
        """A group that the token is not shown is left out, as long as another one is."""
        question = {"include_subgroups": "true", "with_shared": "false", "simple": "true"}
        found: dict[str, list[Project]] = {}
        refused: list[errors.SourceError] = []
        for group in dict.fromkeys(self._config.groups):
            pages = self._pages(_path(group, "projects"), question, list[Project])
            try:
                found[group] = [project async for page in pages for project in page]
            except (errors.SourceForbiddenError, errors.SourceNotFoundError) as error:
                refused.append(error)
                continue
            if len(found[group]) >= self._most_pages * PER_PAGE:
                raise errors.SourceResponseError(
                    "a group of GitLab's has too many projects: name its subgroups instead"
                )
        if not found:
            raise type(refused[0])(
                "GitLab shows the token none of the groups: it needs the scope read_api, and its "
                "user the role Reporter in them"
            ) from None
        return found

    async def _merge_requests(
        self, group: str, window: Period
    ) -> AsyncIterator[list[MergeRequest]]:
        """Without ``scope``, GitLab lists those of the token's own user."""
        path = _path(group, "merge_requests")
        question: dict[str, str | int | list[str]] = {
            "state": "merged",
            "scope": "all",
            "updated_after": _written(window.start),
            "order_by": "created_at",
            "sort": "asc",
        }
        while True:
            last: datetime | None = None
            async for page in self._pages(path, question, list[MergeRequest]):
                yield page
                last = page[-1].created_at if page else None
            if last is None:
                return
            if question.get("created_after") == _written(last):
                raise errors.SourceResponseError(f"{path}: too many were created in one second")
            question["created_after"] = _written(last)

    async def _pages(
        self, path: str, question: Params, into: type[list[T]]
    ) -> AsyncIterator[list[T]]:
        """Up to an empty one, unless there are more than can be counted."""
        seen: set[int] = set()
        for number in range(1, self._most_pages + 1):
            asked = {**question, "per_page": PER_PAGE, "page": number}
            page = await self._http.get(path, asked, into=into)
            new = [item for item in page if item.id not in seen]
            if page and not new:
                raise errors.SourceResponseError(f"{path}: paging loops")
            yield new
            if not page:
                return
            seen.update(item.id for item in new)

    async def _commits_of(self, requests: Iterable[MergeRequest]) -> AsyncIterator[Commits]:
        """The first hundred of each; none where the code may not be read."""
        for request in requests if self._config.reads_commits else ():
            path = f"/projects/{request.project_id}/merge_requests/{request.iid}/commits"
            try:
                found = await self._http.get(path, {"per_page": PER_PAGE}, into=list[Commit])
            except (errors.SourceForbiddenError, errors.SourceNotFoundError):
                continue
            yield Commits(request.id, found)

    async def _users(self, ids: Iterable[int]) -> AsyncIterator[User]:
        """Nobody depends on them: once GitLab minds, the others are left for another night."""
        for number in ids:
            try:
                yield await self._http.get(f"/users/{number}", into=User)
            except errors.SourceNotFoundError:
                continue
            except (errors.SourceForbiddenError, errors.SourceRateLimitedError):
                return


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _path(group: str, what: str) -> str:
    return f"/groups/{quote(group, safe='')}/{what}"


def _turn(ids: Sequence[int], most: int, window: Period) -> Sequence[int]:
    """As many as may be asked for, others every day, so that everybody's turn comes."""
    start = window.end.toordinal() * most % len(ids) if len(ids) > most else 0
    return [*ids[start:], *ids[:start]][:most]
