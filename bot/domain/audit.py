"""Who changed what: settings, mappings, exports. Never anybody's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    THRESHOLD_SET = "threshold_set"
    ADMIN_ADDED = "admin_added"
    ADMIN_REMOVED = "admin_removed"
    TEAM_ADDED = "team_added"
    TEAM_REMOVED = "team_removed"
    TEAMS_IMPORTED = "teams_imported"
    MEMBERS_CHANGED = "members_changed"
    ACCOUNTS_ASSERTED = "accounts_asserted"
    ACCOUNT_REFUSED = "account_refused"
    EXPORTED = "exported"
    FORGOTTEN = "forgotten"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    AGREEMENT_CHANGED = "agreement_changed"


SOMEBODY = "somebody"
"""Whose name is not told: whoever was forgotten, or did what is nobody else's business."""
OF_ONESELF = frozenset(
    {
        Action.EXPORTED,
        Action.FORGOTTEN,
        Action.OPTED_OUT,
        Action.OPTED_IN,
        Action.ACCOUNT_REFUSED,
    }
)
"""What people may do about themselves; who did is in the chain, and not told to admins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """``actor`` is a Slack user's id, ``None`` for Upshot itself, ``SOMEBODY`` where that is gone.

    People in ``people`` (by their part: ``admin``, ``target``) are Slack users' ids as well, kept
    apart so that they can be forgotten, and ``None`` then; ``detail`` holds none.
    """

    at: datetime
    actor: str | None
    action: Action
    detail: Mapping[str, str | int] = field(default_factory=dict)
    people: Mapping[str, str | None] = field(default_factory=dict)


def for_admins(entry: AuditEntry) -> AuditEntry:
    """*entry* without a name where a personal right was exercised."""
    if entry.action not in OF_ONESELF:
        return entry
    return replace(entry, actor=SOMEBODY, people={}, detail={})
