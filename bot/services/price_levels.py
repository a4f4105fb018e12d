"""Keeping constant prices: which of the models in use changed their list price, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from bot.domain.price_levels import BASKET, levels
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.usage import TokenUsage
from bot.ports import PriceStore

REACH = timedelta(weeks=RATIO_WEEKS + 2)


class Rates(Protocol):
    """US dollars a token, of one model on one day."""

    def cost(self, tokens: TokenUsage, /) -> Decimal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLevels:
    store: PriceStore
    rates: Callable[[str, date], Rates | None]

    async def refresh(self, now: datetime) -> None:
        """Write down anew what the models that were used lately did to their prices."""
        first, last = (now - REACH).date(), now.date()
        found = [
            level
            for provider, model in await self.store.models_used(first)
            for level in levels(provider, model, self._price_of(model), first, last)
        ]
        await self.store.replace(found)

    def _price_of(self, model: str) -> Callable[[date], Decimal | None]:
        def price_on(day: date) -> Decimal | None:
            rates = self.rates(model, day)
            return None if rates is None else rates.cost(BASKET)

        return price_on
