"""What may be said of a team: statistical disclosure control over contributions without names.

A ``Contribution`` carries no identity, so no release can leak one. Every cell passes the same rules
with its own contributors; what does not pass is withheld, with one wording for every reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from bot.domain.outcomes import OutcomeKind

SPEND_STEP = Decimal(10)
SMALLEST_GROUP = 5
LARGEST_SHARE = Decimal("0.5")
# With fewer seats the outer bands could only mean nobody or everybody.
FEWEST_SEATS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One member's week with everything but the numbers taken off; spend in US dollars.

    ``is_active`` says that something was used: a seat costs the same while nobody sits on it.
    """

    spend: Decimal
    outcomes: Mapping[OutcomeKind, Decimal]
    has_seat: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """``dominance_share``: no one may hold more of a total than this. Never laxer than this."""

    minimum_group_size: int = SMALLEST_GROUP
    dominance_share: Decimal = LARGEST_SHARE

    def __post_init__(self) -> None:
        if self.minimum_group_size < SMALLEST_GROUP or self.dominance_share > LARGEST_SHARE:
            raise ValueError("the rules of disclosure may be made stricter, never laxer")


class AdoptionBand(Enum):
    """The share of seat holders who were active: never nobody, never everybody."""

    UNDER_10 = "under 10 %"
    FROM_10 = "10-25 %"
    FROM_25 = "25-50 %"
    FROM_50 = "50-75 %"
    FROM_75 = "75-90 %"
    OVER_90 = "over 90 %"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRelease:
    """Figures that nobody can be singled out of; ``None`` and absent kinds are withheld."""

    spend: Decimal
    outcomes: Mapping[OutcomeKind, int]
    adoption: AdoptionBand | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """There is a team, but not one that numbers can hide in."""


def release(members: Collection[Contribution], rules: Rules) -> TeamRelease | Withheld:
    """The team's week, or ``Withheld``."""
    spend = [member.spend for member in members]
    if not _is_safe(spend, rules):
        return Withheld()
    kinds = sorted({kind for member in members for kind in member.outcomes})
    cells = {kind: [member.outcomes.get(kind, Decimal(0)) for member in members] for kind in kinds}
    return TeamRelease(
        spend=_rounded(sum(spend, Decimal(0))),
        outcomes={kind: round(sum(cell)) for kind, cell in cells.items() if _is_safe(cell, rules)},
        adoption=_adoption(members, rules),
    )


def _is_safe(values: Collection[Decimal], rules: Rules) -> bool:
    if sum(value > 0 for value in values) < rules.minimum_group_size:
        return False
    # a credit counts against the total that is shown, and can dominate it as well
    return max(map(abs, values)) <= rules.dominance_share * sum(values)


def _rounded(amount: Decimal) -> Decimal:
    return (amount / SPEND_STEP).quantize(Decimal(1)) * SPEND_STEP


def _adoption(members: Collection[Contribution], rules: Rules) -> AdoptionBand | None:
    seats = [member for member in members if member.has_seat]
    if len(seats) < max(FEWEST_SEATS, rules.minimum_group_size):
        return None
    share = Decimal(sum(member.is_active for member in seats)) / len(seats)
    bounds = zip(
        (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal("0.9")),
        AdoptionBand,
        strict=False,
    )
    return next((band for bound, band in bounds if share < bound), AdoptionBand.OVER_90)
