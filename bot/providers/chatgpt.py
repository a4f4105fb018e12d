"""ChatGPT: a workspace's use of ChatGPT and Codex, person by person.

Docs:     https://chatgpt.com/public/admin/api-reference/openapi.json
Grain:    one record per person and UTC day; models and clients need not add up, and are left out
Account:  the user's id; the address where there is no id
Cost:     billed dollars; else credits, or their worth at your price; else OpenAI's own estimate
Settles:  delayed use arrives for about five days
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import ClassVar, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import EXACT, USD, CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.counts import Count
from bot.reading.days import Amount, every_page, in_order, named, require_plausible

CREDITS = "credits:chatgpt"
ROWS_A_PAGE = 1000

Report = Literal["usage", "codex"]


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    admin_key: SecretStr = Field(
        description="an admin key of the workspace that may read its usage analytics"
    )
    workspace_id: str = Field(
        pattern=r"^[\w-]+$", description="the workspace's id, from its details for admins"
    )
    report: Report = Field(
        default="usage", description="`usage` for all of ChatGPT, or `codex` for Codex alone"
    )
    base_url: str = Field(
        default="https://api.chatgpt.com/v1", description="where the analytics are reached"
    )
    usd_per_credit: Decimal | None = Field(
        default=None, ge=0, description="what a credit costs you in US dollars, to show its worth"
    )


class Terms(msgspec.Struct, frozen=True):
    """What the pages that follow are about, as a page of its own."""

    report: Report
    usd_per_credit: Decimal | None = None


class Totals(msgspec.Struct, gc=False):
    turns: Count | None = None
    credits: Decimal | None = None
    cost_usd: Decimal | None = None
    estimated_cost_usd: Decimal | None = None
    uncached_text_input_tokens: Count | None = None
    cached_text_input_tokens: Count | None = None
    text_output_tokens: Count | None = None

    def __post_init__(self) -> None:
        for amount in (self.credits, self.cost_usd, self.estimated_cost_usd):
            if amount is not None:
                require_plausible(amount)


class Actor(msgspec.Struct, gc=False):
    type: str | None = None
    user_id: str | None = None
    email: str | None = None


class Row(msgspec.Struct, gc=False):
    start_time: int
    end_time: int
    totals: Totals
    user_id: str | None = None
    actor: Actor | None = None
    email: str | None = None


class UsagePage(msgspec.Struct):
    data: list[Row]
    has_more: bool
    next_page: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.next_page


class ChatGPT:
    name: ClassVar[str] = "chatgpt"
    title: ClassVar[str] = "ChatGPT"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.BILLED, CostBasis.PROVIDER_ESTIMATE),
        freshness="within half a day, and more for five days",
        identity="user id, with the address",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=6, settles_after=6)

    def __init__(self, api: Http, path: str, terms: Terms) -> None:
        self._api = api
        self._path = path
        self._terms = terms

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> ChatGPT:
        headers = {"authorization": f"Bearer {config.admin_key.get_secret_value()}"}
        analytics = "/analytics/codex" if config.report == "codex" else "/analytics"
        return cls(
            connect(config.base_url, headers=headers, retry=retry),
            f"{analytics}/workspaces/{config.workspace_id}/usage",
            Terms(report=config.report, usd_per_credit=config.usd_per_credit),
        )

    async def fetch(self, day: date) -> AsyncIterator[Terms | UsagePage]:
        start, end = _span(day)
        asked: Params = {"start_time": start, "end_time": end, "limit": ROWS_A_PAGE}
        with named(self.name, day):
            yield self._terms
            async for page in every_page(self._api, self._path, asked, into=UsagePage):
                yield page

    @staticmethod
    def parse(day: date, pages: Iterable[Terms | UsagePage]) -> ProviderDay:
        with named(ChatGPT.name, day):
            return _parse(day, pages)

    async def close(self) -> None:
        await self._api.close()


def _span(day: date) -> tuple[int, int]:
    start = midnight(day)
    return int(start.timestamp()), int((start + timedelta(days=1)).timestamp())


def _parse(day: date, pages: Iterable[Terms | UsagePage]) -> ProviderDay:
    terms = Terms(report="usage")
    rows: dict[tuple[str | None, str | None], Row] = {}
    emails: dict[str, str] = {}
    start, end = _span(day)
    until = start
    for page in pages:
        if isinstance(page, Terms):
            terms = page
            continue
        for row in page.data:
            if row.start_time != start:
                raise SourceResponseError("the answer is about another day")
            until = max(until, row.end_time)
            account, kind, email = _who(row)
            rows[account, kind] = row
            if account and email:
                emails[account] = email
    with localcontext(EXACT):
        records = in_order(
            _record(day, terms, account, row.totals) for (account, _), row in rows.items()
        )
    return ProviderDay(
        provider=ChatGPT.name,
        day=day,
        records=records,
        billed=None,
        # Without a single row the day may not be there yet: there is no watermark to tell.
        data_through=datetime.fromtimestamp(min(until, end), UTC),
        emails=emails,
    )


def _who(row: Row) -> tuple[str | None, str | None, str | None]:
    """Account, kind of actor and address."""
    actor = row.actor
    if actor is None:
        email, account, kind = row.email, row.user_id, None
    else:
        email, account, kind = actor.email or row.email, row.user_id or actor.user_id, actor.type
    email = email.lower() if email else None
    return account or email, kind, email


def _record(day: date, terms: Terms, account: str | None, totals: Totals) -> UsageRecord:
    amount, basis = _cost(totals, terms.usd_per_credit)
    return UsageRecord(
        provider=ChatGPT.name,
        account=account,
        day=day,
        product="codex" if terms.report == "codex" else None,
        tokens=_tokens(totals),
        requests=totals.turns,
        cost=amount.cost,
        foreign_cost=amount.foreign_cost,
        currency=amount.currency,
        cost_basis=basis,
    )


def _cost(totals: Totals, usd_per_credit: Decimal | None) -> tuple[Amount, CostBasis | None]:
    """One of three amounts that mean different things and are never added."""
    if totals.cost_usd is not None:
        return Amount(totals.cost_usd, None, USD), CostBasis.BILLED
    if totals.credits is not None:
        if usd_per_credit is None:
            return Amount(None, totals.credits, CREDITS), CostBasis.PROVIDER_ESTIMATE
        return Amount(totals.credits * usd_per_credit, None, USD), CostBasis.PROVIDER_ESTIMATE
    if totals.estimated_cost_usd is not None:
        return Amount(totals.estimated_cost_usd, None, USD), CostBasis.PROVIDER_ESTIMATE
    return Amount(None, None, USD), None


def _tokens(totals: Totals) -> TokenUsage | None:
    """``None`` unless every part is told: what is absent is not zero."""
    uncached, cached = totals.uncached_text_input_tokens, totals.cached_text_input_tokens
    output = totals.text_output_tokens
    if uncached is None or cached is None or output is None:
        return None
    return TokenUsage(input_uncached=uncached, cache_read=cached, cache_write=0, output=output)
