"""Use that can be compared over time: what is used, rather than paid for, in known dollars only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from bot.domain.history import DayOfUse


def comparable_use(use: Sequence[DayOfUse]) -> list[DayOfUse]:
    """*use* of those providers all of whose amounts are known.

    An amount that was unknown for some weeks, or is in another currency, would look like a rise
    on the day from which it is known; so would a seat that was bought.
    """
    used = [entry for entry in use if entry.is_use]
    unknown = {entry.provider for entry in used if _is_partly_unknown(entry)}
    return [entry for entry in used if entry.provider not in unknown]


def dollars(entry: DayOfUse) -> Decimal:
    """At the first list prices, as weeks are compared."""
    cost = entry.cost if entry.constant_cost is None else entry.constant_cost
    return Decimal(0) if cost is None else cost


def main_provider(use: Sequence[DayOfUse]) -> str | None:
    """The one with most of the spend, where there is such."""
    spend: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in use:
        spend[entry.provider] += dollars(entry)
    total = sum(spend.values())
    return next((provider for provider, cost in spend.items() if cost * 2 > total), None)


def _is_partly_unknown(entry: DayOfUse) -> bool:
    return entry.cost is None or entry.has_unpriced or entry.foreign_cost is not None
