"""What a day's rows add up to: each counted once however often it comes, use beside its cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from sys import intern
from typing import Final

import msgspec

from bot.domain.periods import midnight
from bot.domain.usage import USD, CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.providers.anthropic.wire import Actor, Cents, in_full
from bot.reading.days import Amount, in_order, total

TOKENS: Final = "tokens"

Who = str | Actor | None
"""An account's id, or all that is known of whoever has none: two of them are not one."""

Key = tuple[Who, str | None, str | None, str | None, str | None, str]
"""Who, API key, product, model, kind of cost, currency."""


class Figures(msgspec.Struct, gc=False):
    tokens: TokenUsage | None = None
    requests: int | None = None
    cents: Decimal | None = None


class Tally:
    def __init__(self, day: date) -> None:
        self._day = day
        self._start = midnight(day)
        self._rows: dict[Key, Figures] = {}
        self._names: dict[str | None, str | None] = {}  # one copy of what thousands of rows repeat
        self._bill: dict[str, Amount] | None = None
        self._emails: dict[str, str] = {}
        self._refreshed_at: datetime | None = None

    def use(
        self,
        actor: Actor | None,
        api_key: str | None,
        product: str | None,
        model: str | None,
        tokens: TokenUsage,
        requests: int | None,
    ) -> None:
        one = self._names.setdefault
        who = self._who(actor)
        figures = self._figures(
            (who, api_key, one(product, product), one(model, model), TOKENS, USD)
        )
        figures.tokens, figures.requests = tokens, requests

    def charge(
        self,
        actor: Actor | None,
        api_key: str | None,
        product: str | None,
        model: str | None,
        cost_type: str | None,
        cents: Cents,
    ) -> None:
        one = self._names.setdefault
        who, kind, currency = self._who(actor), one(cost_type, cost_type), cents.currency.upper()
        self._figures(
            (who, api_key, one(product, product), one(model, model), kind, intern(currency))
        ).cents = cents.amount

    def bill(self, cents: Iterable[Cents]) -> None:
        """Take in the day's total, of which there is one in each currency."""
        amounts = (each.in_full for each in cents)
        self._bill = (self._bill or {}) | {amount.currency: amount for amount in amounts}

    def refresh(self, moment: datetime | None) -> None:
        """Note up to when one answer knows; the day is known as far as the one that lags most."""
        if moment is None:
            return
        moment = moment.astimezone(UTC)
        self._refreshed_at = min(self._refreshed_at or moment, moment)

    def require_day(self, moment: datetime) -> None:
        if moment != self._start:
            raise SourceResponseError("the answer is about another day")

    def result(self) -> ProviderDay:
        data_through = max(self._refreshed_at or self._start, self._start)
        is_begun = bool(self._rows or self._bill) or data_through > self._start
        bill = self._bill if is_begun else None
        return ProviderDay(
            provider="anthropic",
            day=self._day,
            records=in_order(self._records()),
            billed=None if bill is None else total(amount.cost for amount in bill.values()),
            foreign_billed=in_other_currencies((bill or {}).values()),
            data_through=data_through,
            emails=self._emails,
        )

    def _who(self, actor: Actor | None) -> Who:
        if actor is None or (account := actor.account) is None:
            return actor
        if account not in self._emails and (address := actor.address):
            self._emails[account] = address.lower()
        return intern(account)

    def _figures(self, key: Key) -> Figures:
        known = self._rows.get(key)
        if known is None:
            known = self._rows[key] = Figures()
        return known

    def _records(self) -> Iterator[UsageRecord]:
        # Emptied while it is read: a large organization's day is not held twice.
        while self._rows:
            (who, _, product, model, cost_type, currency), figures = self._rows.popitem()
            cents = figures.cents
            amount = Amount(None, None, currency) if cents is None else in_full(cents, currency)
            yield UsageRecord(
                provider="anthropic",
                account=who if isinstance(who, str) else None,
                day=self._day,
                product=product,
                model=model,
                cost_type=cost_type,
                currency=currency,
                tokens=figures.tokens,
                requests=figures.requests,
                cost=amount.cost,
                cost_basis=None if cents is None else CostBasis.BILLED,
                foreign_cost=amount.foreign_cost,
            )


def in_other_currencies(amounts: Iterable[Amount]) -> dict[str, Decimal]:
    """What of *amounts* is not in dollars, added up by currency."""
    found: defaultdict[str, list[Decimal]] = defaultdict(list)
    for amount in amounts:
        if amount.foreign_cost is not None:
            found[amount.currency].append(amount.foreign_cost)
    return {currency: total(costs) for currency, costs in found.items()}
