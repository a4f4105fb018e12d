"""Claude Enterprise's older reports: tokens and billed cents of each user, and the day's bill."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

from bot.domain.usage import ProviderDay
from bot.http import Http
from bot.providers.anthropic import engagement, wire
from bot.providers.anthropic.refusals import unless_refused
from bot.providers.anthropic.tally import Tally
from bot.providers.anthropic.wire import Actor, Bucket, Cents, Moment, Tokens
from bot.reading.counts import Count
from bot.reading.days import every_page

USAGE = "/v1/organizations/analytics/user_usage_report"
COST = "/v1/organizations/analytics/user_cost_report"
BILL = "/v1/organizations/analytics/cost_report"
WHAT = ["model", "product"]


class UsageRow(Tokens, gc=False, kw_only=True):
    starting_at: Moment
    actor: Actor
    product: str | None = None
    model: str | None = None
    requests: Count | None = None


class CostRow(Cents, gc=False, kw_only=True):
    starting_at: Moment
    actor: Actor
    product: str | None = None
    model: str | None = None
    cost_type: str | None = None


class Page(wire.Page, kw_only=True):
    data_refreshed_at: Moment | None = None


class UsagePage(Page):
    data: list[UsageRow]


class CostPage(Page):
    data: list[CostRow]


class BillPage(Page):
    """All that is charged: what Claude does for nobody in particular is in no user's report."""

    data: list[Bucket[Cents]]


async def fetch(http: Http, day: date) -> AsyncIterator[Page | engagement.Page]:
    span: dict[str, str | int | list[str]] = {
        "starting_at": f"{day}T00:00:00Z",
        "ending_at": f"{day + timedelta(days=1)}T00:00:00Z",
        "bucket_width": "1d",
    }
    used = {**span, "limit": 1000, "group_by[]": WHAT}
    async for usage in every_page(http, USAGE, used, into=UsagePage):
        yield usage
    charged = {**used, "group_by[]": [*WHAT, "cost_type"]}
    async for costs in every_page(http, COST, charged, into=CostPage):
        yield costs
    async for bill in unless_refused(every_page(http, BILL, span, into=BillPage)):
        yield bill
    async for people in unless_refused(engagement.fetch(http, day)):
        yield people


class Reading:
    """A day, page by page."""

    def __init__(self, day: date) -> None:
        self._tally = Tally(day)

    def add(self, page: Page) -> None:
        tally = self._tally
        tally.refresh(page.data_refreshed_at)
        match page:
            case UsagePage(data=used):
                for use in used:
                    tally.require_day(use.starting_at)
                    product = _product(use.product)
                    tally.use(use.actor, None, product, use.model, use.usage, use.requests)
            case CostPage(data=charged):
                for row in charged:
                    tally.require_day(row.starting_at)
                    product = _product(row.product)
                    tally.charge(row.actor, None, product, row.model, row.cost_type, row)
            case BillPage(data=buckets):
                for bucket in buckets:
                    if bucket.results:
                        tally.require_day(bucket.starting_at)
                    tally.bill(bucket.results)

    def result(self) -> ProviderDay:
        return self._tally.result()


def _product(name: str | None) -> str | None:
    """The name that the unified analytics have for it as well."""
    return "claude_tag" if name == "claude-tag" else name
