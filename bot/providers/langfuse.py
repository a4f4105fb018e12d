"""Langfuse: what applications of your own have traced there.

Docs:     https://langfuse.com/docs/metrics/features/metrics-api
Grain:    one record per account, model and UTC day
Account:  whatever the application gives as the user's id, often an e-mail address; else none
Cost:     Langfuse's estimate, in dollars; none for a model that it has no price of
Settles:  new observations show within ten minutes

Sums by user come from metrics v1, which does not tell cached input from the rest of the input. It
leaves out what belongs to a trace of the day before, so sums without users are asked for as well.
A server that has v1 no more, or a day with more users and models than one answer holds, is read
observation by observation, without what was said in them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.night import Freshness
from bot.domain.periods import midnight
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.errors import SourceNotFoundError, SourceRefusedError, SourceResponseError
from bot.http import Http, Params, Retry
from bot.ports import Capabilities
from bot.reading.days import every_page, in_order, named, require_plausible

METRICS = "/api/public/metrics"
OBSERVATIONS = "/api/public/v2/observations"
MOST_ROWS = 1000
NOTHING = Decimal(0)
NO_TOKENS = TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=0)


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    public_key: str = Field(description="a project's public key (pk-lf-…)")
    secret_key: SecretStr = Field(description="its secret key (sk-lf-…)")
    base_url: str = Field(
        default="https://cloud.langfuse.com", description="your region's or your own server"
    )


class Row(msgspec.Struct, gc=False):
    """Counts arrive as text, and those of models without a price have no cost."""

    time_dimension: str
    requests: Decimal = msgspec.field(name="count_count")
    input: Decimal | None = msgspec.field(name="sum_inputTokens")
    output: Decimal | None = msgspec.field(name="sum_outputTokens")
    cost: Decimal | None = msgspec.field(name="sum_totalCost")
    model: str | None = msgspec.field(name="providedModelName", default=None)
    user: str | None = msgspec.field(name="userId", default=None)

    def __post_init__(self) -> None:
        for number in (self.requests, self.input, self.output, self.cost):
            if number is not None:
                require_plausible(number)


class MetricsPage(msgspec.Struct):
    data: list[Row]


class TotalsPage(MetricsPage):
    """The same without users."""


class Observation(msgspec.Struct, rename="camel"):
    id: str
    start_time: str
    user_id: str | None = None
    provided_model_name: str | None = None
    usage_details: dict[str, int] | None = None
    total_cost: Decimal | None = None

    def __post_init__(self) -> None:
        if self.total_cost is not None:
            require_plausible(self.total_cost)


class Meta(msgspec.Struct):
    cursor: str | None = None


class ObservationsPage(msgspec.Struct):
    data: list[Observation]
    meta: Meta

    @property
    def cursor(self) -> str | None:
        return self.meta.cursor

    @property
    def has_more(self) -> bool:
        return bool(self.cursor)


Page = MetricsPage | ObservationsPage


class Langfuse:
    name: ClassVar[str] = "langfuse"
    title: ClassVar[str] = "Langfuse"
    capabilities: ClassVar[Capabilities] = Capabilities(
        per_person=True,
        tokens=True,
        requests=True,
        cost=(CostBasis.PROVIDER_ESTIMATE,),
        freshness="within ten minutes",
        identity="the user id that the application sends; a person's if it is an e-mail address",
        sees_others=True,
    )
    freshness: ClassVar[Freshness] = Freshness(repull=2, settles_after=2)

    def __init__(self, api: Http) -> None:
        self._api = api

    @classmethod
    def from_config(
        cls, config: Config, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Langfuse:
        pair = f"{config.public_key}:{config.secret_key.get_secret_value()}"
        headers = {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return cls(connect(config.base_url, headers=headers, retry=retry))

    async def fetch(self, day: date) -> AsyncIterator[Page]:
        with named(self.name, day):
            try:
                by_user = await self._metrics(day, "userId", "providedModelName", into=MetricsPage)
            except (SourceRefusedError, SourceNotFoundError):
                by_user = None
            if by_user is not None and len(by_user.data) < MOST_ROWS:
                yield by_user
                yield await self._metrics(day, "providedModelName", into=TotalsPage)
                return
            try:
                async for page in self._observations(day):
                    yield page
            except (SourceRefusedError, SourceNotFoundError):
                if by_user is None:
                    raise
                message = f"more than {MOST_ROWS:,} users and models, and no way to read them all"
                raise SourceResponseError(f"{METRICS}: {message}") from None

    @staticmethod
    def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
        with named(Langfuse.name, day):
            records = in_order(_records(day, pages))
        accounts = {record.account for record in records if record.account}
        return ProviderDay(
            provider=Langfuse.name,
            day=day,
            records=records,
            billed=None,
            data_through=midnight(day + timedelta(days=1) if records else day),
            emails={account: account.lower() for account in accounts if "@" in account},
        )

    async def close(self) -> None:
        await self._api.close()

    async def _metrics(self, day: date, *fields: str, into: type[MetricsPage]) -> MetricsPage:
        sums = ("totalCost", "inputTokens", "outputTokens")
        query = {
            "view": "observations",
            "dimensions": [{"field": field} for field in fields],
            "metrics": [
                {"measure": "count", "aggregation": "count"},
                *({"measure": measure, "aggregation": "sum"} for measure in sums),
            ],
            "filters": [],
            "timeDimension": {"granularity": "day"},
            "fromTimestamp": f"{day}T00:00:00.000Z",
            "toTimestamp": f"{day}T23:59:59.999Z",  # inclusive
            "config": {"row_limit": MOST_ROWS},
        }
        return await self._api.get(METRICS, {"query": json.dumps(query)}, into=into)

    def _observations(self, day: date) -> AsyncIterator[ObservationsPage]:
        params: Params = {
            "fields": "core,basic,model,usage",
            "fromStartTime": f"{day}T00:00:00Z",
            "toStartTime": f"{day + timedelta(days=1)}T00:00:00Z",
            "limit": 1000,
        }
        return every_page(
            self._api, OBSERVATIONS, params, into=ObservationsPage, cursor_name="cursor"
        )


class Sums(msgspec.Struct):
    """Of one user's observations of one model."""

    requests: int = 0
    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    cost: Decimal | None = None

    def record(self, day: date, account: str | None, model: str | None) -> UsageRecord:
        tokens = TokenUsage(
            input_uncached=self.input,
            cache_read=self.cache_read,
            cache_write=self.cache_write,
            output=self.output,
        )
        return UsageRecord(
            provider=Langfuse.name,
            account=account,
            day=day,
            model=model,
            cost_type="tokens",
            tokens=None if tokens == NO_TOKENS else tokens,
            requests=self.requests,
            cost=self.cost,
            cost_basis=None if self.cost is None else CostBasis.PROVIDER_ESTIMATE,
        )


