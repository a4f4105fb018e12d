"""Constant prices: how far a model's list price moved away from its first, and when.

Spend divided by the level of its day is what it had been at the first price, so that two stretches
of time can be set side by side whatever price lists did in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.usage import TokenUsage

BASKET = TokenUsage(input_uncached=100_000, cache_read=700_000, cache_write=50_000, output=50_000)
"""A mix as coding tools use it, whose price stands for a model's."""
LOOK_EVERY = timedelta(days=7)

PriceOn = Callable[[date], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLevel:
    """From *first_day* on the model costs *level* times its first price."""

    provider: str
    model: str
    first_day: date
    level: Decimal


def levels(
    provider: str, model: str, price_on: PriceOn, first: date, last: date
) -> tuple[PriceLevel, ...]:
    """Each change of the price from *first* to *last*; none where it stayed, or is not known."""
    changes = list(_changes(price_on, first, last))
    if len(changes) < 2:
        return ()
    base = changes[0][1]
    return tuple(
        PriceLevel(provider=provider, model=model, first_day=day, level=price / base)
        for day, price in changes
    )


def _changes(price_on: PriceOn, first: date, last: date) -> Iterator[tuple[date, Decimal]]:
    """The days on which a price is new, the first known among them."""
    before, known = first, price_on(first)
    if known:
        yield first, known
    for day in _looks(first, last):
        price = price_on(day)
        if price and price != known:
            yield _first_day_of(price, price_on, before, day), price
            known = price
        before = day


def _looks(first: date, last: date) -> Sequence[date]:
    """Mondays, so that the next night looks at the same days, whose prices are known by then."""
    monday = first + LOOK_EVERY - timedelta(days=first.weekday())
    weeks = range(((last - monday) // LOOK_EVERY) + 1)
    return [*(monday + week * LOOK_EVERY for week in weeks), last]


def _first_day_of(price: Decimal, price_on: PriceOn, before: date, day: date) -> date:
    """The day from which on it is *price*, which it was not yet on *before* and is on *day*."""
    while day - before > timedelta(days=1):
        middle = before + (day - before) / 2
        before, day = (before, middle) if price_on(middle) == price else (middle, day)
    return day
