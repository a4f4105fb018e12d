"""Seats in two assistants, nearly all use in one of them: one of the two may be enough.

Saving: what the little used seat was charged for these 28 days; silent where that is not known.
Use is counted in days, for tokens of different tools cannot be compared. A tool that is being
tried out, and a seat of fewer than 30 days, are left alone; one without any use is another tip's.

Check: how many seats that were held all the time have less than a quarter of the days of use; the
goal is one fewer, by use or by giving it back. From under a tenth to a quarter is farther than
chance goes in three weeks; with fewer than nine days of use nothing can be told.

Source: Pragmatic Engineer 2026: about 5 % of those asked hold subscriptions of work and their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, Seat
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.seats import days_of_use, held, is_established, use_of
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier

NAME = "two_subscriptions"
HARDLY = Decimal("0.1")
IN_USE = Decimal("0.25")
FEWEST_DAYS = 9


def find(facts: Facts) -> Finding | None:
    weeks = facts.recent()
    shares = _shares(facts, weeks)
    if shares is None:
        return None
    spare = [
        (seat, seat.cost)
        for seat, share in shares
        if 0 < share < HARDLY and is_established(facts, seat) and not _is_tried(facts, seat)
    ]
    known = [(cost, seat.provider) for seat, cost in spare if cost is not None]
    if not known:
        return None
    cost, provider = max(known)
    main, _ = max(shares, key=lambda shared: shared[1])
    count = _little_used(shares)
    return Finding(
        rule=NAME,
        saving=cost,
        measure=count,
        goal=count - 1,
        values={"tool": provider, "main": main.provider},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    shares = _shares(facts, weeks)
    return None if shares is None else _little_used(shares)


def _little_used(shares: Sequence[tuple[Seat, Decimal]]) -> Decimal:
    return Decimal(sum(share < IN_USE for _, share in shares))


def _shares(facts: Facts, weeks: Sequence[IsoWeek]) -> list[tuple[Seat, Decimal]] | None:
    """Each seat's share in the days of use of all of them."""
    seats = held(facts, weeks)
    if seats is None:
        return None
    days = [len(days_of_use(facts, seat.provider, weeks)) for seat in seats]
    total = sum(days)
    if total < FEWEST_DAYS:
        return None
    return [(seat, Decimal(used) / total) for seat, used in zip(seats, days, strict=True)]


def _is_tried(facts: Facts, seat: Seat) -> bool:
    use = use_of(facts, seat.provider, facts.recent())
    return any(entry.tier is Tier.EXPLORATION for entry in use)


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.SEATS, Need.COST}),
    source="Pragmatic Engineer 2026: some 5 % hold two subscriptions",
    find=find,
    measure=measure,
)
