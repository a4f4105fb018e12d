"""The shape of what GitHub's GraphQL API answers about pull requests and branches."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from bot.reading.soundness import Moment

Node = TypeVar("Node")
Pull = TypeVar("Pull", "PullRequest", "ReviewedPullRequest")


class Wire(msgspec.Struct, rename="camel"):
    pass


class PageInfo(Wire):
    has_next_page: bool
    end_cursor: str | None


class Page(Wire, Generic[Node]):
    """A part of a list; what may not be seen is ``None`` in it."""

    page_info: PageInfo
    nodes: list[Node | None]


class Nodes(Wire, Generic[Node]):
    """A list so short that its first part is all that is asked for."""

    nodes: list[Node | None]

    @property
    def seen(self) -> list[Node]:
        return [node for node in self.nodes if node is not None]


class Actor(Wire):
    login: str
    type: str = msgspec.field(name="__typename")
    database_id: int | None = None


class GitActor(Wire):
    """An author as a commit names it; ``user`` only where the address is proven to be theirs."""

    name: str | None
    email: str | None
    user: Actor | None


class Authored(Wire):
    oid: str
    message: str
    authors: Nodes[GitActor]


class Count(Wire):
    total_count: int


class MergeCommit(Authored, kw_only=True):
    parents: Count

    @property
    def is_merge(self) -> bool:
        """Whoever made a commit with several parents merged the work, and did not do it."""
        return self.parents.total_count > 1


class BranchCommit(Wire):
    commit: Authored


class BranchCommits(Nodes[BranchCommit], kw_only=True):
    total_count: int


class Label(Wire):
    name: str


class Ref(Wire):
    name: str


class Named(Wire):
    name_with_owner: str


class Repository(Named):
    default_branch_ref: Ref | None


class Reopening(Wire):
    created_at: Moment


class Issue(Wire):
    number: int
    closed: bool
    repository: Named
    timeline_items: Nodes[Reopening]


class PullRequest(Wire):
    number: int
    title: str
    body: str
    url: str
    created_at: Moment
    merged_at: Moment
    additions: int
    deletions: int
    base_ref_name: str
    head_ref_name: str
    repository: Repository
    author: Actor | None
    merged_by: Actor | None
    assignees: Nodes[Actor]
    labels: Nodes[Label] | None
    closing_issues_references: Nodes[Issue] | None
    merge_commit: MergeCommit | None
    commits: BranchCommits

    @property
    def project(self) -> str:
        return self.repository.name_with_owner

    @property
    def source_id(self) -> str:
        return f"{self.project}#{self.number}"

    @property
    def is_on_default_branch(self) -> bool:
        default = self.repository.default_branch_ref
        return default is not None and default.name == self.base_ref_name

    @property
    def written(self) -> list[Authored]:
        """The commits that say who made it: its own, and the one that landed it if a squash."""
        own = [node.commit for node in self.commits.seen]
        squash = self.merge_commit
        return own if squash is None or squash.is_merge else [*own, squash]

    @property
    def issues(self) -> list[Issue]:
        return self.closing_issues_references.seen if self.closing_issues_references else []


class Review(Wire):
    submitted_at: Moment | None
    author: Actor | None


class ReviewedPullRequest(Wire):
    number: int
    title: str
    url: str
    repository: Named
    author: Actor | None
    assignees: Nodes[Actor]
    reviews: Nodes[Review] | None

    @property
    def project(self) -> str:
        return self.repository.name_with_owner

    @property
    def source_id(self) -> str:
        return f"{self.project}#{self.number}"


class Found(Page[Node], kw_only=True):
    issue_count: int


class SearchAnswer(Wire, Generic[Node]):
    search: Found[Node] | None


class BranchLanding(Wire):
    """A commit of the default branch, by a pull request or without one."""

    oid: str
    message: str
    committed_date: Moment


class Target(Wire):
    history: Page[BranchLanding]


class Branch(Wire):
    target: Target | None


class BranchHolder(Wire):
    default_branch_ref: Branch | None


class BranchAnswer(Wire):
    repository: BranchHolder | None


class RepositoryAnswer(Wire):
    repository: Named | None


class RepositoryOwner(Wire):
    repositories: Page[Named]


class RepositoriesAnswer(Wire):
    organization: RepositoryOwner | None
