"""Habits that cost more than they must, and what becomes of them once somebody heeds a tip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from bot.playground.company.prices import rates_of
from bot.playground.company.usage import UsageFact

SMALLER_MODEL: Final[Mapping[str, str]] = {
    "claude-opus-5": "claude-sonnet-5",
    "gpt-6-astra": "gpt-5-mini",
}
COLD_SHARE, IDLE_SHARE, HEEDING_SHARE = 0.10, 0.10, 0.5
COLD_AFTER, IDLE_AFTER = timedelta(weeks=5), timedelta(weeks=1)
WITHIN_REACH: Final = frozenset({"right_size", "stay_in_session", "unused_seat"})
"""The tips that the made-up people know how to take up."""
READ_AGAIN = 3
"""One in so many tokens that came from the cache does not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is planted in one person: from when caches go cold, and seats are left unused.

    ``heeded`` has the rules of tips that the person took up, and since when.
    """

    cold_from: date | None
    idle_from: date | None
    heeds: bool
    heeded: dict[str, date] = field(default_factory=dict)

    def heed(self, rule: str, first_day: date) -> bool:
        """Whether the person takes the tip up, from *first_day* on."""
        takes_it_up = self.heeds and rule in WITHIN_REACH
        if takes_it_up:
            self.heeded.setdefault(rule, first_day)
        return takes_it_up

    def has_heeded(self, rule: str, day: date) -> bool:
        return rule in self.heeded and day >= self.heeded[rule]

    def is_cold(self, day: date) -> bool:
        is_since = self.cold_from is not None and day >= self.cold_from
        return is_since and not self.has_heeded("stay_in_session", day)

    def is_idle(self, day: date) -> bool:
        is_since = self.idle_from is not None and day >= self.idle_from
        return is_since and not self.has_heeded("unused_seat", day)


def life_of(person: str, start: date, seed: int) -> Life:
    rng = Random(f"{seed}/life/{person}")
    cold, idle, heeds = (rng.random() for _ in range(3))
    return Life(
        cold_from=start + COLD_AFTER if cold < COLD_SHARE else None,
        idle_from=start + IDLE_AFTER if idle < IDLE_SHARE else None,
        heeds=heeds < HEEDING_SHARE,
    )


def lived(fact: UsageFact, life: Life) -> UsageFact:
    """*fact* as it was with this person's habits of that day."""
    if life.is_cold(fact.day):
        fact = _with_cold_caches(fact)
    if life.has_heeded("right_size", fact.day):
        fact = _with_smaller_model(fact)
    return fact


def _with_cold_caches(fact: UsageFact) -> UsageFact:
    """For the same money: what costs more is used less."""
    lost = fact.cache_read // READ_AGAIN
    cold = replace(
        fact, cache_read=fact.cache_read - lost, input_uncached=fact.input_uncached + lost
    )
    share = fact.nanodollars / cold.nanodollars
    return replace(
        cold,
        input_uncached=round(cold.input_uncached * share),
        cache_read=round(cold.cache_read * share),
        cache_write_short=round(cold.cache_write_short * share),
        cache_write_long=round(cold.cache_write_long * share),
        output=max(1, round(cold.output * share)),
    )


def _with_smaller_model(fact: UsageFact) -> UsageFact:
    model = SMALLER_MODEL.get(fact.model)
    if model is None:
        return fact
    rates = rates_of(fact.provider, model, fact.day.replace(day=1))
    return replace(fact, model=model, rates=rates)
