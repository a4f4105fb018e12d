"""What was used on one day: a row for each person or key, provider, product and model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from bot.playground.company.habits import (
    WEEKENDS,
    WITHIN_PERSON_SIGMA,
    Habit,
    ProviderHabit,
    ServiceKey,
)
from bot.playground.company.people import Provider
from bot.playground.company.prices import Rates, dollars, rates_of
from bot.playground.company.teams import poisson

SLICE_SHARES = ((1.0,), (0.85, 0.15), (0.75, 0.15, 0.10))
SERVICE_DAY_SIGMA = 0.4

TokenMix = tuple[float, float, float, float, float]
"""The share of each kind of token in all of them, in the order of the rates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFact:
    """What truly happened; token parts exclude each other and their list price is the cost."""

    provider: Provider
    day: date
    person: str | None
    account: str | None
    api_key: str | None
    product: str
    model: str
    input_uncached: int
    cache_read: int
    cache_write_short: int
    cache_write_long: int
    output: int
    requests: int
    rates: Rates

    @property
    def tokens(self) -> tuple[int, int, int, int, int]:
        """The five parts in the order of the rates."""
        return (
            self.input_uncached,
            self.cache_read,
            self.cache_write_short,
            self.cache_write_long,
            self.output,
        )

    @property
    def nanodollars(self) -> int:
        """The cost in billionths of a dollar."""
        return sum(count * rate for count, rate in zip(self.tokens, self.rates, strict=True))

    @property
    def cost(self) -> Decimal:
        """The cost in dollars with all the provider's digits."""
        return dollars(self.nanodollars)


def facts_of_day(
    habits: Sequence[Habit], services: Sequence[ServiceKey], day: date, trend: float, rng: Random
) -> list[UsageFact]:
    """Generate the day; the same *rng* state gives the same day."""
    facts: list[UsageFact] = []
    for habit in habits:
        if rng.random() < (habit.weekday_chance if day.weekday() < 5 else WEEKENDS):
            spent = habit.usual_dollars * trend * rng.lognormvariate(0, WITHIN_PERSON_SIGMA)
            facts.extend(_facts_of_person(habit, day, spent, rng))
    for key in services:
        noise = rng.lognormvariate(-(SERVICE_DAY_SIGMA**2) / 2, SERVICE_DAY_SIGMA)
        facts.append(_fact_of_service(key, day, key.expected_dollars * trend * noise, rng))
    return facts


def _facts_of_person(habit: Habit, day: date, spent: float, rng: Random) -> Iterator[UsageFact]:
    for choice, dollars_there in _over_providers(habit.providers, spent, rng):
        shares = SLICE_SHARES[min(2, poisson(0.8, rng))]
        for model, share in zip(choice.models, shares, strict=False):
            product = "chat" if _chats_instead(choice, rng) else choice.product
            yield fact_of(
                provider=choice.account.provider,
                day=day,
                person=habit.slack_id,
                account=choice.account.id,
                api_key=None if product == "chat" else choice.account.api_key,
                product=product,
                model=model,
                target=dollars_there * share,
                mix=_token_mix(choice.account.provider, product, rng),
                rng=rng,
            )


def _over_providers(
    choices: Sequence[ProviderHabit], spent: float, rng: Random
) -> Iterator[tuple[ProviderHabit, float]]:
    used = [choice for choice in choices if rng.random() < choice.weight] or [choices[0]]
    total = sum(choice.weight for choice in used)
    for choice in used:
        yield choice, spent * choice.weight / total


def _chats_instead(choice: ProviderHabit, rng: Random) -> bool:
    return choice.account.provider == "anthropic" and rng.random() < 0.12


def _fact_of_service(key: ServiceKey, day: date, target: float, rng: Random) -> UsageFact:
    product = "messages_api" if key.provider == "anthropic" else "completions"
    return fact_of(
        provider=key.provider,
        day=day,
        person=None,
        account=None,
        api_key=key.id,
        product=product,
        model=key.model,
        target=target,
        mix=_token_mix(key.provider, product, rng),
        rng=rng,
    )


def fact_of(
    *,
    provider: Provider,
    day: date,
    person: str | None,
    account: str | None,
    api_key: str | None,
    product: str,
    model: str,
    target: float,
    mix: TokenMix,
    rng: Random,
) -> UsageFact:
    """Make as many tokens of *mix* as cost *target* dollars."""
    rates = rates_of(provider, model, day.replace(day=1))
    blended = sum(part * rate for part, rate in zip(mix, rates, strict=True))
    total = target * 1e9 / blended
    uncached, read, short, long, output = (round(total * part) for part in mix)
    return UsageFact(
        provider=provider,
        day=day,
        person=person,
        account=account,
        api_key=api_key,
        product=product,
        model=model,
        input_uncached=uncached,
        cache_read=read,
        cache_write_short=short,
        cache_write_long=long,
        output=max(1, output),
        requests=1 + int(total / rng.uniform(*_tokens_a_request(product))),
        rates=rates,
    )


def _token_mix(provider: Provider, product: str, rng: Random) -> TokenMix:
    """Give shares of all tokens: agents mostly read their cache, chats have none."""
    if product == "chat":
        return (0.6, 0.0, 0.0, 0.0, 0.4)
    uncached, output = rng.uniform(0.003, 0.03), rng.uniform(0.005, 0.02)
    written = rng.uniform(0.02, 0.05)
    read = 1 - uncached - output - written
    if provider == "openai":
        return (uncached, read, written, 0.0, output)
    return (uncached, read, written * 0.7, written * 0.3, output)


def _tokens_a_request(product: str) -> tuple[float, float]:
    return (1_500, 6_000) if product == "chat" else (40_000, 110_000)
