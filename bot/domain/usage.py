"""Usage and spend as every provider's figures are kept: one record a day, account and model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T", int, Decimal, "TokenUsage")


class CostBasis(StrEnum):
    """What an amount means: what is on the bill, the provider's guess, or list price times use."""

    BILLED = "billed"
    PROVIDER_ESTIMATE = "provider_estimate"
    LIST_PRICE = "list_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUsage:
    """Exclusive parts: they add up to the total. ``reasoning`` is a part of ``output``."""

    input_uncached: int
    cache_read: int
    cache_write: int
    output: int
    reasoning: int | None = None

    def __add__(self, other: TokenUsage) -> TokenUsage:
        return TokenUsage(
            input_uncached=self.input_uncached + other.input_uncached,
            cache_read=self.cache_read + other.cache_read,
            cache_write=self.cache_write + other.cache_write,
            output=self.output + other.output,
            reasoning=_add(self.reasoning, other.reasoning),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """One account's use of one model in one product on one UTC day; costs in US dollars."""

    provider: str
    account: str | None
    day: date
    product: str | None
    model: str | None
    cost_type: str | None
    tokens: TokenUsage | None
    requests: int | None
    cost: Decimal | None
    cost_basis: CostBasis | None

    @property
    def key(self) -> tuple[str | None, ...]:
        """What tells one record of a provider-day from another."""
        return (self.account, self.product, self.model, self.cost_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDay:
    """A provider's whole answer for one UTC day.

    ``billed`` is the invoice's total for the day in US dollars, ``None`` where the provider has no
    bill; ``emails`` gives the address that the provider's own admin API names for an account.
    """

    provider: str
    day: date
    records: tuple[UsageRecord, ...]
    billed: Decimal | None
    data_through: datetime
    emails: Mapping[str, str] = field(default_factory=dict)

    @property
    def unattributed(self) -> Decimal | None:
        """What the bill holds and no record does, so that the totals equal the invoice."""
        if self.billed is None:
            return None
        return self.billed - sum((r.cost for r in self.records if r.cost is not None), Decimal(0))


def combine(records: Iterable[UsageRecord]) -> tuple[UsageRecord, ...]:
    """Add up the records that share a key; raises ``ValueError`` where their cost bases differ."""
    combined: dict[tuple[str | None, ...], UsageRecord] = {}
    for record in records:
        known = combined.get(record.key)
        combined[record.key] = record if known is None else _sum(known, record)
    return tuple(combined.values())


def _sum(one: UsageRecord, other: UsageRecord) -> UsageRecord:
    bases = {r.cost_basis for r in (one, other) if r.cost is not None}
    if len(bases) > 1:
        raise ValueError("amounts of different bases cannot be added")
    return replace(
        one,
        tokens=_add(one.tokens, other.tokens),
        requests=_add(one.requests, other.requests),
        cost=_add(one.cost, other.cost),
        cost_basis=next(iter(bases), None),
    )


def _add(one: T | None, other: T | None) -> T | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other
