"""Understands issues: when they were completed and reopened, by whom, and with which agents."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from bot.domain.commits import Signature
from bot.domain.evidence import FINGERPRINTS, UNNAMED_TOOL, fingerprint_of
from bot.domain.mentions import name_of_link, ticket_name
from bot.domain.outcomes import (
    Credit,
    Evidence,
    Mark,
    Outcome,
    OutcomeKind,
    Role,
    link_of,
    title_of,
)
from bot.domain.people import Identity, Proof, normalized_email
from bot.outcomes.linear.wire import Issue, OpenIssue, User

_TOOLS = frozenset(fingerprint.tool for fingerprint in FINGERPRINTS)


class Completion(NamedTuple):
    """When an issue was completed last, and since when it is open again, if it is."""

    at: datetime
    undone_at: datetime | None


def outcome_of(issue: Issue, completed_states: Collection[str]) -> Outcome | None:
    """The issue as finished work; ``None`` if it never was completed."""
    completion = _completion_of(issue, completed_states)
    if completion is None:
        return None
    links = (name_of_link(attachment.url) for attachment in issue.attachments.nodes)
    return Outcome(
        source="linear",
        source_id=issue.id,
        kind=OutcomeKind.TASK_DONE,
        opened_at=issue.created_at,
        completed_at=completion.at,
        reverted_at=None,
        reopened_at=completion.undone_at,
        evidence=_evidence_in(issue),
        credits=_credits_for(issue.assignee),
        title=title_of(issue.title),
        url=link_of(issue.url),
        project=issue.team.key,
        names=frozenset(map(ticket_name, [issue.identifier, *issue.previous_identifiers])),
        closed_by=frozenset(name for name in links if name and not name.startswith("ticket:")),
    )


def identities_in(issues: Iterable[Issue]) -> dict[str, Identity]:
    """Addresses of members: those that they sign in with."""
    people = (issue.assignee for issue in issues)
    return {
        person.id: Identity(email=email, proof=Proof.ADMIN_EMAIL)
        for person in people
        if person and not person.app and (email := normalized_email(person.email))
    }


def _completion_of(issue: Issue, completed_states: Collection[str]) -> Completion | None:
    if isinstance(issue, OpenIssue):
        return _undone(issue, completed_states)
    if issue.completed_at is None:
        return None
    thrown_away_at = (issue.archived_at or issue.updated_at) if issue.trashed else None
    return Completion(issue.completed_at, thrown_away_at)


def _undone(issue: OpenIssue, completed_states: Collection[str]) -> Completion | None:
    """What its history says of an issue that is not completed now."""
    # Where no change led into the state that it left, it was made in that state.
    completed_at, undone_at = issue.created_at, None
    for change in sorted(issue.history.nodes, key=lambda change: change.created_at):
        was = change.from_state_id in completed_states
        becomes = change.to_state_id in completed_states
        if becomes and not was:
            completed_at, undone_at = change.created_at, None
        elif was and not becomes:
            undone_at = change.created_at
    return Completion(completed_at, undone_at) if undone_at else None


def _evidence_in(issue: Issue) -> frozenset[Evidence]:
    """An issue is delegated to an agent; before there were delegates it was assigned to one."""
    agents = (user for user in (issue.delegate, issue.assignee) if user and user.app)
    return frozenset(Evidence(_tool_called(agent.name), Mark.DELEGATE) for agent in agents)


def _tool_called(name: str) -> str:
    """The whole name of a program, which may well be the tool's own: nobody is called so here."""
    known = fingerprint_of(Signature(name.strip(), ""))
    if known:
        return known.tool
    plain = name.strip().lower().replace(" ", "_")
    return plain if plain in _TOOLS else UNNAMED_TOOL


def _credits_for(assignee: User | None) -> tuple[Credit, ...]:
    if assignee is None or assignee.app:
        return ()
    return (Credit(assignee.id, Role.ASSIGNEE),)
