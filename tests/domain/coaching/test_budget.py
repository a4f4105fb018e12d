"""Half, most and all of a month's amount are told once each, whatever the figures do."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coaching.budget import (
    STEPS,
    MonthsEnd,
    budget_note,
    due_steps,
    months_end,
)
from bot.domain.history import DayOfUse, PersonalHistory
from bot.domain.people import PersonId
from bot.domain.periods import days, month_of
from bot.domain.usage import CostBasis

NOVEMBER = month_of(date(2026, 11, 1))
"""It begins on a Sunday."""
TENTH = date(2026, 11, 10)
OWNER = PersonId(1)

amounts = st.integers(1, 100_000)
spends = st.decimals(-1_000, 300_000, places=2)


def used(day: int, cost: str | None = "10", *, month=NOVEMBER, **changes) -> DayOfUse:
    values = {
        "day": month.first_day.replace(day=day),
        "provider": "anthropic",
        "cost": None if cost is None else Decimal(cost),
        "bases": frozenset({CostBasis.BILLED}),
    }
    return DayOfUse(**values | changes)


def history(*use: DayOfUse, through=(("anthropic", TENTH),)) -> PersonalHistory:
    return PersonalHistory(owner=OWNER, use=use, work=(), data_through=through)


def note(*use: DayOfUse, amount: int = 100, told=(), last: date = TENTH, through=None):
    through = (("anthropic", TENTH),) if through is None else through
    return budget_note(history(*use, through=through), NOVEMBER, last, amount=amount, told=told)


class TestTheLadder:
    @pytest.mark.parametrize(
        ("spent", "told", "due"),
        [
            ("49.99", (), ()),
            ("50", (), (50,)),
            ("79.99", (50,), ()),
            ("80", (50,), (80,)),
            ("100", (50, 80), (100,)),
            ("100", (50, 80, 100), ()),
            ("1000", (50, 80, 100), ()),
            ("-5", (), ()),
        ],
    )
    def test_has_three_steps(self, spent, told, due):
        assert due_steps(Decimal(spent), 100, told) == due

    def test_is_passed_in_one_go_where_the_first_figures_of_a_month_come_late(self):
        assert due_steps(Decimal(85), 100, ()) == (50, 80)

    def test_does_not_go_back_to_a_step_below_one_that_was_told(self):
        assert due_steps(Decimal(85), 100, {80}) == ()

    @pytest.mark.parametrize("amount", [0, -1])
    def test_is_not_there_without_an_amount(self, amount):
        assert due_steps(Decimal(1_000), amount, ()) == ()

    @given(amounts, st.lists(spends, max_size=30))
    def test_never_has_a_step_twice_and_never_misses_one(self, amount, looks):
        """Spend is restated down and up again, and an amount may be passed in one go."""
        told: set[int] = set()
        messages: list[int] = []
        for spent in looks:
            due = due_steps(spent, amount, told)
            assert told.isdisjoint(due)
            told.update(due)
            messages += due[-1:]

        highest = max(looks, default=Decimal(0))
        assert told == {step for step in STEPS if highest * 100 >= step * amount}
        assert messages == sorted(set(messages))
        assert max(messages, default=0) == max(told, default=0)

    @given(amounts, st.lists(st.decimals(0, 5_000, places=2), max_size=31))
    def test_is_told_on_the_very_day_on_which_a_step_is_reached(self, amount, costs):
        told: set[int] = set()
        for spent in accumulate(costs):
            told.update(due_steps(spent, amount, told))
            assert told == {step for step in STEPS if spent * 100 >= step * amount}


class TestANote:
    def test_names_the_highest_step_and_has_the_others_told_with_it(self):
        found = note(used(3, "85"))

        assert (found.step, found.reached, found.spent) == (80, (50, 80), Decimal(85))

    def test_is_of_the_months_own_days_up_to_the_last_that_is_asked_for(self):
        october = used(31, "500", month=month_of(date(2026, 10, 1)))
        tomorrow = used(11, "500")

        assert note(october, used(3, "60"), tomorrow).spent == Decimal(60)

    def test_adds_no_other_currency_up(self):
        euros = used(4, None, currency="EUR", foreign_cost=Decimal(900))

        assert note(euros) is None
        assert note(euros, used(3, "40")) is None
        assert note(euros, used(3, "60")).is_partial

    def test_says_where_some_use_has_no_price(self):
        assert note(used(3, "60"), used(4, None, has_unpriced=True)).is_partial
        assert not note(used(3, "60")).is_partial

    def test_is_not_given_of_a_month_without_figures(self):
        assert note() is None

    def test_says_what_kind_of_amounts_it_is_made_of(self):
        listed = used(4, "30", bases=frozenset({CostBasis.LIST_PRICE}))

        assert note(used(3, "30"), listed).bases == {CostBasis.BILLED, CostBasis.LIST_PRICE}

    def test_of_a_month_that_is_over_looks_no_further(self):
        found = note(*(used(day) for day in range(2, 20)), last=date(2026, 12, 3))

        assert found.is_over

    def test_looks_ahead_from_the_last_day_that_every_source_has_told_of(self):
        """A day of which one of two tools has told would look like a quiet one."""
        use = [used(day, "20") for day in range(2, 11)]
        late = (("anthropic", TENTH), ("openai", date(2026, 11, 6)), ("otlp:codex", None))

        found = note(*use, through=late)

        ahead = months_end(use, date(2026, 11, 6))
        assert found.months_end == MonthsEnd(low=max(ahead.low, found.spent), high=ahead.high)

    def test_never_looks_ahead_to_less_than_is_spent(self):
        use = [used(day) for day in range(2, 8)]

        found = note(*use, used(9, "5000"), through=(("anthropic", date(2026, 11, 7)),))

        assert found.months_end == MonthsEnd(low=found.spent, high=found.spent)

    def test_does_not_look_ahead_from_figures_of_the_month_before(self):
        found = note(*(used(day) for day in range(1, 8)), through=(("a", date(2026, 10, 30)),))

        assert found.months_end is None


class TestTheMonthsEnd:
    def test_is_exact_where_every_day_is_alike(self):
        """Ten dollars each working day: seven so far, fourteen to come."""
        working_days = [used(day) for day in range(2, 11) if date(2026, 11, day).weekday() < 5]

        ahead = months_end(working_days, TENTH)

        assert ahead == MonthsEnd(low=Decimal(210), high=Decimal(210))

    def test_is_a_range_where_they_differ(self):
        costs = ("4", "9", "22", "7", "13", "31", "6")
        dates = [day for day in range(2, 11) if date(2026, 11, day).weekday() < 5]
        use = [used(day, cost) for day, cost in zip(dates, costs, strict=True)]

        ahead = months_end(use, TENTH)

        average = Decimal(92) + Decimal(92) / 7 * 14
        assert Decimal(92) < ahead.low < average < ahead.high

    def test_counts_on_weekends_only_for_those_who_work_on_them(self):
        every_day = [used(day) for day in range(1, 11)]

        assert months_end(every_day, TENTH) == MonthsEnd(low=Decimal(300), high=Decimal(300))

    @pytest.mark.parametrize("active", [0, 1, 4])
    def test_is_not_told_from_a_few_days(self, active):
        assert months_end([used(day) for day in range(2, 2 + active)], TENTH) is None

    def test_is_not_told_of_a_month_that_is_over(self):
        use = [used(day) for day in range(2, 10)]

        assert months_end(use, date(2026, 11, 30)) is None

    def test_is_not_told_after_a_correction_larger_than_the_month(self):
        use = [*(used(day) for day in range(2, 8)), used(9, "-500")]

        assert months_end(use, TENTH) is None

    def test_is_not_told_where_no_day_is_left_that_would_be_an_active_one(self):
        """Five working days, and a weekend to come."""
        use = [
            used(day, month=month_of(date(2026, 1, 1)))
            for day in range(1, 31)
            if date(2026, 1, day).weekday() < 5
        ]

        assert months_end(use, date(2026, 1, 30)) is None

    def test_takes_a_seat_for_no_day_of_use(self):
        seats = [used(day, "1", is_use=False) for day in range(1, 11)]
        use = [used(day) for day in range(2, 11) if date(2026, 11, day).weekday() < 5]

        assert months_end([*seats, *use], TENTH).low == Decimal(220)

    def test_takes_a_month_that_begins_on_a_monday_for_one_with_free_weekends(self):
        june = [used(day, month=month_of(date(2026, 6, 1))) for day in range(1, 6)]

        assert months_end(june, date(2026, 6, 5)) == MonthsEnd(low=Decimal(220), high=Decimal(220))

    @pytest.mark.parametrize("sigma", [0.6, 0.9])
    def test_holds_what_comes_about_eight_times_out_of_ten(self, sigma):
        random_ = random.Random(20261101)
        held = [_held(random_, sigma) for _ in range(600)]

        assert 0.72 <= sum(held) / len(held) <= 0.88


def _held(random_: random.Random, sigma: float) -> bool:
    """A month of somebody who works on most working days, and the range on its tenth."""
    month = [day for day in days(NOVEMBER.first_day, NOVEMBER.last_day) if day.weekday() < 5]
    use = [
        used(day.day, f"{random_.lognormvariate(2, sigma):.2f}")
        for day in month
        if random_.random() < 0.9
    ]
    fifteenth = TENTH + timedelta(days=5)
    ahead = months_end([entry for entry in use if entry.day <= fifteenth], fifteenth)
    return ahead is None or ahead.low <= sum(entry.cost for entry in use) <= ahead.high
