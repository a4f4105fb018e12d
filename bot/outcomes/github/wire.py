"""What GitHub's GraphQL search is asked, and the shape of what it answers."""

from __future__ import annotations

from datetime import datetime

import msgspec

QUERY = """
query($search: String!, $cursor: String) {
  rateLimit { cost remaining }
  search(type: ISSUE, query: $search, first: 50, after: $cursor) {
    issueCount
    pageInfo { hasNextPage endCursor }
    nodes {
      ... on PullRequest {
        number title body createdAt mergedAt additions deletions baseRefName headRefName
        repository { nameWithOwner defaultBranchRef { name } }
        author { ...actor }
        mergedBy { ...actor }
        assignees(first: 10) { nodes { __typename login databaseId } }
        mergeCommit { ...authored }
        commits(first: 50) { nodes { commit { ...authored } } }
      }
    }
  }
}
fragment actor on Actor {
  __typename login ... on User { databaseId } ... on Bot { databaseId }
}
fragment authored on Commit {
  oid message authors(first: 10) { nodes { name email user { __typename login databaseId } } }
}
"""


class _Wire(msgspec.Struct, rename="camel"):
    pass


class Actor(_Wire):
    login: str
    type: str = msgspec.field(name="__typename")
    database_id: int | None = None


class GitActor(_Wire):
    """An author as a commit names it; ``user`` only where the address is proven to be theirs."""

    name: str | None
    email: str | None
    user: Actor | None


class GitActors(_Wire):
    nodes: list[GitActor]


class Authored(_Wire):
    oid: str
    message: str
    authors: GitActors


class BranchCommit(_Wire):
    commit: Authored


class BranchCommits(_Wire):
    nodes: list[BranchCommit]


class Actors(_Wire):
    nodes: list[Actor]


class Ref(_Wire):
    name: str


class Repository(_Wire):
    name_with_owner: str
    default_branch_ref: Ref | None


class PullRequest(_Wire):
    number: int
    title: str
    body: str
    created_at: datetime
    merged_at: datetime
    additions: int
    deletions: int
    base_ref_name: str
    head_ref_name: str
    repository: Repository
    author: Actor | None
    merged_by: Actor | None
    assignees: Actors
    merge_commit: Authored | None
    commits: BranchCommits

    @property
    def source_id(self) -> str:
        return f"{self.repository.name_with_owner}#{self.number}"

    @property
    def is_on_default_branch(self) -> bool:
        default = self.repository.default_branch_ref
        return default is not None and default.name == self.base_ref_name

    @property
    def authored(self) -> list[Authored]:
        """Its commits and the one that landed it."""
        landed = [self.merge_commit] if self.merge_commit else []
        return [*(node.commit for node in self.commits.nodes), *landed]


class PageInfo(_Wire):
    has_next_page: bool
    end_cursor: str | None


class Found(_Wire):
    issue_count: int
    page_info: PageInfo
    nodes: list[PullRequest | None]


class Data(_Wire):
    search: Found | None


class GraphError(_Wire):
    type: str | None = None


class Answer(_Wire):
    data: Data | None = None
    errors: list[GraphError] | None = None
