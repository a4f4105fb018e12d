"""List prices as rates per token, so that a day's totals are priced like its single requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from bot.domain.periods import midnight
from bot.domain.unit_rates import UnitRates

BATCH: Mapping[str, str] = {"processing": "batch"}

# Prices step up with the size of one request, and a day's total is the size of none.
PROBE_TOKENS = 1_000
LARGE_PROBE_TOKENS = 250_000


_MAKERS: Mapping[str, str] = {
    "claude": "anthropic",
    "gpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "codex": "openai",
    "gemini": "google",
    "grok": "x-ai",
    "mistral": "mistral",
    "deepseek": "deepseek",
}

OwnPrices = Callable[[str, str, date, Mapping[str, str]], "UnitRates | None"]


def no_own_prices(
    _provider: str, _model: str, _day: date, _context: Mapping[str, str]
) -> UnitRates | None:
    """What an operator has who negotiated nothing."""
    return None


_own_prices: OwnPrices = no_own_prices


def unit_rates(
    provider: str,
    model: str,
    day: date,
    *,
    context: Mapping[str, str] | None = None,
    large_context: bool = False,
) -> UnitRates | None:
    """The list prices of that day, ``None`` where none is known.

    *context* names a variant (``BATCH``); *large_context* is for requests over 200k tokens.
    """
    variant = tuple(sorted((context or {}).items()))
    return _unit_rates(provider, model, day, variant, large=large_context)


def usual_rates(
    model: str,
    day: date,
    *,
    context: Mapping[str, str] | None = None,
    large_context: bool = False,
) -> UnitRates | None:
    """The list prices of whoever makes *model*, by its name; ``None`` where that tells nobody."""
    name = model.rpartition("/")[2].rpartition(":")[2].lower()
    maker = next((maker for start, maker in _MAKERS.items() if name.startswith(start)), None)
    if maker is None:
        return None
    return unit_rates(maker, name, day, context=context, large_context=large_context)


def usual_batch_rates(model: str, day: date, *, large_context: bool = False) -> UnitRates | None:
    """The same for requests that may wait; the usual ones where no other price is known."""
    return usual_rates(model, day, context=BATCH, large_context=large_context)


def prefer(prices: OwnPrices) -> None:
    """Let *prices* come before the list prices, in the whole process."""
    global _own_prices  # noqa: PLW0603 - parsing is pure, so there is nobody to hand them to
    _own_prices = prices
    _unit_rates.cache_clear()


@lru_cache(maxsize=4096)
def _unit_rates(
    provider: str, model: str, day: date, variant: tuple[tuple[str, str], ...], *, large: bool
) -> UnitRates | None:
    if own := _own_prices(provider, model, day, dict(variant)):
        return own
    size = LARGE_PROBE_TOKENS if large else PROBE_TOKENS
    probe = _Probe(provider=provider, model=model, day=day, variant=dict(variant))
    try:
        rates = UnitRates(
            input_uncached=probe.input_price(size) / size,
            cache_read=probe.input_price(size, cache_read=size) / size,
            cache_write_5m=probe.input_price(size, cache_write=size) / size,
            cache_write_1h=probe.input_price(size, cache_write=size, cache_write_1h=size) / size,
            output=probe.output_price(size if large else 0) / PROBE_TOKENS,
        )
    except LookupError:
        return None
    # A model that is listed without token prices would come out free.
    return rates if rates.input_uncached or rates.output else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Probe:
    provider: str
    model: str
    day: date
    variant: dict[str, str]

    def input_price(
        self, tokens: int, *, cache_read: int = 0, cache_write: int = 0, cache_write_1h: int = 0
    ) -> Decimal:
        return self._prices(tokens, 0, cache_read, cache_write, cache_write_1h)[0]

    def output_price(self, input_tokens: int) -> Decimal:
        return self._prices(input_tokens, PROBE_TOKENS, 0, 0, 0)[1]

    def _prices(
        self, input_tokens: int, output: int, cache_read: int, cache_write: int, cache_write_1h: int
    ) -> tuple[Decimal, Decimal]:
        # Half a second to import, and most installations never need a list price.
        from genai_prices import Usage, calc_price  # noqa: PLC0415

        price = calc_price(
            Usage(
                input_tokens=input_tokens,
                cache_read_tokens=cache_read,
                cache_write_tokens=cache_write,
                cache_write_1h_tokens=cache_write_1h,
                output_tokens=output,
            ),
            self.model,
            provider_id=self.provider,
            genai_request_timestamp=midnight(self.day),
            price_context=dict(self.variant),
        )
        return price.input_price, price.output_price
