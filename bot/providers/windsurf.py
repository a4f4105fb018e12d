"""Windsurf: the team's consumption in the editor that is now Devin Desktop.

Docs:     https://docs.devin.ai/desktop/accounts/api-reference/api-introduction
Grain:    one record per user, model, kind of credits and UTC day
Account:  the user's id; the e-mail address where there is no id
Cost:     billed: credits, or ACUs (in dollars where their price is configured)
Settles:  figures are put together every hour

Teams that are billed by quota get no answer from this API (v2, alpha). It takes ten questions an
hour and team, so a long history comes in over several hours. What an enterprise pays in ACUs is
among Devin's figures too: connect one of the two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import USD, CostBasis, ProviderDay, UsageRecord
from bot.errors import SourceRefusedError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.counts import Count
from bot.reading.days import every_page, in_order, named, require_plausible

CONSUMPTION = "/api/v2alpha/analytics/consumption"
CREDITS = "credits:windsurf"
ACUS = "credits:devin"


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    service_key: SecretStr = Field(description="a service key with the permission Analytics Read")
    usd_per_acu: Decimal | None = Field(
        default=None, ge=0, description="what an ACU costs by your contract; empty: ACUs stay ACUs"
    )
    base_url: str = Field(
        default="https://server.codeium.com", description="where the API is reached"
    )


class Consumption(msgspec.Struct, gc=False):
    message_count: Count
    prompt_credits: Decimal | None = None
    flex_credits: Decimal | None = None
    billed_acus: Decimal | None = None

    def __post_init__(self) -> None:
        for amount in (self.prompt_credits, self.flex_credits, self.billed_acus):
            if amount is not None:
                require_plausible(amount)


class Row(msgspec.Struct):
    timestamp: str
    consumption: Consumption
    user_id: str | None = None
    user_email: str | None = None
    model_uid: str | None = None


class Pagination(msgspec.Struct):
    next_page_cursor: str | None = None


class Metadata(msgspec.Struct):
    data_freshness: Annotated[datetime, msgspec.Meta(tz=True)]
    billing_strategy: str | None = None


class Answer(msgspec.Struct):
    data: list[Row]
    pagination: Pagination
    metadata: Metadata

    @property
    def has_more(self) -> bool:
        return bool(self.pagination.next_page_cursor)

    @property
    def cursor(self) -> str | None:
        return self.pagination.next_page_cursor


class Page(msgspec.Struct):
    """An answer, with the price of an ACU as it is configured."""

    answer: Answer
    usd_per_acu: Decimal | None = None


class Windsurf:
    name: ClassVar[str] = "windsurf"
    title: ClassVar[str] = "Windsurf"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=False,
        requests=True,
        cost=(CostBasis.BILLED,),
        freshness="within hours",
        identity="user id, with the e-mail address",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=3, settles_after=3)

    def __init__(self, api: Http, *, usd_per_acu: Decimal | None) -> None:
        self._api = api
        self._usd_per_acu = usd_per_acu

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Windsurf:
        headers = {"authorization": f"Bearer {config.service_key.get_secret_value()}"}
        api = connect(config.base_url, headers=headers, retry=retry)
        return cls(api, usd_per_acu=config.usd_per_acu)

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        params: Params = {
            "start_date": day.isoformat(),
            "end_date": day.isoformat(),
            "product": "agent",
            "granularity": "daily",
            "group_by": "user,model_uid",
            "page_size": 10_000,
        }
        with named(self.name, day):
            try:
                async for answer in every_page(
                    self._api, CONSUMPTION, params, into=Answer, cursor_name="page_cursor"
                ):
                    yield Page(answer, self._usd_per_acu)
            except SourceRefusedError as refusal:
                message = f"{refusal}: teams that are billed by quota cannot be read (or is it that"
                raise SourceRefusedError(f"{message} the API has changed?)") from None

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Windsurf.name, day):
            return _parse(day, pages)

    async def close(self) -> None:
        await self._api.close()


def _parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    today = day.isoformat()
    rows: dict[tuple[str | None, str | None], Consumption] = {}
    emails: dict[str, str] = {}
    until, price = midnight(day), None
    for page in pages:
        until, price = max(until, page.answer.metadata.data_freshness), page.usd_per_acu
        for row in page.answer.data:
            if row.timestamp[:10] != today:
                raise SourceResponseError("the answer is about another day")
            account = row.user_id or (row.user_email and row.user_email.lower())
            rows[account, row.model_uid] = row.consumption
            if account and row.user_email:
                emails[account] = row.user_email.lower()
    return ProviderDay(
        provider=Windsurf.name,
        day=day,
        records=in_order(
            record
            for (account, model), used in rows.items()
            for record in _records(day, account, model, used, price)
        ),
        billed=None,
        data_through=min(until.astimezone(UTC), midnight(day + timedelta(days=1))),
        emails=emails,
    )


def _records(
    day: date, account: str | None, model: str | None, used: Consumption, price: Decimal | None
) -> Iterator[UsageRecord]:
    told: dict[str | None, Decimal | None] = {
        "acus": used.billed_acus,
        "prompt_credits": used.prompt_credits,
        "flex_credits": used.flex_credits,
    }
    known = [kind for kind, amount in told.items() if amount is not None]
    requests: int | None = used.message_count
    for kind in [kind for kind in known if told[kind]] or known[:1] or [None]:
        amount = told.get(kind)
        rate = price if kind == "acus" else None
        dollars = None if amount is None or rate is None else amount * rate
        in_dollars = amount is None or dollars is not None
        yield UsageRecord(
            provider=Windsurf.name,
            account=account,
            day=day,
            model=model,
            cost_type=kind,
            currency=USD if in_dollars else ACUS if kind == "acus" else CREDITS,
            requests=requests,
            cost=dollars,
            cost_basis=None if amount is None else CostBasis.BILLED,
            foreign_cost=None if in_dollars else amount,
        )
        requests = None  # they are the same messages, whatever they were paid with
