from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price

from bot.domain.unit_rates import UnitRates
from bot.domain.usage import TokenUsage
from bot.pricing import BATCH, unit_rates

DAY = date(2026, 11, 19)
MILLION = 1_000_000


def per_million(rates: UnitRates) -> tuple[str, ...]:
    parts = (
        rates.input_uncached,
        rates.cache_read,
        rates.cache_write_5m,
        rates.cache_write_1h,
        rates.output,
    )
    return tuple(f"{(rate * MILLION).normalize():f}" for rate in parts)


class TestUnitRates:
    @pytest.mark.parametrize(
        ("model", "expected"),
        [
            ("claude-sonnet-4-5", ("3", "0.3", "3.75", "6", "15")),
            ("claude-sonnet-4-5-20250929", ("3", "0.3", "3.75", "6", "15")),
            ("claude-opus-5", ("5", "0.5", "6.25", "10", "25")),
        ],
    )
    def test_tell_every_part_of_the_tokens_apart(self, model, expected):
        assert per_million(unit_rates("anthropic", model, DAY)) == expected

    def test_are_halved_in_a_batch(self):
        rates = unit_rates("anthropic", "claude-sonnet-4-5", DAY, context=BATCH)

        assert per_million(rates) == ("1.5", "0.15", "1.875", "3", "7.5")

    def test_step_up_for_a_large_context(self):
        rates = unit_rates("anthropic", "claude-sonnet-4-5", DAY, large_context=True)

        assert per_million(rates) == ("6", "0.6", "7.5", "12", "22.5")

    def test_are_those_of_the_day(self):
        then, now = (unit_rates("openai", "o3", day) for day in (date(2025, 5, 1), DAY))

        assert then.input_uncached == 5 * now.input_uncached

    @pytest.mark.parametrize("model", ["gpt-unheard-of-9", "", "gpt-live-1"])
    def test_are_unknown_rather_than_nothing(self, model):
        assert unit_rates("openai", model, DAY) is None

    def test_are_worked_out_once(self):
        assert unit_rates("openai", "gpt-5", DAY) is unit_rates("openai", "gpt-5", DAY)


class TestCost:
    def test_adds_up_the_parts(self):
        tokens = TokenUsage(
            input_uncached=100_000, cache_read=900_000, cache_write=50_000, output=20_000
        )

        cost = unit_rates("anthropic", "claude-sonnet-5", DAY).cost(tokens)

        assert cost == Decimal("0.705")

    def test_counts_what_is_kept_for_an_hour_at_its_own_rate(self):
        tokens = TokenUsage(input_uncached=0, cache_read=0, cache_write=MILLION, output=0)

        cost = unit_rates("anthropic", "claude-sonnet-4-5", DAY).cost(
            tokens, cache_write_1h=400_000
        )

        assert cost == Decimal("0.6") * Decimal("3.75") + Decimal("0.4") * 6

    @pytest.mark.parametrize(
        ("provider", "model"),
        [("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-6-astra")],
    )
    def test_of_a_day_is_that_of_its_single_requests(self, provider, model):
        day = TokenUsage(input_uncached=MILLION, cache_read=0, cache_write=0, output=40_000)

        single = calc_price(
            Usage(input_tokens=25_000, output_tokens=1_000),
            model,
            provider_id=provider,
            genai_request_timestamp=datetime(2026, 11, 19, 12, tzinfo=UTC),
        )

        assert unit_rates(provider, model, DAY).cost(day) == 40 * single.total_price


def test_the_price_list_is_loaded_only_when_a_price_is_asked_for():
    code = "import sys, bot.providers; sys.exit('genai_prices' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
