"""Work that people tell of themselves: theirs alone, and a series of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bot.domain.people import PersonId
from bot.domain.tiers import Tier

LONGEST_WHAT = 140
MOST_COUNTED_A_WEEK = 5
"""Of one person's, in a team's figures: more would be an invitation."""


class LoggedKind(StrEnum):
    TICKET_RESOLVED = "ticket_resolved"
    DOCUMENT_PUBLISHED = "document_published"
    ANALYSIS_DELIVERED = "analysis_delivered"
    CAMPAIGN_SHIPPED = "campaign_shipped"
    PROPOSAL_SENT = "proposal_sent"
    MEETING_PREPARED = "meeting_prepared"
    DATA_CLEANED = "data_cleaned"
    PROCESS_AUTOMATED = "process_automated"
    TECHNIQUE_LEARNED = "technique_learned"
    DID_NOT_WORK = "did_not_work"

    @property
    def tier(self) -> Tier:
        """What it is unless the person says otherwise: an experiment, or work."""
        is_trial = self in {LoggedKind.TECHNIQUE_LEARNED, LoggedKind.DID_NOT_WORK}
        return Tier.EXPLORATION if is_trial else Tier.ROUTINE


class Benefit(StrEnum):
    UNDER_AN_HOUR = "under_an_hour"
    HOURS = "hours"
    OVER_FOUR_HOURS = "over_four_hours"
    NEW_THING = "new_thing"
    NONE = "none"


class Visibility(StrEnum):
    """Who it counts for. Its words are the person's own, and nobody else ever reads them."""

    ONLY_ME = "only_me"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOutcome:
    """``helped_by`` names providers; ``what`` has at most ``LONGEST_WHAT`` characters."""

    id: UUID
    owner: PersonId
    kind: LoggedKind
    what: str
    done_on: date
    logged_at: datetime
    link: str | None = None
    helped_by: tuple[str, ...] = ()
    benefit: Benefit | None = None
    tier: Tier = Tier.ROUTINE
    visibility: Visibility = Visibility.ONLY_ME
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A person's word on what the use of *provider* was, both days included; ``None``: of all."""

    id: int | None = None
    tier: Tier
    provider: str | None
    first_day: date
    last_day: date
