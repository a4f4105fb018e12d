"""What is usual: the last active weeks, without experiments, holidays and what was let go."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.history import DayOfUse
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis
from bot.domain.usual import active_weeks, price_level, usual_week, usual_weeks

WEEK = IsoWeek(2026, 46)
MONDAY = WEEK.monday


def used(week: int, cost: str | None = "10", day: int = 0, **changes: Any) -> DayOfUse:
    """Use on a day of the week that is so many before the one that is asked about."""
    values = {
        "day": WEEK.back(week).monday + timedelta(days=day),
        "provider": "anthropic",
        "cost": None if cost is None else Decimal(cost),
        "bases": frozenset({CostBasis.BILLED}),
    }
    return DayOfUse(**values | changes)


def whole_weeks(costs: dict[int, str], days: int = 5) -> list[DayOfUse]:
    """Weeks of so many days each, with the cost of a week on the first of them."""
    return [
        used(week, cost if day == 0 else "0", day=day)
        for week, cost in costs.items()
        for day in range(days)
    ]


def spend_of(use: list[DayOfUse], **since: Any) -> list[Decimal]:
    return [week.spend for week in usual_weeks(use, before=MONDAY, **since)]


def test_it_is_made_of_the_last_eight_weeks_with_use():
    use = [used(week, str(week)) for week in (1, 2, 3, 5, 6, 7, 9, 10, 11, 12)]

    assert spend_of(use) == [Decimal(week) for week in (10, 9, 7, 6, 5, 3, 2, 1)]


def test_it_is_their_median_and_the_middle_eight_tenths():
    usual = usual_week([used(week, str(10 * week)) for week in range(1, 6)], before=MONDAY)

    assert usual is not None
    assert (usual.low, usual.median, usual.high, usual.weeks) == (14, 30, 46, 5)


def test_it_is_not_known_after_one_active_week_or_none():
    assert usual_week([], before=MONDAY) is None
    assert usual_week([used(1)], before=MONDAY) is None


def test_the_week_asked_about_is_no_part_of_it():
    assert spend_of([used(0, "500"), used(1, "7")]) == [Decimal(7)]


def test_experiments_are_no_part_of_it():
    tried = [used(week, "900", tier=Tier.EXPLORATION) for week in range(1, 5)]

    assert spend_of([*tried, used(2, "7")]) == [Decimal(7)]


def test_what_is_paid_for_and_not_used_makes_no_week_active():
    assert spend_of([used(1, "19", is_use=False)]) == []


def test_use_without_a_price_tells_nothing():
    assert spend_of([used(1, None)]) == []


def test_a_holiday_week_is_no_part_of_it():
    use = [*whole_weeks({1: "50", 2: "60", 4: "70"}), used(3, "1", day=4)]

    assert spend_of(use) == [Decimal(70), Decimal(60), Decimal(50)]


def test_whoever_works_few_days_has_no_holidays_all_year():
    use = [used(week, "5") for week in range(1, 5)]

    assert spend_of(use) == [Decimal(5)] * 4


def test_it_starts_anew_on_the_persons_word():
    use = whole_weeks({1: "90", 2: "80", 3: "7", 4: "6"})

    since = WEEK.back(2).monday

    assert spend_of(use, since=since) == [Decimal(80), Decimal(90)]
    assert usual_week(use, before=MONDAY, since=since) is None


def test_a_week_that_began_before_that_is_left_out_whole():
    since = WEEK.back(2).monday + timedelta(days=1)

    assert spend_of(whole_weeks({1: "90", 2: "80"}), since=since) == [Decimal(90)]


def test_a_price_cut_is_no_change_of_habit():
    before = [used(week, "20", constant_cost=None) for week in range(2, 6)]
    after = [used(1, "10", constant_cost=Decimal(20))]

    usual = usual_week([*before, *after], before=MONDAY)

    assert usual is not None
    assert (usual.low, usual.median, usual.high) == (10, 10, 10)


def test_without_a_cost_prices_are_as_they_were():
    assert price_level([]) == 1
    assert price_level([used(1, "0"), used(2, None)]) == 1
    assert price_level([used(1, "3", constant_cost=Decimal(0))]) == 1


def test_a_correction_larger_than_its_week_is_kept_as_it_is():
    use = [*whole_weeks({1: "10", 2: "10", 3: "10", 4: "10"}), used(1, "-25", is_use=False)]

    assert spend_of(use)[-1] == -15


@given(
    st.lists(
        st.builds(
            used,
            st.integers(0, 20),
            st.none() | st.decimals(-1000, 10_000, places=4).map(str),
            day=st.integers(0, 6),
            tier=st.sampled_from(Tier),
            is_use=st.booleans(),
        ),
        max_size=80,
    )
)
def test_it_is_always_a_range_round_its_middle(use):
    usual = usual_week(use, before=MONDAY)

    weeks = active_weeks(use)
    assert all(week.days > 0 for week in weeks)
    if usual is not None:
        assert usual.low <= usual.median <= usual.high
        assert 4 <= usual.weeks <= 8
