"""What a release is made of: a week's contributions, with everything that says who taken off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.domain.outcomes import OutcomeKind
from bot.domain.tiers import Tier


class Cell(StrEnum):
    """One figure of a week. Each passes the rules with its own contributors.

    ``SPEND`` is what use cost, in US dollars, without seats: what a seat costs is known to all.
    A kind of outcome counts pieces that settled in the week, common work as shares of one;
    ``REVERTED`` counts merged changes that were reverted in it.
    """

    SPEND = "spend"
    MERGED_CHANGE = OutcomeKind.MERGED_CHANGE.value
    REVIEW_GIVEN = OutcomeKind.REVIEW_GIVEN.value
    TASK_DONE = OutcomeKind.TASK_DONE.value
    TICKET_SOLVED = OutcomeKind.TICKET_SOLVED.value
    DEAL_WON = OutcomeKind.DEAL_WON.value
    PAGE_PUBLISHED = OutcomeKind.PAGE_PUBLISHED.value
    LOGGED = OutcomeKind.LOGGED.value
    REVERTED = "reverted"

    @classmethod
    def of(cls, kind: OutcomeKind) -> Cell:
        return cls(kind.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One member's week; ``member`` is a keyed tag, the same every week, and nobody's name.

    An amount that is not there is 0. ``tiers`` are parts of the spend. ``is_active`` says that
    something was used: a seat costs the same while nobody sits on it.
    """

    member: bytes
    amounts: Mapping[Cell, Decimal] = field(default_factory=dict)
    tiers: Mapping[Tier, Decimal] = field(default_factory=dict)
    has_seat: bool = False
    is_active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A team and its members' contributions; teams have no member in common."""

    team: int
    members: tuple[Contribution, ...]
