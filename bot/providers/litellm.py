"""LiteLLM: a company's own gateway to the models of many providers.

Docs:     https://docs.litellm.ai/docs/proxy/cost_tracking
Grain:    one record per account, model and UTC day, the one in which a request ended
Account:  the user's id; the hash of the API key where it is no user's; none without a key
Cost:     the gateway's estimate, in dollars, from its own price map: nobody is billed by it
Settles:  within minutes

The providers behind the gateway bill the same use: a company that reads their figures as well sees
it twice, as their bill and as this estimate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import reduce
from operator import add, sub
from typing import ClassVar

import msgspec
from msgspec.structs import astuple
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceResponseError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.counts import Count
from bot.reading.days import EXACT, every_page, in_order, named, require_plausible

ACTIVITY = "/user/daily/activity"
USERS = "/user/list"
NOBODY = "Unassigned"
"""The entity to which belongs what is no user's."""


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    admin_key: SecretStr = Field(description="the master key, or one of a proxy admin (viewer)")
    base_url: str = Field(description="where the proxy is reached")


class Metrics(msgspec.Struct, frozen=True, gc=False):
    spend: Decimal
    prompt_tokens: Count
    completion_tokens: Count
    cache_read_input_tokens: Count
    cache_creation_input_tokens: Count
    api_requests: Count

    def __add__(self, other: Metrics) -> Metrics:
        return Metrics(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: Metrics) -> Metrics:
        return Metrics(*map(sub, astuple(self), astuple(other)))

    @property
    def tokens(self) -> TokenUsage:
        read, written = self.cache_read_input_tokens, self.cache_creation_input_tokens
        # The prompt counts both as well; some versions do not for calls in Anthropic's format.
        uncached = self.prompt_tokens - read - written
        return TokenUsage(
            input_uncached=self.prompt_tokens if uncached < 0 else uncached,
            cache_read=read,
            cache_write=written,
            output=self.completion_tokens,
        )


class Owner(msgspec.Struct, gc=False):
    user_id: str | None = None
    user_email: str | None = None


class Part(msgspec.Struct, gc=False):
    metrics: Metrics


class Key(Part, gc=False):
    metadata: Owner | None = None


class Model(msgspec.Struct, gc=False):
    """By the hash of the key; the oldest versions do not tell."""

    api_key_breakdown: dict[str, Part] = {}


class Entity(msgspec.Struct, gc=False):
    """What a user did; the keys are those it was done with."""

    metadata: Owner | None = None
    api_key_breakdown: dict[str, object] = {}


class Breakdown(msgspec.Struct):
    models: dict[str, Model]
    api_keys: dict[str, Key]
    entities: dict[str, Entity] = {}

    def accounts(self) -> dict[str, str | None]:
        """Of the keys: their owner, or else who alone used them, which is all that is older."""
        used_by: dict[str, str | None] = {}
        for user_id, entity in self.entities.items():
            for key in entity.api_key_breakdown:
                used_by[key] = None if key in used_by or user_id == NOBODY else user_id
        return {
            key: (told.metadata and told.metadata.user_id) or used_by.get(key) or key or None
            for key, told in self.api_keys.items()
        }

    def users(self) -> Iterator[Owner]:
        yield from (key.metadata for key in self.api_keys.values() if key.metadata)
        for user_id, entity in self.entities.items():
            if user_id != NOBODY:
                email = entity.metadata.user_email if entity.metadata else None
                yield Owner(user_id=user_id, user_email=email)


class Day(msgspec.Struct):
    date: date
    breakdown: Breakdown


class Position(msgspec.Struct):
    page: int
    has_more: bool


class ActivityPage(msgspec.Struct):
    """A page of the database's rows: what is told of a key and model goes on in the next."""

    results: list[Day]
    metadata: Position

    @property
    def has_more(self) -> bool:
        return self.metadata.has_more

    @property
    def cursor(self) -> str:
        return str(self.metadata.page + 1)

    @property
    def users(self) -> list[Owner]:
        return [user for day in self.results for user in day.breakdown.users()]


