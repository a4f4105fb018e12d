"""What a person chose of Upshot: how often, on which day, what about, what counts since when."""

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

    ``digest_day`` is a weekday of the person's own, Monday being 0, before the workspace's.
    The usual week is made of weeks from ``usual_since`` on; before ``muted_until`` comes no nudge.
    """

    cadence: Cadence = Cadence.WEEKLY
    digest_day: int | None = None
    tips: bool = True
    nudges: bool = True
    budget_notes: bool = True
    budget: int | None = None
    usual_since: date | None = None
    muted_until: date | None = None
