"""Devin: what an enterprise consumed, in agent compute units (ACUs).

Docs:     https://docs.devin.ai/api-reference/v3/consumption/consumption-daily
Grain:    one record per user, product and billing day
Account:  the user's id; what service users and former members consumed is unattributed
Cost:     billed: ACUs, or dollars where the contract's price of an ACU is configured
Settles:  within hours

A billing day begins at midnight PST, which is 08:00 UTC, and is told as the UTC day on which it
begins. Its last eight hours are still to come when a night begins, and come with the next one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar
from urllib.parse import quote

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay, UsageRecord
from bot.errors import SourceNotFoundError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.days import every_page, in_order, named, require_plausible

CONSUMPTION = "/v3/enterprise/consumption/daily"
MEMBERS = "/v3/enterprise/members/users"
MIDNIGHT_PST = timedelta(hours=8)
DAY_SECONDS = 86_400
ACUS = "credits:devin"
NOTHING = Decimal(0)
ROUNDING = Decimal("1e-6")


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    api_key: SecretStr = Field(
        description="a service user's key (cog_…) with ManageBilling and ManageAccountMembership"
    )
    usd_per_acu: Decimal | None = Field(
        default=None, ge=0, description="what an ACU costs by your contract; empty: ACUs stay ACUs"
    )
    base_url: str = Field(
        default="https://api.devin.ai", description="where Devin's API is reached"
    )


class Products(msgspec.Struct, frozen=True, gc=False):
    """Those known; whatever is missing here stays without a product."""

    devin: Decimal = NOTHING
    cascade: Decimal = NOTHING
    terminal: Decimal = NOTHING


class Consumed(msgspec.Struct, gc=False):
    date: int
    acus: Decimal
    acus_by_product: Products = Products()

    def __post_init__(self) -> None:
        parts = self.acus_by_product
        for amount in (self.acus, parts.devin, parts.cascade, parts.terminal):
            require_plausible(amount)


class Consumption(msgspec.Struct, gc=False):
    consumption_by_date: list[Consumed]


class Total(msgspec.Struct):
    """Of the whole enterprise, with the price of an ACU as it is configured."""

    consumption: Consumption
    usd_per_acu: Decimal | None


class OfUser(msgspec.Struct, gc=False):
    user_id: str
    consumption: Consumption


class Member(msgspec.Struct):
    user_id: str
    email: str | None = None


class MembersPage(msgspec.Struct):
    items: list[Member]
    has_next_page: bool
    end_cursor: str | None = None

    @property
    def has_more(self) -> bool:
        return self.has_next_page

    @property
    def cursor(self) -> str | None:
        return self.end_cursor


Page = Total | OfUser | MembersPage


class Devin:
    name: ClassVar[str] = "devin"
    title: ClassVar[str] = "Devin"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=False,
        requests=False,
        cost=(CostBasis.BILLED,),
        freshness="within a day",
        identity="user id, with the list of members",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=3, settles_after=3)

    def __init__(self, api: Http, *, usd_per_acu: Decimal | None) -> None:
        self._api = api
        self._usd_per_acu = usd_per_acu

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Devin:
        headers = {"authorization": f"Bearer {config.api_key.get_secret_value()}"}
        api = connect(config.base_url, headers=headers, retry=retry)
        return cls(api, usd_per_acu=config.usd_per_acu)

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        span = _span(day)
        with named(self.name, day):
            whole = await self._api.get(CONSUMPTION, span, into=Consumption)
            yield Total(whole, self._usd_per_acu)
            is_idle = not any(consumed.acus for consumed in whole.consumption_by_date)
            async for members in every_page(
                self._api, MEMBERS, {"first": 200}, into=MembersPage, cursor_name="after"
            ):
                yield members
                for member in () if is_idle else members.items:
                    user = quote(member.user_id, safe="")  # as in `okta|ana`
                    path = f"{CONSUMPTION}/users/{user}"
                    try:
                        own = await self._api.get(path, span, into=Consumption)
                    except SourceNotFoundError:
                        continue  # no member any more
                    yield OfUser(member.user_id, own)

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Devin.name, day):
            return _parse(day, pages)

    async def close(self) -> None:
        await self._api.close()


def _span(day: date) -> Params:
    start, end = (midnight(day + timedelta(days=days)) + MIDNIGHT_PST for days in (0, 1))
    return {"time_after": int(start.timestamp()), "time_before": int(end.timestamp())}


def _parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    whole: Consumed | None = None
    price: Decimal | None = None
    of_users: dict[str, Consumed] = {}
    emails: dict[str, str] = {}
    start = midnight(day).timestamp()
    for page in pages:
        match page:
            case OfUser(user_id=user, consumption=consumption):
                consumed = _of_the_day(start, consumption)
                if consumed is not None:
                    of_users[user] = consumed
            case Total(consumption=consumption, usd_per_acu=price):
                whole = _of_the_day(start, consumption)
            case MembersPage(items=members):
                emails |= {m.user_id: m.email.lower() for m in members if m.email}
    acus = None if whole is None else whole.acus
    return ProviderDay(
        provider=Devin.name,
        day=day,
        records=in_order(
            record
            for user, consumed in of_users.items()
            for record in _records(day, user, consumed, price)
        ),
        billed=None if acus is None or price is None else acus * price,
        foreign_billed={} if acus is None or price is not None else {ACUS: acus},
        data_through=midnight(day if whole is None else day + timedelta(days=1)),
        emails=emails,
    )


def _of_the_day(start: float, consumption: Consumption) -> Consumed | None:
    """Billing days are named by their beginning; a neighbour without consumption may come along."""
    found = None
    for consumed in consumption.consumption_by_date:
        if 0 <= consumed.date - start < DAY_SECONDS:
            found = consumed
        elif consumed.acus:
            raise SourceResponseError("the answer is about another day")
    return found


def _records(
    day: date, user: str, consumed: Consumed, price: Decimal | None
) -> Iterator[UsageRecord]:
    known = consumed.acus_by_product
    parts: dict[str | None, Decimal] = {
        "devin": known.devin,
        "cascade": known.cascade,
        "terminal": known.terminal,
    }
    if rest := consumed.acus - known.devin - known.cascade - known.terminal:
        # Floats do not always add up: a rest that small is no product of its own.
        largest = max(parts, key=lambda each: parts[each])
        name = largest if abs(rest) <= ROUNDING else None
        parts[name] = parts.get(name, NOTHING) + rest
    for product, acus in parts.items():
        if acus:
            yield UsageRecord(
                provider=Devin.name,
                account=user,
                day=day,
                product=product,
                cost_type="acus",
                currency=ACUS if price is None else "USD",
                cost=None if price is None else acus * price,
                foreign_cost=acus if price is None else None,
                cost_basis=CostBasis.BILLED,
            )
