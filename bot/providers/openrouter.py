"""OpenRouter: an organization's use of the models of many providers.

Docs:     https://openrouter.ai/docs/api/api-reference/analytics/get-user-activity
Grain:    one record per account, model, kind of cost and UTC day
Account:  the member's id; none where an account is no organization's and has no members
Cost:     billed, in dollars; an estimate where another provider bills it, by a company's own key
Settles:  with the day; only the last 30 days can be read

Rows do not say whose they are: each member is asked for, and the whole day once more as the bill.
What no member has is unattributed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceForbiddenError, SourceNotFoundError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.counts import Count
from bot.reading.days import in_order, named, require_plausible, total

ACTIVITY = "/activity"
MEMBERS = "/organization/members"
PAGE_SIZE = 100


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    management_key: SecretStr = Field(description="a management key of the organization")
    base_url: str = Field(
        default="https://openrouter.ai/api/v1", description="where OpenRouter's API is reached"
    )


class Item(msgspec.Struct, gc=False):
    date: str
    model: str
    usage: Decimal
    requests: Count
    byok_usage_inference: Decimal | None = None
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    reasoning_tokens: Count | None = None
    cached_tokens: Count | None = None

    def __post_init__(self) -> None:
        require_plausible(self.usage)
        require_plausible(self.byok_usage_inference or Decimal(0))

    @property
    def tokens(self) -> TokenUsage | None:
        if self.prompt_tokens is None or self.completion_tokens is None:
            return None
        cached = self.cached_tokens or 0
        # The prompt counts what was cached, but for a few providers.
        uncached = self.prompt_tokens - cached
        return TokenUsage(
            input_uncached=self.prompt_tokens if uncached < 0 else uncached,
            cache_read=cached,
            cache_write=0,
            output=self.completion_tokens,
            reasoning=self.reasoning_tokens,
        )


class Activity(msgspec.Struct):
    data: list[Item]


class Bill(msgspec.Struct):
    """The activity of everybody, asked for without a member."""

    data: list[Item]


class Use(msgspec.Struct):
    """The activity of one member; the answer does not say whose it is."""

    account: str
    data: list[Item]


class Member(msgspec.Struct):
    id: str
    email: str


class MembersPage(msgspec.Struct):
    data: list[Member]
    total_count: int | None = None


Page = Bill | Use | MembersPage


class OpenRouter:
    name: ClassVar[str] = "openrouter"
    title: ClassVar[str] = "OpenRouter"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.BILLED, CostBasis.PROVIDER_ESTIMATE),
        freshness="with the day; the last 30 days only",
        identity="member id, with the list of members",
    )
    freshness: ClassVar[Freshness] = Freshness(repull=3, settles_after=3, history=29)

    def __init__(self, api: Http) -> None:
        self._api = api

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> OpenRouter:
        headers = {"authorization": f"Bearer {config.management_key.get_secret_value()}"}
        return cls(connect(config.base_url, headers=headers, retry=retry))

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        question: Params = {"date": f"{day}"}
        with named(self.name, day):
            bill = await self._api.get(ACTIVITY, question, into=Bill)
            yield bill
            if not bill.data:
                return
            asked: set[str] = set()
            async for page in self._members():
                yield page
                for member in page.data:
                    if member.id not in asked:
                        asked.add(member.id)
                        whose = {**question, "user_id": member.id}
                        activity = await self._api.get(ACTIVITY, whose, into=Activity)
                        yield Use(member.id, activity.data)

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(OpenRouter.name, day):
            return _parse(day, pages)

    async def close(self) -> None:
        await self._api.close()

    async def _members(self) -> AsyncIterator[MembersPage]:
        """None of an account that is no organization's."""
        read: set[str] = set()
        offset = 0
        while True:
            try:
                page = await self._api.get(
                    MEMBERS, {"offset": offset, "limit": PAGE_SIZE}, into=MembersPage
                )
            except (SourceForbiddenError, SourceNotFoundError):
                if offset:
                    raise
                return
            ids = {member.id for member in page.data}
            if ids and ids <= read:
                raise SourceResponseError(f"{MEMBERS}: paging loops")
            yield page
            read |= ids
            offset += len(page.data)
            if not page.data or (page.total_count is not None and offset >= page.total_count):
                return


def _parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    by_member: dict[str | None, list[Item]] = {}
    bill: list[Item] | None = None
    emails: dict[str, str] = {}
    for page in pages:
        match page:
            case Bill(data=items):
                bill = _of_the_day(day, items)
            case Use(account=account, data=items):
                by_member[account] = _of_the_day(day, items)
            case MembersPage(data=members):
                emails |= {member.id: member.email.lower() for member in members}
    if bill is None:
        raise SourceResponseError(f"{ACTIVITY}: the day as a whole is missing")
    return ProviderDay(
        provider=OpenRouter.name,
        day=day,
        records=in_order(
            record
            for account, items in (by_member or {None: bill}).items()
            for item in items
            for record in _records(day, account, item)
        ),
        billed=total(item.usage for item in bill),
        data_through=midnight(day + timedelta(days=1)),
        emails=emails,
    )


def _of_the_day(day: date, items: list[Item]) -> list[Item]:
    if any(item.date[:10] != f"{day}" for item in items):
        raise SourceResponseError("the answer is about another day")
    return items


def _records(day: date, account: str | None, item: Item) -> Iterator[UsageRecord]:
    yield UsageRecord(
        provider=OpenRouter.name,
        account=account,
        day=day,
        model=item.model,
        tokens=item.tokens,
        requests=item.requests,
        cost=item.usage,
        cost_basis=CostBasis.BILLED,
    )
    if item.byok_usage_inference:
        yield UsageRecord(
            provider=OpenRouter.name,
            account=account,
            day=day,
            model=item.model,
            cost_type="byok",
            cost=item.byok_usage_inference,
            cost_basis=CostBasis.PROVIDER_ESTIMATE,
        )
