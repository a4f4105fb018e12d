"""Cloud bills of one line a charge: what the charges of a day come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

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
from bot.providers._meters import meter
from bot.providers._months import DayPage, once
from bot.providers._reading import Amount, in_order


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


def read_bill(
    provider: str,
    day: date,
    pages: Iterable[DayPage[Charge]],
    *,
    email_of: Callable[[str], str | None],
) -> ProviderDay:
    """The day as its charges tell it; they are the whole bill, also those without an account."""
    through = midnight(day)
    # Lists of cost and amount, by all that tells charges apart.
    sums: dict[tuple[Any, ...], list[Any]] = {}
    with localcontext(EXACT):
        for page in once(day, pages):
            through = max(through, page.through)
            _add_up(page.rows, sums)
        records = in_order(_record(provider, day, *key, *sums[key]) for key in sums)
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


def _add_up(charges: Iterable[Charge], sums: dict[tuple[Any, ...], list[Any]]) -> None:
    for row in charges:
        key = (
            row.account,
            row.product,
            row.model,
            row.meter,
            row.unit,
            row.category,
            row.currency,
        )
        known = sums.get(key)
        if known is None:
            sums[key] = [row.cost, row.amount]
            continue
        known[0] += row.cost
        if row.amount is not None:
            known[1] = row.amount + (known[1] or 0)


def _record(
    provider: str,
    day: date,
    account: str | None,
    product: str | None,
    model: str | None,
    meter_name: str | None,
    unit: str | None,
    category: ChargeCategory,
    currency: str,
    cost: Decimal,
    amount: Decimal | None,
) -> UsageRecord:
    counted = meter(meter_name or "", unit)
    money = Amount.of(cost, currency)
    return UsageRecord(
        provider=provider,
        account=account,
        day=day,
        product=product,
        model=model or counted.model,
        cost_type=counted.cost_type or None,
        charge_category=category,
        currency=money.currency,
        tokens=counted.tokens(amount) if category is ChargeCategory.USAGE else None,
        cost=money.cost,
        cost_basis=CostBasis.BILLED,
        foreign_cost=money.foreign_cost,
    )
