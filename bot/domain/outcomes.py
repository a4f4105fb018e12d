"""Finished work: what was done, what became of it, and who did it with which tools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class OutcomeKind(StrEnum):
    MERGED_CHANGE = "merged_change"


class OutcomeState(StrEnum):
    OPEN = "open"
    DONE = "done"
    SETTLED = "settled"
    REVERTED = "reverted"
    REOPENED = "reopened"


class Mark(StrEnum):
    """How a tool's help shows. Presence proves some help; absence proves nothing."""

    COAUTHOR = "coauthor"
    GENERATED_LINE = "generated_line"
    SESSION_LINK = "session_link"
    AGENT_AUTHOR = "agent_author"
    BRANCH = "branch"


class Role(StrEnum):
    AUTHOR = "author"
    COAUTHOR = "coauthor"
    ASSIGNEE = "assignee"
    MERGER = "merger"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    tool: str
    mark: Mark


@dataclass(frozen=True, slots=True, order=True)
class Credit:
    """Who did it, by the source's own account (an address, or an immutable id)."""

    account: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One piece of finished work, however many commits and mentions it has.

    ``reverted_at`` is ``None`` while it stands, also after it was re-landed. Without credits it is
    the team's, in an unattributed line.
    """

    source: str
    source_id: str
    kind: OutcomeKind
    opened_at: datetime | None
    completed_at: datetime | None
    reverted_at: datetime | None
    evidence: frozenset[Evidence]
    credits: tuple[Credit, ...]
    size: int | None = None

    def state_at(self, now: datetime, settle: timedelta) -> OutcomeState:
        """What it is at *now*; work counts as settled once it stood for *settle*."""
        if self.completed_at is None or now < self.completed_at:
            return OutcomeState.OPEN
        if self.reverted_at is not None and self.reverted_at <= now:
            return OutcomeState.REVERTED
        return OutcomeState.SETTLED if now - self.completed_at >= settle else OutcomeState.DONE
