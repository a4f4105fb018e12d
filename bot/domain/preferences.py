"""What a person chose of Upshot: how often, what about, and since when things count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """``budget`` is a monthly amount in US dollars of the person's own, before the workspace's.

    The usual week is made of weeks from ``usual_since`` on; before ``muted_until`` comes no nudge.
    """

    cadence: Cadence = Cadence.WEEKLY
    tips: bool = True
    nudges: bool = True
    budget_notes: bool = True
    budget: int | None = None
    usual_since: date | None = None
    muted_until: date | None = None
