"""What reading any provider takes: every page, exact money, errors that say where they arose."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeVar

from bot.domain.usage import EXACT, USD, UsageRecord, by_key, total
from bot.errors import (
    SourceError,
    SourceRefusedError,
    SourceResponseError,
    SourceUnavailableError,
)
from bot.http import Http, Params

__all__ = [
    "EXACT",
    "Amount",
    "every_page",
    "in_order",
    "named",
    "require_plausible",
    "share_of_month",
    "total",
]

MOST_PAGES = 10_000
MOST_DIGITS = 40
LARGEST_POWER = 12
SMALLEST_SHARE = Decimal("1e-8")


class Page(Protocol):
    @property
    def has_more(self) -> bool: ...

    @property
    def cursor(self) -> str | None: ...


P = TypeVar("P", bound=Page)


async def every_page(
    http: Http,
    path: str,
    params: Params,
    *,
    into: type[P],
    cursor_name: str = "page",
    most: int = MOST_PAGES,
) -> AsyncIterator[P]:
    """The pages of one question, each asked for with the cursor that the one before it gave."""
    cursors: set[str] = set()
    while len(cursors) < most:
        try:
            page = await http.get(path, params, into=into)
        except SourceRefusedError as refusal:
            if not cursors:
                raise
            # The question was fine: its cursor went stale, and the next try begins anew.
            message = f"{path}: {refusal} at page {len(cursors) + 1}"
            raise SourceUnavailableError(message) from None
        yield page
        if not page.has_more:
            return
        if not page.cursor:
            raise SourceResponseError(f"{path}: more pages are said to follow, but not where")
        if page.cursor in cursors:
            raise SourceResponseError(f"{path}: paging loops")
        cursors.add(page.cursor)
        params = {**params, cursor_name: page.cursor}
    raise SourceResponseError(f"{path}: more than {most:,} pages")


@contextmanager
def named(provider: str, day: date) -> Iterator[None]:
    """Put the provider and the day in front of what a ``SourceError`` says."""
    try:
        yield
    except SourceError as error:
        error.args = (f"{provider} {day}: {error}",)
        raise
    except ArithmeticError:
        raise SourceResponseError(f"{provider} {day}: a time or an amount out of range") from None


def require_plausible(amount: Decimal) -> None:
    """Raise ``ValueError`` for an amount that would spoil every sum it is part of."""
    if not amount.is_finite() or amount.adjusted() > LARGEST_POWER or _is_too_long(amount):
        raise ValueError("an amount that cannot be one")


def _is_too_long(amount: Decimal) -> bool:
    # To take a number apart takes seven times as long as to write it, which shows every digit.
    return len(str(amount)) > MOST_DIGITS and len(amount.as_tuple().digits) > MOST_DIGITS


class Amount(NamedTuple):
    """An amount as a record holds it: in dollars, or apart from them in its own currency."""

    cost: Decimal | None
    foreign_cost: Decimal | None
    currency: str

    @classmethod
    def of(cls, value: Decimal, currency: str) -> Amount:
        """*value* in major units of *currency*: ISO 4217 in any case, or like ``credits:x``."""
        if (code := currency if ":" in currency else currency.upper()) == USD:
            return cls(value, None, USD)
        return cls(None, value, code)


def share_of_month(price: Decimal, day: date) -> Decimal:
    """What of a month's *price* falls on *day*; the shares of a month add up to it exactly."""
    _, days = monthrange(day.year, day.month)

    def up_to(number: int) -> Decimal:
        return (price * number / days).quantize(SMALLEST_SHARE)

    before = up_to(day.day - 1)
    return (price if day.day == days else up_to(day.day)) - before


def in_order(records: Iterable[UsageRecord]) -> tuple[UsageRecord, ...]:
    """One record a key, in an order that does not depend on how the pages came."""
    known = by_key(records)
    # A list is as long as it has to be from the start; a tuple of a generator grows and is copied.
    return tuple([known[key] for key in sorted(known)])
