"""What is known of one person's recent weeks: use, finished work, and what was logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import Period
from bot.domain.tiers import Tier
from bot.domain.usage import USD, CostBasis

USUAL_WEEKS = 8
"""How many weeks tell what is usual, and what a ratio is made of."""
FINISHED = frozenset({OutcomeState.DONE, OutcomeState.SETTLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfUse:
    """One person's use of one provider on one day, in one currency and tier, whatever the model.

    ``cost`` is in US dollars, and ``constant_cost`` what it had been at each model's first list
    price, ``None`` where that is the same; an amount in another ``currency`` is in
    ``foreign_cost``. What is paid for and not used, such as a seat, is no use.
    """

    day: date
    provider: str
    cost: Decimal | None
    bases: frozenset[CostBasis]
    has_unpriced: bool = False
    currency: str = USD
    foreign_cost: Decimal | None = None
    is_use: bool = True
    tier: Tier = Tier.ROUTINE
    constant_cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedWork:
    """One of the person's outcomes; ``has_evidence`` says that an AI tool's help shows in it.

    ``share`` is the person's, where several people did it; ``source`` tells of it.
    """

    kind: OutcomeKind
    completed_on: date
    state: OutcomeState
    has_evidence: bool
    level: LinkLevel | None = None
    share: Decimal = Decimal(1)
    tier: Tier = Tier.ROUTINE
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedWork:
    """One outcome that the person logged: shown beside the others, never counted with them."""

    kind: LoggedKind
    done_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalHistory:
    """All that is known of one person, recent weeks only, for that person's eyes.

    ``data_through`` has every source that is on, with ``None`` where it has not answered yet.
    """

    owner: PersonId
    use: tuple[DayOfUse, ...]
    work: tuple[FinishedWork, ...]
    data_through: tuple[tuple[str, date | None], ...]
    logged: tuple[LoggedWork, ...] = ()


def used_in(period: Period, use: Iterable[DayOfUse]) -> list[DayOfUse]:
    first, last = period.first_day, period.last_day
    return [entry for entry in use if first <= entry.day <= last]


def finished_in(period: Period, work: Iterable[FinishedWork]) -> list[FinishedWork]:
    first, last = period.first_day, period.last_day
    return [item for item in work if first <= item.completed_on <= last]


def total_cost(use: Sequence[DayOfUse]) -> Decimal | None:
    """The sum of the known costs, ``None`` where none is known."""
    known = [entry.cost for entry in use if entry.cost is not None]
    return sum(known, Decimal(0)) if known else None
