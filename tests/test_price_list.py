"""An operator's own prices come before the list prices, and only where they fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.usage import TokenUsage
from bot.errors import SettingsError
from bot.price_list import read_prices
from bot.pricing import BATCH, no_own_prices, prefer, unit_rates

DAY = date(2026, 11, 19)
MILLION = TokenUsage(input_uncached=10**6, cache_read=10**6, cache_write=10**6, output=10**6)
NEGOTIATED = """
[[price]]
provider = "anthropic"
model = "claude-sonnet-5*"
from = 2026-06-01
input = "1.50"
cache_read = "0.15"
cache_write = "1.875"
output = "7"

[[price]]
provider = "anthropic"
model = "claude-sonnet-5"
from = 2026-11-01
input = "1"
output = "5"

[[price]]
provider = "anthropic"
model = "claude-sonnet-5"
variant = "batch"
input = "0.50"
output = "2.50"

[[price]]
provider = "our-own"
model = "house-model"
input = "0.10"
output = "0.20"
"""


@pytest.fixture
def cost_of(tmp_path):
    path = tmp_path / "prices.toml"
    path.write_text(NEGOTIATED)
    prefer(read_prices(path))

    def cost_of(model, day=DAY, provider="anthropic", **variant):
        rates = unit_rates(provider, model, day, **variant)
        return rates and rates.cost(MILLION)

    yield cost_of
    prefer(no_own_prices)


def test_the_price_that_came_into_force_last_counts(cost_of):
    assert cost_of("claude-sonnet-5", date(2026, 10, 31)) == Decimal("10.525")
    assert cost_of("claude-sonnet-5", date(2026, 11, 1)) == Decimal(1 + 1 + 1 + 5)


def test_before_any_was_negotiated_the_list_price_counts(cost_of):
    before = unit_rates("anthropic", "claude-sonnet-5", date(2026, 5, 31))
    prefer(no_own_prices)

    assert before == unit_rates("anthropic", "claude-sonnet-5", date(2026, 5, 31))


def test_a_star_stands_for_anything(cost_of):
    assert cost_of("claude-sonnet-5-20260301", date(2026, 10, 1)) == Decimal("10.525")


def test_a_variant_has_a_price_of_its_own(cost_of):
    assert cost_of("claude-sonnet-5", context=BATCH) == Decimal("4.00")


def test_a_model_that_no_list_knows_can_be_given_a_price(cost_of):
    assert cost_of("house-model", provider="our-own") == Decimal("0.50")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[price]]\nprovider = 'a'\nmodel = 'm'\ninput = '-1'\noutput = '1'", "price.0.input"),
        ("[[price]]\nprovider = 'a'\nmodel = 'm'\ninput = '1'", "price.0.output"),
        ("[[price]]\nprovider = 'a'\nmodel = 'm'\ninput = '1'\noutput = '1'\nx = 1", "price.0.x"),
        ("[[price]", "cannot be read"),
        ("\0", "cannot be read"),
    ],
)
def test_a_mistake_is_told_by_where_it_is(tmp_path, content, told):
    path = tmp_path / "prices.toml"
    path.write_text(content)

    with pytest.raises(SettingsError, match=told):
        read_prices(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="UPSHOT_PRICES_FILE cannot be read"):
        read_prices(tmp_path / "nowhere.toml")
