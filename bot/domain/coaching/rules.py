"""What a tip is: data it needs, what it looks for, what it may save, and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.domain.coaching.facts import Facts
from bot.domain.periods import IsoWeek

CHECKED_AFTER = 3
"""Weeks after which it is told whether a tip helped."""
QUIET_WEEKS = 6
"""Weeks in which the same tip is not shown again."""
LEAST_SHARE = Decimal("0.10")
"""Of one's own spend: a smaller saving is not worth a word."""


class Need(StrEnum):
    """What a source must tell for a tip to be found; without it the tip is silent."""

    TOKENS = "tokens"
    REQUESTS = "requests"
    COST = "cost"
    PRICES = "prices"
    SEATS = "seats"
    SESSIONS = "sessions"
    ACCEPTANCE = "acceptance"
    OUTCOMES = "outcomes"
    SIZES = "sizes"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A tip that fits: ``saving`` is at most so many US dollars in 28 days, ``None`` where the tip
    is not about money. ``measure`` is what the tip would change, ``goal`` where to; both ``None``
    where there is nothing to check. ``values`` are the figures and names that its text tells.
    """

    rule: str
    saving: Decimal | None = None
    measure: Decimal | None = None
    goal: Decimal | None = None
    values: Mapping[str, Decimal | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``measure`` is taken anew over later weeks, at constant prices; ``None``: not to be told."""

    name: str
    needs: frozenset[Need]
    source: str
    """Where the idea and its figures come from."""
    find: Callable[[Facts], Finding | None]
    measure: Callable[[Facts, Sequence[IsoWeek]], Decimal | None]


class Verdict(StrEnum):
    WORKED = "worked"
    PARTLY = "partly"
    NO_EFFECT = "no_effect"
    UNKNOWN = "unknown"
    """There was too little use since to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTip:
    """A tip in the digest of *week*, and how it went."""

    week: IsoWeek
    rule: str
    saving: Decimal | None = None
    measure: Decimal | None = None
    goal: Decimal | None = None
    after: Decimal | None = None
    verdict: Verdict | None = None
    judged_in: IsoWeek | None = None
