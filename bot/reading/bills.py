"""Cloud bills of one line a charge: what the charges of a day come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, localcontext

import msgspec

from bot.domain.periods import midnight
from bot.domain.usage import (
    EXACT,
    USD,
    ChargeCategory,
    CostBasis,
    ProviderDay,
    UsageRecord,
    total,
)
from bot.reading.days import Amount, in_order
from bot.reading.meters import meter, tokens
from bot.reading.months import DayPage, once


class Charge(msgspec.Struct, array_like=True, gc=False, kw_only=True):
    """A line of a bill, or the share of it that falls on one day."""

    account: str | None
    product: str | None
    model: str | None
    meter: str | None
    unit: str | None
    category: ChargeCategory
    currency: str
    cost: Decimal
    amount: Decimal | None


class Sum(msgspec.Struct, gc=False):
    """What charges of one kind come to; ``counts`` are tokens by their part of ``TokenUsage``."""

    cost: Decimal
    counts: dict[str, Decimal] | None = None


Key = tuple[str | None, str | None, str | None, str | None, ChargeCategory, str]
"""Account, product, model, kind of cost, category and currency."""


def read_bill(
    provider: str,
    day: date,
    pages: Iterable[DayPage[Charge]],
    *,
    email_of: Callable[[str], str | None],
) -> ProviderDay:
    """The day as its charges tell it; they are the whole bill, also those without an account."""
    through = midnight(day)
    sums: dict[Key, Sum] = {}
    with localcontext(EXACT):
        for page in once(day, pages):
            through = max(through, page.through)
            _add_up(page.rows, sums)
        records = in_order(_record(provider, day, key, of_key) for key, of_key in sums.items())
    billed: defaultdict[str, list[Decimal | None]] = defaultdict(list)
    for record in records:
        billed[record.currency].append(
            record.cost if record.cost is not None else record.foreign_cost
        )
    is_known = bool(records) or through > midnight(day)
    accounts = {record.account for record in records if record.account}
    return ProviderDay(
        provider=provider,
        day=day,
        records=records,
        billed=total(billed.pop(USD, [])) if is_known else None,
        data_through=through,
        emails={account: email for account in accounts if (email := email_of(account))},
        foreign_billed={currency: total(amounts) for currency, amounts in billed.items()},
    )


def _add_up(charges: Iterable[Charge], sums: dict[Key, Sum]) -> None:
    for row in charges:
        model, part, cost_type, size = meter(row.meter or "", row.unit)
        category, amount = row.category, row.amount
        key = (row.account, row.product, row.model or model, cost_type, category, row.currency)
        known = sums.get(key)
        if known is None:
            known = sums[key] = Sum(row.cost)
        else:
            known.cost += row.cost
        if part and size and amount is not None and category is ChargeCategory.USAGE:
            counts = known.counts
            if counts is None:
                counts = known.counts = {}
            counts[part] = amount * size + counts.get(part, 0)


def _record(provider: str, day: date, key: Key, known: Sum) -> UsageRecord:
    account, product, model, cost_type, category, code = key
    cost, foreign_cost, currency = Amount.of(known.cost, code)
    return UsageRecord(
        provider=provider,
        account=account,
        day=day,
        product=product,
        model=model,
        cost_type=cost_type or None,
        charge_category=category,
        currency=currency,
        tokens=None if known.counts is None else tokens(known.counts),
        cost=cost,
        cost_basis=CostBasis.BILLED,
        foreign_cost=foreign_cost,
    )
