"""What a model's tokens cost on one day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.usage import TokenUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRates:
    """US dollars a token."""

    input_uncached: Decimal
    cache_read: Decimal
    cache_write_5m: Decimal
    cache_write_1h: Decimal
    output: Decimal

    def cost(self, tokens: TokenUsage, *, cache_write_1h: int = 0) -> Decimal:
        """What *tokens* cost; *cache_write_1h* of the cache writes are kept for an hour."""
        return (
            tokens.input_uncached * self.input_uncached
            + tokens.cache_read * self.cache_read
            + (tokens.cache_write - cache_write_1h) * self.cache_write_5m
            + cache_write_1h * self.cache_write_1h
            + tokens.output * self.output
        )


RatesOf = Callable[[str], UnitRates | None]
"""The rates of a model, by its name, as they are now; ``None`` where no price is known."""
