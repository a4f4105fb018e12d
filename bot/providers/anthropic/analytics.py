"""Anthropic's unified usage and cost analytics: tokens and billed cents, by who used them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import msgspec

from bot.domain.usage import ProviderDay
from bot.http import Http
from bot.providers.anthropic import wire
from bot.providers.anthropic.tally import Tally
from bot.providers.anthropic.wire import Actor, Cents, Moment, Tokens
from bot.reading.counts import Count
from bot.reading.days import every_page

USAGE = "/v1/organizations/analytics/usage"
COST = "/v1/organizations/analytics/cost"
WHO_AND_WHAT = ["actor", "api_key_id", "model", "product"]


class Group(msgspec.Struct, gc=False):
    actor: Actor | None = None
    api_key_id: str | None = None
    product: str | None = None
    model: str | None = None
    cost_type: str | None = None


class Usage(Tokens, gc=False, kw_only=True):
    requests: Count | None = None


class UsageRow(msgspec.Struct, gc=False):
    starting_at: Moment
    group: Group
    usage: Usage


class CostRow(msgspec.Struct, gc=False):
    starting_at: Moment
    group: Group
    cost: Cents


class Page(wire.Page, kw_only=True):
    data_refreshed_at: Moment | None = None


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


class Reading:
    """A day, page by page."""

    def __init__(self, day: date) -> None:
        self._tally = Tally(day)

    def add(self, page: Page) -> None:
        tally = self._tally
        tally.refresh(page.data_refreshed_at)
        match page:
            case BillPage(data=totals):
                for row in totals:
                    tally.require_day(row.starting_at)
                tally.bill(row.cost for row in totals)
            case CostPage(data=charged):
                for row in charged:
                    tally.require_day(row.starting_at)
                    who = row.group
                    tally.charge(
                        who.actor, who.api_key_id, who.product, who.model, who.cost_type, row.cost
                    )
            case UsagePage(data=used):
                for use in used:
                    tally.require_day(use.starting_at)
                    who = use.group
                    spent = use.usage
                    tally.use(
                        who.actor,
                        who.api_key_id,
                        who.product,
                        who.model,
                        spent.usage,
                        spent.requests,
                    )

    def result(self) -> ProviderDay:
        return self._tally.result()