class UsersPage(msgspec.Struct):
    users: list[Owner]
    page: int
    total_pages: int

    @property
    def has_more(self) -> bool:
        return self.page < self.total_pages

    @property
    def cursor(self) -> str:
        return str(self.page + 1)


Page = ActivityPage | UsersPage


class LiteLLM:
    name: ClassVar[str] = "litellm"
    title: ClassVar[str] = "LiteLLM"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.PROVIDER_ESTIMATE,),
        freshness="within minutes",
        identity="user id of the key, with its e-mail address or the list of users",
        sees_others=True,
    )
    freshness: ClassVar[Freshness] = Freshness(repull=2, settles_after=2)

    def __init__(self, api: Http) -> None:
        self._api = api

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> LiteLLM:
        headers = {"authorization": f"Bearer {config.admin_key.get_secret_value()}"}
        return cls(connect(config.base_url, headers=headers, retry=retry))

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        span: Params = {"start_date": f"{day}", "end_date": f"{day}", "page": 1, "page_size": 1000}
        users: dict[str, str | None] = {}
        with named(self.name, day):
            async for page in every_page(self._api, ACTIVITY, span, into=ActivityPage):
                _note(users, page.users)
                yield page
            if not all(users.values()):  # Older versions name nobody's address.
                many = {"page": 1, "page_size": 100}
                async for listed in every_page(self._api, USERS, many, into=UsersPage):
                    yield listed

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(LiteLLM.name, day), localcontext(EXACT):
            return _parse(day, pages)

    async def close(self) -> None:
        await self._api.close()


Uses = dict[tuple[str | None, str | None], Metrics]
"""By account and model."""


def _parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    uses: Uses = {}
    users: dict[str, str | None] = {}
    seen: set[int] = set()
    for page in pages:
        if isinstance(page, ActivityPage) and page.metadata.page not in seen:
            seen.add(page.metadata.page)
            for activity in page.results:
                if activity.date != day:
                    raise SourceResponseError("the answer is about another day")
                _add(uses, activity.breakdown)
        _note(users, page.users)
    return ProviderDay(
        provider=LiteLLM.name,
        day=day,
        records=in_order(_record(day, *whose, use) for whose, use in uses.items()),
        billed=None,
        data_through=midnight(day + timedelta(days=1)),
        emails=_emails(users),
    )


def _note(users: dict[str, str | None], more: Iterable[Owner]) -> None:
    for user in more:
        if user.user_id:
            users[user.user_id] = user.user_email or users.get(user.user_id)


def _emails(users: Mapping[str, str | None]) -> dict[str, str]:
    """Many companies take the address itself for the id."""
    addresses = {user_id: email or user_id for user_id, email in users.items()}
    return {user_id: known.lower() for user_id, known in addresses.items() if "@" in known}


def _add(uses: Uses, told: Breakdown) -> None:
    accounts = told.accounts()
    requests = defaultdict[str, int](int)
    for model, used in told.models.items():
        for key, part in used.api_key_breakdown.items():
            requests[key] += part.metrics.api_requests
            whose = (accounts.get(key, key or None), model)
            known = uses.get(whose)
            uses[whose] = part.metrics if known is None else known + part.metrics
    for key, whole in told.api_keys.items():
        # Calls of tools have no model, and the oldest versions tell none by key.
        if whole.metrics.api_requests > requests[key]:
            parts = (used.api_key_breakdown.get(key) for used in told.models.values())
            rest = reduce(sub, (part.metrics for part in parts if part), whole.metrics)
            known = uses.get((accounts[key], None))
            uses[accounts[key], None] = rest if known is None else known + rest


def _record(day: date, account: str | None, model: str | None, use: Metrics) -> UsageRecord:
    try:
        require_plausible(use.spend)
    except ValueError as error:
        raise SourceResponseError(f"{ACTIVITY}: `spend`: {error}") from None
    return UsageRecord(
        provider=LiteLLM.name,
        account=account,
        day=day,
        model=model,
        tokens=use.tokens,
        requests=use.api_requests,
        cost=use.spend,
        cost_basis=CostBasis.PROVIDER_ESTIMATE,
    )
