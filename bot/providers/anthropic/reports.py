"""Anthropic's older reports: tokens at list price by who used them, and the day's bill.

They name users and API keys by their ids alone: whose they are is in the lists of both.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from bot.domain.periods import midnight
from bot.domain.unit_rates import UnitRates
from bot.domain.usage import CostBasis, ProviderDay, UsageRecord
from bot.errors import SourceResponseError
from bot.http import Http
from bot.pricing import BATCH, unit_rates
from bot.providers.anthropic import claude_code, wire
from bot.providers.anthropic.refusals import unless_refused
from bot.providers.anthropic.tally import in_other_currencies
from bot.providers.anthropic.wire import Bucket, Cents, R, Tokens
from bot.reading.days import Amount, every_page, in_order, total

MESSAGES = "/v1/organizations/usage_report/messages"
COST = "/v1/organizations/cost_report"
USERS = "/v1/organizations/users"
API_KEYS = "/v1/organizations/api_keys"
WHO_AND_WHAT = ["account_id", "api_key_id", "model", "service_tier", "context_window"]


Variant = tuple[str | None, str | None, str | None]
"""Model, service tier and context window: what a price depends on."""


class Messages(Tokens, kw_only=True):
    account_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    service_tier: str | None = None
    context_window: str | None = None

    @property
    def key(self) -> object:
        return (
            self.account_id,
            self.api_key_id,
            self.model,
            self.service_tier,
            self.context_window,
        )

    @property
    def variant(self) -> Variant:
        return (self.model, self.service_tier, self.context_window)

    def cost(self, rates: UnitRates | None) -> Decimal | None:
        kept_an_hour = self.cache_creation.ephemeral_1h_input_tokens
        return rates.cost(self.usage, cache_write_1h=kept_an_hour) if rates else None


class Owner(msgspec.Struct):
    """A user or a service account; which field names it differs between versions."""

    id: str | None = None
    user_id: str | None = None
    service_account_id: str | None = None

    @property
    def account(self) -> str | None:
        return self.id or self.user_id or self.service_account_id


class ApiKey(msgspec.Struct):
    id: str
    principal: Owner | None = None
    created_by: Owner | None = None

    @property
    def account(self) -> str:
        owners = (self.principal, self.created_by)
        return next((owner.account for owner in owners if owner and owner.account), self.id)


class User(msgspec.Struct):
    id: str
    email: str | None


class MessagesPage(wire.Page, kw_only=True):
    data: list[Bucket[Messages]]


class CostPage(wire.Page, kw_only=True):
    data: list[Bucket[Cents]]


class ListPage(wire.Page, kw_only=True):
    last_id: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.last_id


class UsersPage(ListPage, kw_only=True):
    data: list[User]


class ApiKeysPage(ListPage, kw_only=True):
    data: list[ApiKey]


Page = MessagesPage | CostPage | UsersPage | ApiKeysPage | claude_code.Page


async def fetch(http: Http, day: date) -> AsyncIterator[Page]:
    span: dict[str, str | int | list[str]] = {
        "starting_at": f"{day}T00:00:00Z",
        "ending_at": f"{day + timedelta(days=1)}T00:00:00Z",
        "bucket_width": "1d",
    }
    grouped = {**span, "group_by[]": WHO_AND_WHAT}
    async for messages in every_page(http, MESSAGES, grouped, into=MessagesPage):
        yield messages
    async for costs in every_page(http, COST, span, into=CostPage):
        yield costs
    async for seats in unless_refused(claude_code.fetch(http, day, claude_code.Page)):
        yield seats
    many = {"limit": 1000}
    async for users in every_page(http, USERS, many, into=UsersPage, cursor_name="after_id"):
        yield users
    async for keys in every_page(http, API_KEYS, many, into=ApiKeysPage, cursor_name="after_id"):
        yield keys


class Reading:
    """A day, page by page."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._usage: dict[object, Messages] = {}
        self._bill: dict[str, Amount] = {}
        self._emails: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._subscriptions = claude_code.Reading(day)
        self._used_until = self._billed_until = midnight(day)

    def add(self, page: Page) -> None:
        match page:
            case MessagesPage(data=buckets):
                self._usage |= {row.key: row for row in self._of_the_day(buckets)}
                self._used_until = max(self._used_until, self._end(buckets))
            case CostPage(data=costs):
                amounts = (cents.in_full for cents in self._of_the_day(costs))
                self._bill |= {amount.currency: amount for amount in amounts}
                self._billed_until = max(self._billed_until, self._end(costs))
            case claude_code.Page():
                self._subscriptions.add(page)
            case UsersPage(data=users):
                self._emails |= {user.id: user.email.lower() for user in users if user.email}
            case ApiKeysPage(data=keys):
                self._owners |= {key.id: key.account for key in keys}

    def result(self) -> ProviderDay:
        data_through = min(self._used_until, self._billed_until)
        return ProviderDay(
            provider="anthropic",
            day=self._day,
            records=in_order(self._records()),
            billed=total(a.cost for a in self._bill.values()) if self._is_billed else None,
            foreign_billed=in_other_currencies(self._bill.values()),
            data_through=data_through,
            emails=self._emails | self._subscriptions.emails,
        )

    @property
    def _is_billed(self) -> bool:
        return bool(self._bill) or self._billed_until > midnight(self._day)

    def _of_the_day(self, buckets: Iterable[Bucket[R]]) -> Iterator[R]:
        for bucket in buckets:
            if bucket.results and bucket.starting_at != midnight(self._day):
                raise SourceResponseError("the answer is about another day")
            yield from bucket.results

    def _end(self, buckets: Iterable[Bucket[R]]) -> datetime:
        start, end = midnight(self._day), midnight(self._day + timedelta(days=1))
        ends = (bucket.ending_at.astimezone(UTC) for bucket in buckets)
        return min(max(ends, default=start), end)

    def _records(self) -> Iterator[UsageRecord]:
        variants = {row.variant for row in self._usage.values()}
        rates = {variant: _rates(self._day, variant) for variant in variants}
        while self._usage:
            _, row = self._usage.popitem()
            key, cost = row.api_key_id, row.cost(rates[row.variant])
            yield UsageRecord(
                provider="anthropic",
                account=row.account_id or (self._owners.get(key, key) if key else None),
                day=self._day,
                model=row.model,
                cost_type="tokens",
                tokens=row.usage,
                cost=cost,
                cost_basis=None if cost is None else CostBasis.LIST_PRICE,
            )
        yield from self._subscriptions.records()


def _rates(day: date, variant: Variant) -> UnitRates | None:
    # What is used of the Priority Tier costs more, but is paid for in advance: the bill of the day
    # leaves it out, so that list prices may come to more than the bill.
    model, service_tier, context_window = variant
    if not model:
        return None
    return unit_rates(
        "anthropic",
        model,
        day,
        context=BATCH if service_tier == "batch" else None,
        large_context=context_window == "200k-1M",
    )
