"""Anthropic's unified usage and cost analytics: tokens and billed cents, by who used them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec

from bot.domain.periods import Period, midnight
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.http import Http
from bot.providers._reading import EXACT, every_page, in_order, require_plausible, total

USAGE = "/v1/organizations/analytics/usage"
COST = "/v1/organizations/analytics/cost"
WHO_AND_WHAT = ["actor", "api_key_id", "model", "product"]

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Federation(msgspec.Struct, frozen=True):
    type: str


class Actor(msgspec.Struct, frozen=True):
    """Whoever used it; types that are still unknown pass, as nobody's."""

    type: str
    user_id: str | None = None
    service_account_id: str | None = None
    api_key_id: str | None = None
    provider: Federation | None = None
    subject: str | None = None
    email_address: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        if self.type in {"user_actor", "service_account_actor", "api_actor"} and not self.account:
            raise ValueError("an actor without its id")

    @property
    def account(self) -> str | None:
        match self.type:
            case "user_actor":
                return self.user_id
            case "service_account_actor":
                return self.service_account_id
            case "api_actor":
                return self.api_key_id
            case "federated_actor" if self.provider and self.subject:
                return f"{self.provider.type}:{self.subject}"
            case _:
                return None


class Group(msgspec.Struct, frozen=True):
    actor: Actor | None = None
    api_key_id: str | None = None
    product: str | None = None
    model: str | None = None
    cost_type: str | None = None

    @property
    def account(self) -> str | None:
        return self.actor.account if self.actor else None


class CacheCreation(msgspec.Struct):
    ephemeral_5m_input_tokens: int
    ephemeral_1h_input_tokens: int


class Usage(msgspec.Struct):
    uncached_input_tokens: int
    cache_read_input_tokens: int
    cache_creation: CacheCreation
    output_tokens: int
    requests: int | None = None


class Cents(msgspec.Struct):
    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        require_plausible(self.amount)

    @property
    def dollars(self) -> Decimal | None:
        return self.amount.scaleb(-2, EXACT) if self.currency.upper() == "USD" else None


class Row(msgspec.Struct):
    starting_at: Moment
    group: Group

    @property
    def key(self) -> object:
        return (self.starting_at, self.group)


class UsageRow(Row):
    usage: Usage


class CostRow(Row):
    cost: Cents

    @property
    def key(self) -> object:
        return (self.starting_at, self.group, self.cost.currency)


AnyRow = TypeVar("AnyRow", bound=Row)


class Page(msgspec.Struct, kw_only=True):
    has_more: bool
    next_page: str | None = None
    data_refreshed_at: Moment | None = None

    @property
    def cursor(self) -> str | None:
        return self.next_page


class UsagePage(Page):
    data: list[UsageRow]


class CostPage(Page):
    data: list[CostRow]


class BillPage(CostPage):
    """The day's cost as one amount, asked for without groups."""


async def fetch(http: Http, day: date) -> AsyncIterator[Page]:
    questions: tuple[tuple[str, list[str], type[Page]], ...] = (
        (COST, [], BillPage),
        (USAGE, WHO_AND_WHAT, UsagePage),
        (COST, [*WHO_AND_WHAT, "cost_type"], CostPage),
    )
    for path, groups, into in questions:
        params: dict[str, str | int | list[str]] = {
            "starting_at": f"{day}T00:00:00Z",
            "ending_at": f"{day + timedelta(days=1)}T00:00:00Z",
            "time_bucket_width": "1d",
            "order_by": "time",
            "order": "asc",
            "limit": 1000,
        }
        if groups:
            params["group_by[]"] = groups
        async for page in every_page(http, path, params, into=into):
            yield page


def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    usage: dict[object, UsageRow] = {}
    costs: dict[object, CostRow] = {}
    bill: dict[object, CostRow] | None = None
    refreshed: list[datetime] = []
    for page in pages:
        if page.data_refreshed_at:
            refreshed.append(page.data_refreshed_at.astimezone(UTC))
        match page:
            case BillPage(data=rows):
                bill = (bill or {}) | dict(_by_key(day, rows))
            case CostPage(data=rows):
                costs |= _by_key(day, rows)
            case UsagePage(data=used):
                usage |= _by_key(day, used)
    records = [
        *(_usage_record(day, row) for row in usage.values()),
        *(_cost_record(day, row) for row in costs.values()),
    ]
    return ProviderDay(
        provider="anthropic",
        day=day,
        records=in_order(records),
        billed=None if bill is None else total(row.cost.dollars for row in bill.values()),
        data_through=min(refreshed, default=midnight(day)),
        emails=_emails([*usage.values(), *costs.values()]),
    )


def _by_key(day: date, rows: Iterable[AnyRow]) -> Iterator[tuple[object, AnyRow]]:
    """Each with what tells it from others, so that a page that is sent twice counts once."""
    for row in rows:
        if row.starting_at not in Period.of_days(day, day):
            raise SourceResponseError("the answer is about another day")
        yield row.key, row


def _usage_record(day: date, row: UsageRow) -> UsageRecord:
    written = row.usage.cache_creation
    return UsageRecord(
        provider="anthropic",
        account=row.group.account,
        day=day,
        product=row.group.product,
        model=row.group.model,
        cost_type="tokens",
        tokens=TokenUsage(
            input_uncached=row.usage.uncached_input_tokens,
            cache_read=row.usage.cache_read_input_tokens,
            cache_write=written.ephemeral_5m_input_tokens + written.ephemeral_1h_input_tokens,
            output=row.usage.output_tokens,
        ),
        requests=row.usage.requests,
        cost=None,
        cost_basis=None,
    )


def _cost_record(day: date, row: CostRow) -> UsageRecord:
    dollars = row.cost.dollars
    foreign = f"currency:{row.cost.currency.lower()}"
    return UsageRecord(
        provider="anthropic",
        account=row.group.account,
        day=day,
        product=row.group.product,
        model=row.group.model,
        cost_type=foreign if dollars is None else row.group.cost_type,
        tokens=None,
        requests=None,
        cost=dollars,
        cost_basis=None if dollars is None else CostBasis.BILLED,
    )


def _emails(rows: Iterable[Row]) -> dict[str, str]:
    actors = {row.group.actor for row in rows if row.group.actor}
    return {
        actor.account: address.lower()
        for actor in actors
        if actor.account and (address := actor.email_address or actor.email)
    }
