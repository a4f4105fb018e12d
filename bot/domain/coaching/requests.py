"""Tokens a request: what one of them reads or writes on average, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from bot.domain.coaching.facts import Facts, ModelWeek, requests_of, tokens_of
from bot.domain.coaching.streams import Stream
from bot.domain.coaching.weekly import Weekly
from bot.domain.periods import IsoWeek
from bot.domain.unit_rates import UnitRates
from bot.domain.usage import TokenUsage

FEWEST_REQUESTS = 50
"""Of a week, for an average."""


class Requests(NamedTuple):
    """What one model was used for in some weeks, and its prices of now."""

    tokens: TokenUsage
    requests: int
    rates: UnitRates


def requests_in(weeks: Collection[IsoWeek], facts: Facts, model: Stream) -> Requests | None:
    recent = [use for use in model if use.week in weeks]
    tokens, requests = tokens_of(recent), requests_of(recent)
    rates = facts.rates_of(model[0].model) if model and model[0].model else None
    if tokens is None or requests is None or requests <= 0 or rates is None:
        return None
    return Requests(tokens, requests, rates)


def a_request(
    part: Callable[[TokenUsage], int],
    use: Sequence[ModelWeek],
    *,
    fewest: int = FEWEST_REQUESTS,
) -> Decimal | None:
    """*part* of the tokens, of a week with enough requests."""
    tokens, requests = tokens_of(use), requests_of(use)
    if tokens is None or requests is None or requests < fewest:
        return None
    count = part(tokens)
    return Decimal(count) / requests if count > 0 else None


def logarithms(values: Weekly) -> Weekly:
    """On a scale on which twice as much is as far as half as much."""
    return {week: value.ln() for week, value in values.items()}
