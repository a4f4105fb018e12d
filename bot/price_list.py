"""An operator's own prices, from a TOML file: they come before the list prices.

[[price]]
provider = "anthropic"          # as genai-prices calls it
model = "claude-opus-5*"        # a * stands for anything
from = 2026-01-01               # the first day; without it, always
variant = "batch"               # only for this one; without it, for use that has none
input = "4.25"                  # US dollars a million tokens, as text
cache_read = "0.425"
cache_write = "5.3125"
cache_write_1h = "8.50"
output = "21.25"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.unit_rates import UnitRates
from bot.errors import SettingsError

MILLION = Decimal(1_000_000)
Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class OwnPrice(BaseModel):
    """Without a price of its own, cached input costs what input does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model: str
    since: date = Field(default=date.min, alias="from")
    variant: str | None = None
    input: Dollars
    cache_read: Dollars | None = None
    cache_write: Dollars | None = None
    cache_write_1h: Dollars | None = None
    output: Dollars

    def is_for(self, provider: str, model: str, day: date, variant: str | None) -> bool:
        return (
            self.provider == provider
            and fnmatchcase(model, self.model)
            and self.since <= day
            and self.variant == variant
        )

    @property
    def rates(self) -> UnitRates:
        written = self.input if self.cache_write is None else self.cache_write
        kept = written if self.cache_write_1h is None else self.cache_write_1h
        return UnitRates(
            input_uncached=self.input / MILLION,
            cache_read=(self.input if self.cache_read is None else self.cache_read) / MILLION,
            cache_write_5m=written / MILLION,
            cache_write_1h=kept / MILLION,
            output=self.output / MILLION,
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    price: list[OwnPrice]


class PriceList:
    """Of several prices that fit, the one that came into force last counts."""

    def __init__(self, prices: Sequence[OwnPrice]) -> None:
        self._prices = sorted(prices, key=lambda price: price.since, reverse=True)

    def __call__(
        self, provider: str, model: str, day: date, context: Mapping[str, str]
    ) -> UnitRates | None:
        variant = next(iter(context.values()), None)
        fitting = (price for price in self._prices if price.is_for(provider, model, day, variant))
        return next((price.rates for price in fitting), None)


def read_prices(path: Path) -> PriceList:
    """The prices in the file at *path*; raises ``SettingsError`` with every mistake in it."""
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
        return PriceList(_File.model_validate(given).price)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"UPSHOT_PRICES_FILE cannot be read: {error}") from None
    except ValidationError as error:
        mistakes = (
            f"  {'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}"
            for entry in error.errors(include_input=False)
        )
        raise SettingsError("In UPSHOT_PRICES_FILE:\n" + "\n".join(mistakes)) from None
