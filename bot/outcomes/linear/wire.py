"""What Linear's GraphQL is asked, and the shape of what it answers.

Questions are small on purpose: Linear takes 10,000 points at once, counting a point for an object
and a tenth for a field, for every object that a page may hold, and 250,000 an hour.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from bot.reading.soundness import Moment

COMPLETED = "completed"

TEAMS = """
query Teams($after: String) {
  found: teams(first: 100, after: $after, includeArchived: true) {
    pageInfo { hasNextPage endCursor }
    nodes { key }
  }
}
"""
STATES = """
query States($after: String) {
  found: workflowStates(first: 100, after: $after, includeArchived: true) {
    pageInfo { hasNextPage endCursor }
    nodes { id type }
  }
}
"""
_ISSUE = """
fragment issue on Issue {
  id identifier previousIdentifiers title url createdAt updatedAt completedAt archivedAt trashed
  state { type }
  team { key }
  assignee { id name app email }
  delegate { id name app }
  attachments(first: 5) { nodes { url } }
}
"""
DONE = f"""
query Done($since: DateTimeOrDuration!, $after: String) {{
  found: issues(
    first: 100, after: $after, orderBy: updatedAt, includeArchived: true
    filter: {{ updatedAt: {{ gte: $since }}, state: {{ type: {{ eq: "{COMPLETED}" }} }} }}
  ) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{ ...issue }}
  }}
}}
{_ISSUE}"""
OPEN = f"""
query Open($since: DateTimeOrDuration!, $after: String) {{
  found: issues(
    first: 50, after: $after, orderBy: updatedAt, includeArchived: true
    filter: {{ updatedAt: {{ gte: $since }}, state: {{ type: {{ neq: "{COMPLETED}" }} }} }}
  ) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      ...issue
      history(first: 20) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ createdAt fromStateId toStateId }}
      }}
    }}
  }}
}}
{_ISSUE}"""
HISTORY = """
query History($issue: String!, $after: String) {
  found: issue(id: $issue) {
    history(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { createdAt fromStateId toStateId }
    }
  }
}
"""


class _Wire(msgspec.Struct, rename="camel"):
    pass


class PageInfo(_Wire):
    has_next_page: bool
    end_cursor: str | None = None


class Page(_Wire):
    page_info: PageInfo


class Team(_Wire):
    key: str


class Teams(Page):
    nodes: list[Team]


class State(_Wire):
    id: str
    type: str


class States(Page):
    nodes: list[State]


class Change(_Wire):
    """What happened to an issue; without states where something else changed."""

    created_at: Moment
    from_state_id: str | None = None
    to_state_id: str | None = None


class Changes(Page):
    nodes: list[Change]


class WithHistory(_Wire):
    history: Changes


class User(_Wire):
    """Somebody, or with *app* a program that takes part like somebody."""

    id: str
    app: bool
    name: str
    email: str | None = None


class StateType(_Wire):
    type: str


class Attachment(_Wire):
    url: str


class Attachments(_Wire):
    nodes: list[Attachment]


class Issue(_Wire, kw_only=True):
    id: str
    identifier: str
    previous_identifiers: list[str]
    title: str
    url: str
    created_at: Moment
    updated_at: Moment
    completed_at: Moment | None
    archived_at: Moment | None
    trashed: bool | None
    state: StateType
    team: Team
    assignee: User | None
    delegate: User | None
    attachments: Attachments


class Issues(Page):
    nodes: list[Issue]


class OpenIssue(Issue, kw_only=True):
    history: Changes


class OpenIssues(Page):
    nodes: list[OpenIssue]


class Extensions(_Wire):
    code: str | None = None
    type: str | None = None


class GraphError(_Wire):
    extensions: Extensions | None = None


class Refusal(_Wire):
    errors: list[GraphError] | None = None


T = TypeVar("T")
P = TypeVar("P", bound=Page)


class Data(_Wire, Generic[T]):
    found: T | None = None


class Answer(_Wire, Generic[T]):
    data: Data[T] | None = None
    errors: list[GraphError] | None = None
