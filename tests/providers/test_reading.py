"""What every provider is read with."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.reading.days import Amount, share_of_month

prices = st.decimals(0, 10**6, places=2)


@given(prices, st.integers(2000, 2100), st.integers(1, 12))
def test_the_days_of_a_month_share_its_price_to_the_last_digit(price, year, month):
    _, days = monthrange(year, month)
    shares = [share_of_month(price, date(year, month, day)) for day in range(1, days + 1)]

    assert sum(shares) == price
    assert max(shares) - min(shares) < Decimal("1e-6")


def test_dollars_in_any_case_are_dollars():
    assert Amount.of(Decimal(3), "usd") == (Decimal(3), None, "USD")


def test_other_currencies_are_kept_apart_whatever_they_are():
    assert Amount.of(Decimal(3), "eur") == (None, Decimal(3), "EUR")
    assert Amount.of(Decimal(3), "credits:kiro") == (None, Decimal(3), "credits:kiro")
