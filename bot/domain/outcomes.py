"""Finished work: what was done, what became of it, and who did it with which tools."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_TITLE = 200
_LINK = re.compile(r"https?://[^\s/@<>|]+(?:/[^\s<>|]*)?")


def title_of(text: str | None) -> str | None:
    """A title in one line that fits; ``None`` where there is none."""
    kept = (character for character in text or "" if character.isprintable() or character.isspace())
    plain = " ".join("".join(kept).split())
    if len(plain) > LONGEST_TITLE:
        return f"{plain[: LONGEST_TITLE - 1].rstrip()}…"
    return plain or None


def link_of(url: str | None) -> str | None:
    """A link that may be shown: to a web page, and none that carries a user or a password."""
    found = _LINK.fullmatch(url or "")
    return found[0] if found else None


class OutcomeKind(StrEnum):
    MERGED_CHANGE = "merged_change"
    REVIEW_GIVEN = "review_given"
    TASK_DONE = "task_done"
    TICKET_SOLVED = "ticket_solved"
    DEAL_WON = "deal_won"
    PAGE_PUBLISHED = "page_published"
    LOGGED = "logged"

    @property
    def bears_ratio(self) -> bool:
        """Whether spend is set against it: reviews go along with other work, and what people log
        themselves is a series of its own.
        """
        return self not in {OutcomeKind.REVIEW_GIVEN, OutcomeKind.LOGGED}


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
    NOTE = "note"
    LABEL = "label"
    DELEGATE = "delegate"

    @property
    def names_session(self) -> bool:
        """Whether it leads to the very session that the work was done in."""
        return self in {Mark.SESSION_LINK, Mark.NOTE}


class Role(StrEnum):
    AUTHOR = "author"
    COAUTHOR = "coauthor"
    ASSIGNEE = "assignee"
    MERGER = "merger"
    REVIEWER = "reviewer"


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

    ``reverted_at`` is ``None`` while it stands, also after it was re-landed, at ``restored_at``;
    ``reopened_at`` likewise while it is done. Without credits it is the team's, in an unattributed
    line. ``title`` and ``url`` are for the eyes of those who are credited alone.

    Names (``bot.domain.mentions``) tell one piece of work from another across sources: ``names``
    are its own, ``closes`` those of the work that it finishes, ``closed_by`` those of the work
    that finished it. ``project`` is where it lies, by the source's own name.
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
    restored_at: datetime | None = None
    reopened_at: datetime | None = None
    title: str | None = None
    url: str | None = None
    project: str | None = None
    names: frozenset[str] = frozenset()
    closes: frozenset[str] = frozenset()
    closed_by: frozenset[str] = frozenset()

    @property
    def stands_since(self) -> datetime | None:
        """Since when it is finished for good, if it is: after a re-land, anew."""
        if self.completed_at is None or self.restored_at is None:
            return self.completed_at
        return max(self.completed_at, self.restored_at)

    def state_at(self, now: datetime, settle: timedelta) -> OutcomeState:
        """What it is at *now*; work counts as settled once it stood for *settle*."""
        since = self.stands_since
        if self.completed_at is None or since is None or now < self.completed_at:
            return OutcomeState.OPEN
        if self.reverted_at is not None and self.reverted_at <= now:
            return OutcomeState.REVERTED
        if self.reopened_at is not None and self.reopened_at <= now:
            return OutcomeState.REOPENED
        return OutcomeState.SETTLED if now - since >= settle else OutcomeState.DONE
