"""Rounding: a figure says by its step how rough it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.bands import band_of
from bot.domain.disclosure.rounding import step_of, to_nearest

amounts = st.decimals(0, 10_000_000, places=2)
caps = st.decimals("0.01", 1_000_000, places=2)


@pytest.mark.parametrize(
    ("cap", "step"),
    [
        ("100", "50"),
        ("80", "25"),
        ("50", "25"),
        ("40", "20"),
        ("30", "10"),
        ("5", "2.5"),
        ("1", "0.5"),
    ],
)
def test_money_has_a_round_step(cap, step):
    assert step_of(Decimal(cap), whole=False) == Decimal(step)


@pytest.mark.parametrize(("cap", "step"), [(1, 1), (2, 1), (5, 2), (10, 5), (50, 25)])
def test_pieces_have_a_whole_step(cap, step):
    assert step_of(Decimal(cap), whole=True) == step


@given(caps)
def test_a_step_is_a_quarter_to_a_half_of_what_one_person_may_add(cap):
    assert cap / 4 < step_of(cap, whole=False) <= cap / 2


@given(amounts, caps)
def test_a_figure_is_the_nearest_step(amount, cap):
    step = step_of(cap, whole=False)

    assert to_nearest(amount, step) % step == 0
    assert abs(to_nearest(amount, step) - amount) <= step / 2


@given(amounts, caps)
def test_a_band_has_the_amount_in_it(amount, cap):
    band = band_of(amount, cap)

    assert band.low <= amount < band.high


@given(amounts, caps)
def test_a_band_ends_at_round_numbers_no_closer_than_half_a_cap(amount, cap):
    band = band_of(amount, cap)

    assert {Decimal(end).normalize().as_tuple().digits for end in (band.low, band.high)} <= {
        (0,),
        (1,),
        (2,),
        (5,),
    }
    assert band.high - band.low >= cap / 2 - Decimal("0.01") or band.low == 0


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [("0", 0, 50), ("49.99", 0, 50), ("50", 50, 100), ("130", 100, 200), ("999", 500, 1000)],
)
def test_bands_of_a_workspace(amount, low, high):
    band = band_of(Decimal(amount), Decimal(80))

    assert (band.low, band.high) == (low, high)
