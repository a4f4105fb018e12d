"""How far list prices moved: found by looking now and then, told to the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.price_levels import levels

FIRST, LAST = date(2026, 7, 20), date(2026, 11, 20)
CHANGED = date(2026, 9, 1)
days_between = st.integers(1, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))


def price(*changes: tuple[date, str]) -> Callable[[date], Decimal | None]:
    """A price list: nothing is known before the first of *changes*."""

    def price_on(day: date) -> Decimal | None:
        known = [amount for since, amount in changes if since <= day]
        return Decimal(known[-1]) if known else None

    return price_on


def found(*changes: tuple[date, str]) -> list[tuple[date, Decimal]]:
    told = levels("anthropic", "claude-sonnet-5", price(*changes), FIRST, LAST)
    return [(level.first_day, level.level) for level in told]


def test_a_price_that_stays_has_no_levels():
    assert found((FIRST, "2")) == []


def test_a_price_that_nobody_knows_has_none_either():
    assert found() == []


def test_a_change_is_told_to_the_day_as_a_multiple_of_the_first_price():
    changes = [(date(2025, 1, 1), "2"), (CHANGED, "3")]

    assert found(*changes) == [(FIRST, Decimal(1)), (CHANGED, Decimal("1.5"))]


def test_a_model_that_is_new_begins_with_its_first_price():
    later = date(2026, 10, 9)

    [first, second] = found((CHANGED, "4"), (later, "1"))

    assert first == (CHANGED, Decimal(1))
    assert second == (later, Decimal("0.25"))


@given(days_between)
def test_whatever_day_it_changes_on(day):
    assert found((FIRST, "2"), (day, "5")) == [(FIRST, Decimal(1)), (day, Decimal("2.5"))]


def test_a_window_of_one_day_has_one_price():
    assert levels("anthropic", "m", price((FIRST, "2")), FIRST, FIRST) == ()