Key = tuple[str | None, str | None]


def _records(day: date, pages: Iterable[Page]) -> Iterator[UsageRecord]:
    by_user: dict[Key, Sums] = {}
    by_model: dict[Key, Sums] = {}
    observed: dict[Key, Sums] = {}
    seen: set[str] = set()
    for page in pages:
        match page:
            case TotalsPage(data=rows):
                by_model |= _sums(day, rows)
            case MetricsPage(data=rows):
                by_user |= _sums(day, rows)
            case ObservationsPage():
                _add(day, page, seen, observed)
    for (user, model), sums in (by_user | observed).items():
        yield sums.record(day, user, model)
    for (_, model), sums in by_model.items():
        rest = _rest(sums, [part for key, part in by_user.items() if key[1] == model])
        if rest is not None:
            yield rest.record(day, None, model)


def _sums(day: date, rows: Iterable[Row]) -> dict[Key, Sums]:
    today = day.isoformat()
    sums: dict[Key, Sums] = {}
    for row in rows:
        read, written = row.input or 0, row.output or 0
        if not (row.model or read or written or row.cost):
            continue  # steps around the calls of a model, and days put in to fill a gap
        if row.time_dimension[:10] != today:
            raise SourceResponseError("the answer is about another day")
        counts = (int(row.requests), int(read), 0, 0, int(written))
        sums[row.user or None, row.model or None] = Sums(*counts, row.cost)
    return sums


def _rest(whole: Sums, parts: Iterable[Sums]) -> Sums | None:
    """What users leave of a model's sums; nothing where it moved between the two questions."""
    rest = Sums(whole.requests, whole.input, 0, 0, whole.output, whole.cost)
    for part in parts:
        rest.requests -= part.requests
        rest.input -= part.input
        rest.output -= part.output
        if rest.cost is not None:
            rest.cost -= part.cost or NOTHING
    return rest if rest.requests > 0 and rest.input >= 0 and rest.output >= 0 else None


def _add(day: date, page: ObservationsPage, seen: set[str], observed: dict[Key, Sums]) -> None:
    today = day.isoformat()
    for row in page.data:
        model, parts, cost = row.provided_model_name, row.usage_details or {}, row.total_cost
        if row.id in seen or not (model or parts or cost):
            continue
        if row.start_time[:10] != today:
            raise SourceResponseError("the answer is about another day")
        seen.add(row.id)
        key = (row.user_id or None, model or None)
        sums = observed.get(key) or observed.setdefault(key, Sums())
        sums.requests += 1
        sums.cost = sums.cost if cost is None else (sums.cost or NOTHING) + cost
        # Applications name the parts as they like; these exclude each other, `total` none of them.
        for name, count in parts.items():
            kind = name.lower()
            if "cache" in kind and ("creat" in kind or "write" in kind):
                sums.cache_write += count
            elif "cache" in kind:
                sums.cache_read += count
            elif "input" in kind:
                sums.input += count
            elif "output" in kind:
                sums.output += count
