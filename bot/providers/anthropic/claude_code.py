"""Claude Code analytics: what a subscription's seats used, at its estimate, and what it counts.

What is used by API key is in the report of messages already, so that of its rows only what Claude
Code counts of its sessions is taken.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date
from typing import TypeVar

import msgspec

from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.http import Http, Params
from bot.providers.anthropic import wire
from bot.providers.anthropic.sessions import Counted, Decided, EditTools
from bot.providers.anthropic.wire import Cents, Moment
from bot.reading.counts import Count
from bot.reading.days import every_page

CLAUDE_CODE = "/v1/organizations/usage_report/claude_code"
PRODUCT = "claude_code_subscription"


class Actor(msgspec.Struct, frozen=True):
    type: str
    email_address: str | None = None
    email: str | None = None
    api_key_name: str | None = None

    def __post_init__(self) -> None:
        if self.type == "user_actor" and not self.account:
            raise ValueError("an actor without its `email_address`")

    @property
    def account(self) -> str | None:
        address = self.email_address or self.email
        return address.lower() if address else None


class Tokens(msgspec.Struct):
    """Exclusive parts: what was read from or written to the cache is not in the input."""

    input: Count
    output: Count
    cache_read: Count
    cache_creation: Count


class Use(msgspec.Struct):
    model: str
    tokens: Tokens
    estimated_cost: Cents


class CoreMetrics(msgspec.Struct, gc=False):
    num_sessions: Count | None = None
    commits_by_claude_code: Count | None = None
    pull_requests_by_claude_code: Count | None = None


class Answers(msgspec.Struct, gc=False):
    accepted: Count
    rejected: Count


class CountedRow(msgspec.Struct, kw_only=True):
    date: Moment
    actor: Actor
    customer_type: str
    core_metrics: CoreMetrics = msgspec.field(default_factory=CoreMetrics)
    tool_actions: EditTools[Answers] = msgspec.field(default_factory=EditTools[Answers])
    organization_id: str | None = None
    subscription_type: str | None = None
    terminal_type: str | None = None
    is_remote: bool | None = None

    @property
    def key(self) -> object:
        return (
            self.actor,
            self.customer_type,
            self.organization_id,
            self.subscription_type,
            self.terminal_type,
            self.is_remote,
        )


class Row(CountedRow, kw_only=True):
    model_breakdown: list[Use]


class Page(wire.Page, kw_only=True):
    data: list[Row]

    def counted(self, day: date) -> Iterator[Counted]:
        return _counted(self.data, day)


class CountedPage(wire.Page, kw_only=True):
    """The same answer, of which nothing else is wanted."""

    data: list[CountedRow]

    def counted(self, day: date) -> Iterator[Counted]:
        return _counted(self.data, day)


P = TypeVar("P", Page, CountedPage)
R = TypeVar("R", bound=CountedRow)


async def fetch(http: Http, day: date, into: type[P]) -> AsyncIterator[P]:
    params: Params = {"starting_at": str(day), "limit": 1000}
    async for page in every_page(http, CLAUDE_CODE, params, into=into):
        yield page


class Reading:
    def __init__(self, day: date) -> None:
        self._day = day
        self._rows: dict[object, Row] = {}

    def add(self, page: Page) -> None:
        for row in _of_the_day(page.data, self._day):
            if row.customer_type == "subscription":
                self._rows[row.key] = row

    @property
    def emails(self) -> dict[str, str]:
        accounts = (row.actor.account for row in self._rows.values())
        return {account: account for account in accounts if account}

    def records(self) -> Iterator[UsageRecord]:
        for row in self._rows.values():
            for use in row.model_breakdown:
                yield _record(self._day, row.actor.account, use)


def _of_the_day(rows: Iterable[R], day: date) -> Iterator[R]:
    start = midnight(day)
    for row in rows:
        if row.date != start:
            raise SourceResponseError("the answer is about another day")
        yield row


def _counted(rows: Iterable[CountedRow], day: date) -> Iterator[Counted]:
    for row in _of_the_day(rows, day):
        if address := row.actor.account:
            told = row.core_metrics
            yield Counted(
                key=row.key,
                account=None,
                address=address,
                sessions=told.num_sessions,
                commits=told.commits_by_claude_code,
                pull_requests=told.pull_requests_by_claude_code,
                decided=Decided.of(
                    (answer.accepted, answer.rejected) for answer in row.tool_actions.answered
                ),
            )


def _record(day: date, account: str | None, use: Use) -> UsageRecord:
    amount = use.estimated_cost.in_full
    return UsageRecord(
        provider="anthropic",
        account=account,
        day=day,
        product=PRODUCT,
        model=use.model,
        cost_type="tokens",
        currency=amount.currency,
        tokens=TokenUsage(
            input_uncached=use.tokens.input,
            cache_read=use.tokens.cache_read,
            cache_write=use.tokens.cache_creation,
            output=use.tokens.output,
        ),
        cost=amount.cost,
        cost_basis=CostBasis.PROVIDER_ESTIMATE,
        foreign_cost=amount.foreign_cost,
    )
