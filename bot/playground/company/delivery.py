"""When a provider knows a day, how incompletely before, and what it corrects afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from bot.playground.company.usage import UsageFact

USUAL_LAG = timedelta(hours=4)
LATE_SHARE, REVISED_SHARE = 0.10, 0.08
LARGEST_REVISION_PERCENT = 5
LONGEST_LATENESS = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The course of one provider-day: nothing, maybe a part, all of it, perhaps a correction."""

    first_seen_at: datetime
    complete_at: datetime
    revised_at: datetime | None
    revision: Fraction


def midnight(day: date) -> datetime:
    """Give the start of a UTC day."""
    return datetime.combine(day, time(), UTC)


def delivery_of(
    provider: str, day: date, seed: int, longest_revision: int, *, days_late: int = 2
) -> Delivery:
    """Draw the course of *day*; the corrections come one to *longest_revision* days after it."""
    rng = Random(f"{seed}/delivery/{provider}/{day}")
    usual = midnight(day) + timedelta(days=1) + USUAL_LAG
    is_late, in_part = rng.random() < LATE_SHARE, rng.random() < 0.5
    complete = usual + timedelta(days=rng.randint(1, days_late)) if is_late else usual
    is_revised = rng.random() < REVISED_SHARE
    return Delivery(
        first_seen_at=usual if in_part else complete,
        complete_at=complete,
        revised_at=complete + timedelta(days=rng.randint(1, longest_revision))
        if is_revised
        else None,
        revision=1 + rng.choice((-1, 1)) * Fraction(rng.randint(1, LARGEST_REVISION_PERCENT), 100),
    )


def facts_as_of(
    facts: Sequence[UsageFact], delivery: Delivery, as_of: datetime
) -> tuple[UsageFact, ...]:
    """Give what the provider answers about the day at *as_of*."""
    if as_of < delivery.first_seen_at:
        return ()
    if as_of < delivery.complete_at:
        return tuple(fact for number, fact in enumerate(facts) if number % 3)
    if delivery.revised_at is not None and as_of >= delivery.revised_at:
        return tuple(scaled(fact, delivery.revision) for fact in facts)
    return tuple(facts)


def scaled(fact: UsageFact, factor: Fraction) -> UsageFact:
    """Correct the tokens; the cost, being their price, follows."""
    return replace(
        fact,
        input_uncached=round(fact.input_uncached * factor),
        cache_read=round(fact.cache_read * factor),
        cache_write_short=round(fact.cache_write_short * factor),
        cache_write_long=round(fact.cache_write_long * factor),
        output=max(1, round(fact.output * factor)),
    )
