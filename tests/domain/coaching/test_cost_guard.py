"""The cost guard: one day far above one's own days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coaching.cost_guard import FEWEST_DAYS, cost_guard, is_far_above
from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.history import DayOfUse, PersonalHistory
from bot.domain.people import PersonId
from bot.domain.tiers import Tier
from tests.domain.coaching.making import BILLED

DAY = date(2026, 11, 13)
amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


def used(back: int, cost: str, **changes) -> DayOfUse:
    values = {
        "day": DAY - timedelta(days=back),
        "provider": "anthropic",
        "cost": Decimal(cost),
        "bases": BILLED,
    }
    return DayOfUse(**values | changes)


def guard(*use: DayOfUse, **changes) -> Nudge | None:
    history = PersonalHistory(owner=PersonId(1), use=use, work=(), data_through=())
    return cost_guard(history, DAY, **changes)


USUAL = [used(back, "12") for back in range(1, 1 + FEWEST_DAYS)]


def test_tells_the_day_beside_the_usual_one():
    assert guard(*USUAL, used(0, "212.40")) == Nudge(
        kind=NudgeKind.COST_GUARD,
        first_day=DAY,
        last_day=DAY,
        spend=(Decimal("212.40"),),
        low=Decimal(12),
        high=Decimal(12),
        provider="anthropic",
    )


@pytest.mark.parametrize(("cost", "is_guarded"), [("60", False), ("61", True)])
def test_five_times_the_middle_day(cost, is_guarded):
    assert (guard(*USUAL, used(0, cost)) is not None) is is_guarded


def test_under_fifty_dollars_there_is_nothing_to_protect_from():
    cheap = [used(back, "1") for back in range(1, 20)]

    assert guard(*cheap, used(0, "50")) is None
    assert guard(*cheap, used(0, "50.01")) is not None
    assert guard(*cheap, used(0, "60"), floor=Decimal(70)) is None


def test_days_that_vary_much_take_a_larger_one():
    uneven = [used(back, cost) for back, cost in enumerate(["2", "12", "90"] * 5, start=1)]

    assert guard(*uneven, used(0, "200")) is None
    assert guard(*uneven, used(0, "271")) is not None


def test_days_that_vary_a_little_take_little_more():
    uneven = [used(back, cost) for back, cost in enumerate(["6", "12", "24"] * 5, start=1)]

    assert guard(*uneven, used(0, "61")) is None
    assert guard(*uneven, used(0, "73")) is not None


def test_too_few_days_tell_nothing():
    assert guard(*USUAL[1:], used(0, "500")) is None
    assert guard(used(0, "500")) is None
    assert guard() is None


def test_a_day_of_experiments_is_left_alone():
    assert guard(*USUAL, used(0, "500", tier=Tier.EXPLORATION)) is None


def test_what_comes_after_the_day_is_no_part_of_it():
    assert guard(*USUAL, used(0, "10"), used(-1, "900")) is None


def test_days_are_compared_at_equal_prices():
    dearer = used(0, "100", constant_cost=Decimal(10))

    assert guard(*USUAL, dearer) is None


def test_no_tool_is_named_where_none_has_most_of_it():
    nudge = guard(*USUAL, used(0, "100"), used(0, "100", provider="openai"))

    assert nudge is not None
    assert (nudge.spend, nudge.provider) == ((Decimal(200),), None)


def test_days_without_spend_are_not_active():
    free = [used(back, "0") for back in range(30, 60)]

    assert guard(*free, *USUAL, used(0, "61")) is not None
    assert guard(*free, used(0, "61")) is None


@given(st.lists(amounts, max_size=30), amounts)
def test_whatever_the_amounts_are_there_is_an_answer(earlier, cost):
    nudge = guard(*(used(n, str(a)) for n, a in enumerate(earlier, start=1)), used(0, str(cost)))

    if nudge is not None:
        assert nudge.spend[0] > max(Decimal(50), 5 * nudge.high)


@given(
    st.lists(st.floats(min_value=1, max_value=1000), min_size=10, max_size=40),
    st.floats(min_value=1, max_value=1e5),
    st.integers(min_value=0, max_value=10),
)
def test_who_spends_more_is_judged_alike(earlier, amount, doublings):
    factor = 2.0**doublings
    edge = is_far_above(earlier, amount * 1.0001) != is_far_above(earlier, amount * 0.9999)

    assert edge or is_far_above([a * factor for a in earlier], amount * factor) == is_far_above(
        earlier, amount
    )
