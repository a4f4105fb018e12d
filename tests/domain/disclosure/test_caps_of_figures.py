"""Caps: no more of anybody than what one in ten has, and the same from week to week."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.caps import FEWEST_AMOUNTS, ROUND_AMOUNTS, caps_of
from bot.domain.disclosure.contributions import Cell

weeks = st.lists(st.decimals(0, 100_000, places=2), max_size=200)


def numbers(last: int) -> list[Decimal]:
    return [Decimal(n) for n in range(1, last + 1)]


def test_one_in_ten_has_more_than_the_cap():
    assert caps_of({Cell.SPEND: numbers(200)})[Cell.SPEND] == 200 * Decimal("0.9") + 20


@pytest.mark.parametrize(
    ("nine_in_ten", "cap"),
    [("87", 80), ("93", 100), ("0.31", "0.3"), ("1130", 1200), ("4499.99", 4000)],
)
def test_a_cap_is_a_round_number_close_by(nine_in_ten, cap):
    assert caps_of({Cell.SPEND: [Decimal(nine_in_ten)] * 60})[Cell.SPEND] == Decimal(cap)


@pytest.mark.parametrize(("nine_in_ten", "cap"), [("0.2", 1), ("2.6", 3), ("12", 12)])
def test_pieces_are_capped_at_whole_ones(nine_in_ten, cap):
    assert caps_of({Cell.LOGGED: [Decimal(nine_in_ten)] * 60})[Cell.LOGGED] == cap


def test_few_amounts_tell_nothing_of_a_cap():
    few = numbers(FEWEST_AMOUNTS - 1)

    assert caps_of({Cell.SPEND: few}) == ROUND_AMOUNTS
    assert caps_of({Cell.SPEND: [*few, Decimal(900)]}) != ROUND_AMOUNTS


def test_weeks_without_anything_do_not_lower_it():
    idle = [Decimal(0)] * 500

    assert caps_of({Cell.SPEND: numbers(200) + idle}) == caps_of({Cell.SPEND: numbers(200)})


@given(st.dictionaries(st.sampled_from(Cell), weeks))
def test_every_figure_has_a_cap(past):
    caps = caps_of(past)

    assert set(caps) == set(Cell)
    assert min(caps.values()) > 0
    assert all(caps[cell] % 1 == 0 for cell in Cell if cell is not Cell.SPEND)


@given(weeks)
def test_the_order_of_amounts_says_nothing(amounts):
    assert caps_of({Cell.SPEND: amounts}) == caps_of({Cell.SPEND: amounts[::-1]})
