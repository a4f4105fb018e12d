"""Usage and spend as every provider's figures are kept: one record a day, account and model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import TypeVar

import msgspec

T = TypeVar("T", int, Decimal, "TokenUsage")
Key = tuple[str, str, str, str, str, str]

EXACT = Context(prec=60)
USD = "USD"
WANT_A_PRICE = ("", "tokens", "seat", "unpriced")
"""The kinds of cost whose records are unpriced where nothing tells an amount. Those of another
kind (images, searches) are counts, which are charged in records of their own or not at all."""
LARGEST_USUAL_COST = Decimal(10_000)
"""US dollars of one record: more is kept, and looked at by a person."""


class CostBasis(StrEnum):
    """What an amount means: what is on the bill, the provider's guess, or list price times use."""

    BILLED = "billed"
    PROVIDER_ESTIMATE = "provider_estimate"
    LIST_PRICE = "list_price"


class ChargeCategory(StrEnum):
    """FOCUS 1.2 ``ChargeCategory``: a seat is a purchase, of which each day has its share."""

    USAGE = "usage"
    PURCHASE = "purchase"
    CREDIT = "credit"
    ADJUSTMENT = "adjustment"
    TAX = "tax"


# Structs, not dataclasses: a night makes millions of them, and they cost a tenth.
class TokenUsage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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


class UsageRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One account's use of one model in one product on one UTC day.

    ``cost`` is in US dollars. An amount in any other ``currency`` (ISO 4217, or virtual such as
    ``credits:chatgpt``) is in ``foreign_cost`` and never part of a sum of dollars.
    """

    provider: str
    account: str | None
    day: date
    product: str | None = None
    model: str | None = None
    cost_type: str | None = None
    charge_category: ChargeCategory = ChargeCategory.USAGE
    currency: str = USD
    tokens: TokenUsage | None = None
    requests: int | None = None
    cost: Decimal | None = None
    cost_basis: CostBasis | None = None
    foreign_cost: Decimal | None = None

    @property
    def key(self) -> Key:
        """What tells one record of a provider-day from another; empty where it is not known."""
        return (
            self.account or "",
            self.product or "",
            self.model or "",
            self.cost_type or "",
            self.charge_category,
            self.currency,
        )

    @property
    def is_on_the_bill(self) -> bool:
        """Estimates tell what use is worth; what is charged for it is billed in other ways."""
        return self.cost_basis is not CostBasis.PROVIDER_ESTIMATE


class SessionCount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a tool itself counts of an account's sessions on one UTC day, and was made in them.

    ``tool`` is named as in evidence. ``offered`` are its suggestions, of which so many were
    ``accepted``. What is not told is ``None``.
    """

    account: str
    tool: str
    sessions: int | None = None
    commits: int | None = None
    pull_requests: int | None = None
    offered: int | None = None
    accepted: int | None = None

    @property
    def is_known(self) -> bool:
        counts = (self.sessions, self.commits, self.pull_requests, self.offered, self.accepted)
        return any(count is not None for count in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDay:
    """A provider's whole answer for one UTC day.

    ``billed`` is the invoice's total for the day in US dollars, ``None`` where the provider has no
    bill, and ``foreign_billed`` the totals in other currencies; ``emails`` gives the address that
    the provider's own admin API names for an account.
    """

    provider: str
    day: date
    records: tuple[UsageRecord, ...]
    billed: Decimal | None
    data_through: datetime
    emails: Mapping[str, str] = field(default_factory=dict)
    foreign_billed: Mapping[str, Decimal] = field(default_factory=dict)
    sessions: tuple[SessionCount, ...] = ()

    @property
    def unattributed(self) -> Decimal | None:
        """What the bill holds and no record does, so that the totals equal the invoice."""
        if self.billed is None:
            return None
        return self.billed - total(r.cost for r in self.records if r.is_on_the_bill)

    @property
    def foreign_unattributed(self) -> dict[str, Decimal]:
        """The same in each other currency that there is a bill in."""
        known: defaultdict[str, list[Decimal | None]] = defaultdict(list)
        for record in self.records:
            if record.foreign_cost is not None and record.is_on_the_bill:
                known[record.currency].append(record.foreign_cost)
        return {
            currency: billed - total(known[currency])
            for currency, billed in self.foreign_billed.items()
        }

    @property
    def oddities(self) -> tuple[str, ...]:
        return oddities(self.records)


def oddities(records: Iterable[UsageRecord]) -> tuple[str, ...]:
    """What a person should look at; it is kept as it was told."""
    found: Counter[str] = Counter()
    for record in records:
        amount = record.cost if record.cost is not None else record.foreign_cost
        negative = amount is not None and amount < 0
        if negative and record.charge_category is ChargeCategory.USAGE:
            found["negative amounts of use"] += 1
        if _is_negative(record):
            found["negative counts"] += 1
        if record.cost is not None and abs(record.cost) > LARGEST_USUAL_COST:
            found[f"amounts over ${LARGEST_USUAL_COST:,} for one account and model"] += 1
    return tuple(f"{what}: {count:,}" for what, count in sorted(found.items()))


def _is_negative(record: UsageRecord) -> bool:
    tokens = record.tokens
    counts = [record.requests or 0]
    if tokens is not None:
        counts += [tokens.input_uncached, tokens.cache_read, tokens.cache_write, tokens.output]
    return min(counts) < 0


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of what is known, however many digits it takes."""
    with localcontext(EXACT):
        return sum((amount for amount in amounts if amount is not None), Decimal(0))


def combine(records: Iterable[UsageRecord]) -> tuple[UsageRecord, ...]:
    """Add up the records that share a key; raises ``ValueError`` where their cost bases differ."""
    return tuple(by_key(records).values())


def by_key(records: Iterable[UsageRecord]) -> dict[Key, UsageRecord]:
    """The same, each under its key."""
    combined: dict[Key, UsageRecord] = {}
    with localcontext(EXACT):
        for record in records:
            key = record.key
            known = combined.get(key)
            combined[key] = record if known is None else _sum(known, record)
    return combined


def combine_sessions(counts: Iterable[SessionCount]) -> tuple[SessionCount, ...]:
    """Add up what is told of one account and tool, in an order of its own."""
    combined: dict[tuple[str, str], SessionCount] = {}
    for count in counts:
        key = (count.account, count.tool)
        known = combined.get(key)
        combined[key] = count if known is None else _sum_sessions(known, count)
    return tuple(combined[key] for key in sorted(combined) if combined[key].is_known)


def _sum_sessions(one: SessionCount, other: SessionCount) -> SessionCount:
    return SessionCount(
        account=one.account,
        tool=one.tool,
        sessions=_add(one.sessions, other.sessions),
        commits=_add(one.commits, other.commits),
        pull_requests=_add(one.pull_requests, other.pull_requests),
        offered=_add(one.offered, other.offered),
        accepted=_add(one.accepted, other.accepted),
    )


def _sum(one: UsageRecord, other: UsageRecord) -> UsageRecord:
    if one.cost_basis is None or other.cost_basis is None:
        basis = one.cost_basis or other.cost_basis
    elif one.cost_basis is other.cost_basis:
        basis = one.cost_basis
    else:
        raise ValueError("amounts of different bases cannot be added")
    return UsageRecord(
        provider=one.provider,
        account=one.account,
        day=one.day,
        product=one.product,
        model=one.model,
        cost_type=one.cost_type,
        charge_category=one.charge_category,
        currency=one.currency,
        tokens=_add(one.tokens, other.tokens),
        requests=_add(one.requests, other.requests),
        cost=_add(one.cost, other.cost),
        cost_basis=basis,
        foreign_cost=_add(one.foreign_cost, other.foreign_cost),
    )


def _add(one: T | None, other: T | None) -> T | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other
