"""What tokens are made of, and what one of them costs."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.unit_rates import UnitRates
from bot.domain.usage import TokenUsage


def input_of(tokens: TokenUsage) -> int:
    """All that a model read, from the cache or not."""
    return tokens.input_uncached + tokens.cache_read + tokens.cache_write


def fresh_input_of(tokens: TokenUsage) -> int:
    """What was not in the cache yet."""
    return tokens.input_uncached + tokens.cache_write


def cache_read_share(tokens: TokenUsage | None) -> Decimal | None:
    """Of all input; ``None`` of no input."""
    if tokens is None or input_of(tokens) <= 0:
        return None
    return min(Decimal(tokens.cache_read) / input_of(tokens), Decimal(1))


def fresh_price(tokens: TokenUsage, rates: UnitRates) -> Decimal | None:
    """Of a token of input that was not in the cache, on average, as *tokens* are mixed."""
    fresh = fresh_input_of(tokens)
    if fresh <= 0:
        return None
    plain = tokens.input_uncached * rates.input_uncached
    return (plain + tokens.cache_write * rates.cache_write_5m) / fresh


def input_price(tokens: TokenUsage, rates: UnitRates) -> Decimal:
    """Of any token of input, of which there must be some, on average, as *tokens* are mixed."""
    return (rates.cost(tokens) - tokens.output * rates.output) / input_of(tokens)
