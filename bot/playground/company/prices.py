"""List prices of models as whole billionths of a dollar for each token, so that sums are exact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bot.playground.company.people import Provider

PROBE_TOKENS = 1_000


class Rates(NamedTuple):
    """Nanodollars for one token of each kind, in the order of a fact's token parts."""

    input_uncached: int
    cache_read: int
    cache_write_short: int
    cache_write_long: int
    output: int


def dollars(nanodollars: int) -> Decimal:
    """Give the amount in dollars with all its digits."""
    return Decimal(nanodollars).scaleb(-9)


@lru_cache(maxsize=1024)
def rates_of(provider: Provider, model: str, month: date) -> Rates:
    """Price a small probe: tiers go by the size of one call, which a day's total does not tell."""
    from genai_prices import Usage, calc_price  # noqa: PLC0415  # takes half a second

    def price(**tokens: int) -> Callable[[str], int]:
        answer = calc_price(
            Usage(**tokens),
            model,
            provider_id=provider,
            genai_request_timestamp=datetime.combine(month, time(), UTC),
        )
        return lambda side: int(getattr(answer, side) * 10**9 / PROBE_TOKENS)

    n = PROBE_TOKENS
    return Rates(
        input_uncached=price(input_tokens=n)("input_price"),
        cache_read=price(input_tokens=n, cache_read_tokens=n)("input_price"),
        cache_write_short=price(input_tokens=n, cache_write_tokens=n)("input_price"),
        cache_write_long=price(input_tokens=n, cache_write_tokens=n, cache_write_1h_tokens=n)(
            "input_price"
        ),
        output=price(input_tokens=0, output_tokens=n)("output_price"),
    )
