"""How long things are kept; what is older is deleted every night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

BODIES = timedelta(days=30)
"""The texts of messages that were sent."""
DEPARTED = timedelta(days=30)
"""Everything about people who left the workspace, after so long."""
RECORDS = timedelta(days=400)
"""Releases of team figures, and the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """The first days that are kept: of facts about people, of texts, of who left, of records."""

    facts: date
    bodies: date
    departed: date
    records: date

    @classmethod
    def on(cls, today: date, retention_days: int) -> Cutoffs:
        return cls(
            facts=today - timedelta(days=retention_days),
            bodies=today - BODIES,
            departed=today - DEPARTED,
            records=today - RECORDS,
        )
