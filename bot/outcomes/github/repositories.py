"""Which repositories can be read, and what has landed on their default branches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from bot import errors
from bot.domain.periods import Period
from bot.outcomes.github import queries
from bot.outcomes.github.graph import Graph
from bot.outcomes.github.wire import (
    BranchAnswer,
    BranchLanding,
    Named,
    Page,
    RepositoriesAnswer,
    RepositoryAnswer,
)

_CLOSED = (errors.SourceForbiddenError, errors.SourceNotFoundError)


async def readable_of(graph: Graph, organization: str) -> frozenset[str]:
    """The organization's repositories that may be read: searches leave others out in silence."""

    def repositories_in(answer: RepositoriesAnswer) -> Page[Named]:
        if answer.organization is None:
            raise errors.SourceNotFoundError("GitHub knows no such organization")
        return answer.organization.repositories

    found = graph.pages(
        queries.REPOSITORIES, RepositoriesAnswer, repositories_in, login=organization
    )
    return frozenset([repository.name_with_owner async for repository in found])


async def readable_among(graph: Graph, names: Iterable[str]) -> frozenset[str]:
    """Those of *names* (``owner/name``) that may be read, as GitHub calls them now."""
    found = [await _readable(graph, name) for name in dict.fromkeys(names)]
    return frozenset(name for name in found if name is not None)


async def landed_on(graph: Graph, project: str, window: Period) -> list[BranchLanding]:
    """What landed on the default branch of *project* in *window*, oldest first, as git orders it.

    Nothing where its commits may not be read: reverts among pull requests are found without.
    """

    def history_in(answer: BranchAnswer) -> Page[BranchLanding] | None:
        branch = answer.repository and answer.repository.default_branch_ref
        return branch.target.history if branch and branch.target else None

    owner, _, name = project.partition("/")
    found = graph.pages(
        queries.LANDED,
        BranchAnswer,
        history_in,
        owner=owner,
        name=name,
        since=window.start.isoformat(),
        until=window.end.isoformat(),
    )
    return await _newest_last(found)


async def _newest_last(found: AsyncIterator[BranchLanding]) -> list[BranchLanding]:
    try:
        return [landing async for landing in found][::-1]
    except _CLOSED:
        return []


async def _readable(graph: Graph, project: str) -> str | None:
    owner, _, name = project.partition("/")
    try:
        answer = await graph.ask(queries.REPOSITORY, RepositoryAnswer, owner=owner, name=name)
    except _CLOSED:
        return None
    return answer.repository.name_with_owner if answer.repository else None
