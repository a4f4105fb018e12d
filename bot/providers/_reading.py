"""What reading any provider takes: every page, exact money, errors that say where they arose."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Context, Decimal, localcontext
from typing import Protocol, TypeVar

from bot.domain.usage import UsageRecord, combine
from bot.errors import (
    SourceError,
    SourceRefusedError,
    SourceResponseError,
    SourceUnavailableError,
)
from bot.http import Http, Params

MOST_PAGES = 10_000
EXACT = Context(prec=60)


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
    if not amount.is_finite() or amount.adjusted() > 12 or len(amount.as_tuple().digits) > 40:
        raise ValueError("an amount that cannot be one")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of what is known, however many digits it takes."""
    with localcontext(EXACT):
        return sum((amount for amount in amounts if amount is not None), Decimal(0))


def in_order(records: Iterable[UsageRecord]) -> tuple[UsageRecord, ...]:
    """One record a key, in an order that does not depend on how the pages came."""
    with localcontext(EXACT):
        return tuple(sorted(combine(records), key=_order))


def _order(record: UsageRecord) -> list[tuple[bool, str]]:
    return [(part is not None, part or "") for part in record.key]
