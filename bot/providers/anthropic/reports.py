"""Anthropic's older reports: tokens at list price by who used them, and the day's bill.

They name users and API keys by their ids alone: whose they are is in the lists of both.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from bot.domain.periods import Period, midnight
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.http import Http
from bot.pricing import BATCH, unit_rates
from bot.providers._reading import every_page, in_order, total
from bot.providers.anthropic.analytics import CacheCreation, Cents, Moment

MESSAGES = "/v1/organizations/usage_report/messages"
COST = "/v1/organizations/cost_report"
USERS = "/v1/organizations/users"
API_KEYS = "/v1/organizations/api_keys"
WHO_AND_WHAT = ["account_id", "api_key_id", "model", "service_tier", "context_window"]

R = TypeVar("R")


class Bucket(msgspec.Struct, Generic[R]):
    starting_at: Moment
    ending_at: Moment
    results: list[R]


class Group(msgspec.Struct, frozen=True):
    account_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    service_tier: str | None = None
    context_window: str | None = None


class Messages(msgspec.Struct):
    uncached_input_tokens: int
    cache_read_input_tokens: int
    cache_creation: CacheCreation
    output_tokens: int
    account_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    service_tier: str | None = None
    context_window: str | None = None

    @property
    def group(self) -> Group:
        return Group(
            self.account_id, self.api_key_id, self.model, self.service_tier, self.context_window
        )

    @property
    def tokens(self) -> TokenUsage:
        written = self.cache_creation
        return TokenUsage(
            input_uncached=self.uncached_input_tokens,
            cache_read=self.cache_read_input_tokens,
            cache_write=written.ephemeral_5m_input_tokens + written.ephemeral_1h_input_tokens,
            output=self.output_tokens,
        )

    def list_cost(self, day: date) -> Decimal | None:
        rates = self.model and unit_rates(
            "anthropic",
            self.model,
            day,
            context=BATCH if self.service_tier == "batch" else None,
            large_context=self.context_window == "200k-1M",
        )
        kept_an_hour = self.cache_creation.ephemeral_1h_input_tokens
        return rates.cost(self.tokens, cache_write_1h=kept_an_hour) if rates else None


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


class Page(msgspec.Struct, kw_only=True):
    has_more: bool


class BucketsPage(Page, kw_only=True):
    next_page: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.next_page


class MessagesPage(BucketsPage, kw_only=True):
    data: list[Bucket[Messages]]


class CostPage(BucketsPage, kw_only=True):
    data: list[Bucket[Cents]]


class ListPage(Page, kw_only=True):
    last_id: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.last_id


class UsersPage(ListPage, kw_only=True):
    data: list[User]


class ApiKeysPage(ListPage, kw_only=True):
    data: list[ApiKey]


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
    many = {"limit": 1000}
    async for users in every_page(http, USERS, many, into=UsersPage, cursor_name="after_id"):
        yield users
    async for keys in every_page(http, API_KEYS, many, into=ApiKeysPage, cursor_name="after_id"):
        yield keys


def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    usage: dict[Group, Messages] = {}
    bill: dict[object, Decimal | None] = {}
    emails: dict[str, str] = {}
    owners: dict[str, str] = {}
    used_until = billed_until = midnight(day)
    for page in pages:
        match page:
            case MessagesPage(data=buckets):
                usage |= {row.group: row for _, row in _of_the_day(day, buckets)}
                used_until = max(used_until, _end(day, buckets))
            case CostPage(data=costs):
                rows = _of_the_day(day, costs)
                bill |= {(start, cents.currency): cents.dollars for start, cents in rows}
                billed_until = max(billed_until, _end(day, costs))
            case UsersPage(data=users):
                emails |= {user.id: user.email.lower() for user in users if user.email}
            case ApiKeysPage(data=keys):
                owners |= {key.id: key.account for key in keys}
    return ProviderDay(
        provider="anthropic",
        day=day,
        records=in_order(_record(day, row, owners) for row in usage.values()),
        billed=total(bill.values()),
        data_through=min(used_until, billed_until),
        emails=emails,
    )


def _of_the_day(day: date, buckets: Iterable[Bucket[R]]) -> Iterator[tuple[datetime, R]]:
    for bucket in buckets:
        if bucket.results and bucket.starting_at not in Period.of_days(day, day):
            raise SourceResponseError("the answer is about another day")
        for row in bucket.results:
            yield bucket.starting_at, row


def _end(day: date, buckets: Iterable[Bucket[R]]) -> datetime:
    ends = (bucket.ending_at.astimezone(UTC) for bucket in buckets)
    return min(max(ends, default=midnight(day)), midnight(day + timedelta(days=1)))


def _record(day: date, row: Messages, owners: dict[str, str]) -> UsageRecord:
    key = row.api_key_id
    cost = row.list_cost(day)
    return UsageRecord(
        provider="anthropic",
        account=row.account_id or (owners.get(key, key) if key else None),
        day=day,
        product=None,
        model=row.model,
        cost_type="tokens",
        tokens=row.tokens,
        requests=None,
        cost=cost,
        cost_basis=None if cost is None else CostBasis.LIST_PRICE,
    )
