"""What a planned job would cost with each model, before any of it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from types import MappingProxyType

from bot.domain.unit_rates import UnitRates
from bot.domain.usage import EXACT, TokenUsage

MOST_TOKENS = 10**12
MOST_MODELS = 12
LONG_REQUEST = 200_000
"""Tokens of one request, beyond which some models cost more."""
ASSUMED_CACHED = Decimal("0.9")
CURRENT_MODELS = (
    "claude-opus-5-5",
    "claude-sonnet-5-5",
    "claude-haiku-5-5",
    "gpt-6-astra",
    "gpt-6.1-sol",
    "gpt-6-luna",
    "gemini-4-argon",
    "gemini-3.8-flash",
    "gemini-3.5-flash-lite",
    "grok-4.7",
    "mistral-large-4",
    "deepseek-v4-pro",
)
"""The large, the middle and the small ones of their makers, as genai-prices lists them."""


class Thing(StrEnum):
    CHANGE = "change"
    DOCUMENT = "document"
    CODE_BASE = "code_base"


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """``units`` are the pages of a document and the lines of a code base."""

    input: int
    output: int
    units: int


EXTENTS: Mapping[tuple[Thing, Size], Extent] = MappingProxyType(
    {
        (Thing.CHANGE, Size.SMALL): Extent(input=1_000_000, output=8_000, units=1),
        (Thing.CHANGE, Size.MEDIUM): Extent(input=5_000_000, output=40_000, units=1),
        (Thing.CHANGE, Size.LARGE): Extent(input=25_000_000, output=200_000, units=1),
        (Thing.DOCUMENT, Size.SMALL): Extent(input=3_500, output=1_000, units=5),
        (Thing.DOCUMENT, Size.MEDIUM): Extent(input=14_000, output=2_000, units=20),
        (Thing.DOCUMENT, Size.LARGE): Extent(input=70_000, output=4_000, units=100),
        (Thing.CODE_BASE, Size.SMALL): Extent(input=100_000, output=5_000, units=10_000),
        (Thing.CODE_BASE, Size.MEDIUM): Extent(input=1_000_000, output=20_000, units=100_000),
        (Thing.CODE_BASE, Size.LARGE): Extent(input=10_000_000, output=100_000, units=1_000_000),
    }
)
"""A change: the median developer's 32 million tokens a week in Claude Code, reported in 2026 for
five to seven changes, of which in coding agents 0.5-2 % are output. A document: 500 words a page,
and a token is three quarters of an English word. A code base: ten tokens a line. The last two are
read once and answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``input`` and ``output`` are of one of the ``times``; ``None`` of them: of all together.

    ``cached_share`` is the part of the input that comes from a cache, if it was said.
    """

    input: int
    output: int
    times: int | None = None
    described: tuple[Thing, Size] | None = None
    cached_share: Decimal | None = None
    models: tuple[str, ...] = ()

    @property
    def all_input(self) -> int:
        return self.input * (1 if self.times is None else self.times)

    @property
    def all_output(self) -> int:
        return self.output * (1 if self.times is None else self.times)

    @property
    def has_long_requests(self) -> bool:
        return self.times is not None and self.described is None and (self.input > LONG_REQUEST)

    @property
    def plain(self) -> TokenUsage:
        return TokenUsage(
            input_uncached=self.all_input, cache_read=0, cache_write=0, output=self.all_output
        )

    @property
    def cached(self) -> TokenUsage:
        """What is read from a cache was written there once, at most as much as there is."""
        share = ASSUMED_CACHED if self.cached_share is None else self.cached_share
        read = int(self.all_input * share)
        written = min(self.all_input - read, read)
        return TokenUsage(
            input_uncached=self.all_input - read - written,
            cache_read=read,
            cache_write=written,
            output=self.all_output,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRates:
    """``batch`` is ``None`` where no price of its own is known for a batch."""

    standard: UnitRates
    batch: UnitRates | None


RatesOfModel = Callable[[str], ModelRates | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCost:
    """In US dollars; ``None`` where the price list knows no such price of the model."""

    model: str
    standard: Decimal
    batch: Decimal | None
    cached: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``used`` of the ``costs``, the first ones, are of models that the person used lately."""

    job: Job
    costs: tuple[ModelCost, ...]
    used: int
    unpriced: tuple[str, ...]
    day: date
    has_own_prices: bool


def model_rates(standard: UnitRates | None, batch: UnitRates | None) -> ModelRates | None:
    """A price list that knows no price of a batch gives the usual one for it."""
    if standard is None:
        return None
    return ModelRates(standard=standard, batch=None if batch == standard else batch)


def estimate(
    job: Job, used: Sequence[str], rates: RatesOfModel, *, day: date, has_own_prices: bool
) -> Estimate:
    """With the models that were asked for, else with those *used* lately and current ones."""
    lately = [*dict.fromkeys(map(plain_name, used))]
    if job.models:
        names = asked_for(job.models, lately, rates)
        lately = []
    else:
        names = [*dict.fromkeys((*lately, *CURRENT_MODELS))]
    known = {name: found for name in names if (found := rates(name)) is not None}
    costs = tuple(cost_of(job, name, known[name]) for name in known)[:MOST_MODELS]
    return Estimate(
        job=job,
        costs=costs,
        used=sum(cost.model in lately for cost in costs),
        unpriced=tuple(name for name in names if name not in known),
        day=day,
        has_own_prices=has_own_prices,
    )


def asked_for(models: Iterable[str], used: Sequence[str], rates: RatesOfModel) -> list[str]:
    """The models meant by names or by parts of names, such as ``opus``."""
    names: dict[str, None] = {}
    for asked in models:
        alike = [name for name in (*used, *CURRENT_MODELS) if asked in name]
        names |= dict.fromkeys([asked] if rates(asked) is not None or not alike else alike)
    return [*names]


def plain_name(model: str) -> str:
    """As makers write it: some tools show ``Claude Sonnet 5``."""
    return model.strip().lower().replace(" ", "-")


def cost_of(job: Job, model: str, rates: ModelRates) -> ModelCost:
    with localcontext(EXACT):
        standard = rates.standard.cost(job.plain)
        batch = None if rates.batch is None else rates.batch.cost(job.plain)
        has_cache = rates.standard.cache_read < rates.standard.input_uncached
        return ModelCost(
            model=model,
            standard=standard,
            # dearer than the usual price, it is the list's beside an operator's own
            batch=None if batch is None or batch > standard else batch,
            cached=rates.standard.cost(job.cached) if has_cache else None,
        )
