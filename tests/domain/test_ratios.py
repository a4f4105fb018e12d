"""Spend per outcome: what it is made of, and when two of them differ."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.history import DayOfUse, FinishedWork
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.periods import IsoWeek
from bot.domain.ratios import RATIO_WEEKS, SpendPerOutcome, spend_per_outcome
from bot.domain.statistics import Difference, poisson_interval
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis

WEEK = IsoWeek(2026, 46)
LATELY = WEEK.monday
BEFORE = WEEK.back(8).monday
LONG_AGO = WEEK.back(RATIO_WEEKS).monday


def used(cost: str | None, day: date = LATELY, **changes: Any) -> DayOfUse:
    values = {
        "day": day,
        "provider": "anthropic",
        "cost": None if cost is None else Decimal(cost),
        "bases": frozenset({CostBasis.BILLED}),
    }
    return DayOfUse(**values | changes)


def did(day: date = LATELY, **changes: Any) -> FinishedWork:
    values = {
        "kind": OutcomeKind.TICKET_SOLVED,
        "completed_on": day,
        "state": OutcomeState.SETTLED,
        "has_evidence": False,
    }
    return FinishedWork(**values | changes)


def ratios(use: list[DayOfUse], work: list[FinishedWork]) -> tuple[SpendPerOutcome, ...]:
    return spend_per_outcome(use, work, WEEK.period, 5)


class TestWhatCounts:
    def test_is_eight_weeks_of_spend_over_their_settled_work(self):
        [ratio] = ratios([used("40"), used("60", BEFORE), used("9", LONG_AGO)], [did()] * 10)

        interval = poisson_interval(10)
        assert ratio.low == Decimal(40) / Decimal(interval.high)
        assert ratio.high == Decimal(40) / Decimal(interval.low)
        assert (ratio.settled, ratio.weeks) == (10, 8)

    @pytest.mark.parametrize("state", [s for s in OutcomeState if s is not OutcomeState.SETTLED])
    def test_is_never_of_work_that_has_not_settled(self, state):
        assert ratios([used("40")], [did(state=state)] * 10) == ()

    def test_leaves_experiments_out_on_both_sides(self):
        use = [used("40"), used("25", tier=Tier.EXPLORATION)]
        work = [did()] * 5 + [did(tier=Tier.EXPLORATION)] * 5

        [ratio] = ratios(use, work)

        assert ratio.settled == 5
        assert ratio.low == Decimal(40) / Decimal(poisson_interval(5).high)
        assert ratio.explored == 25

    def test_leaves_a_week_of_nothing_but_experiments_out_whole(self):
        trying = WEEK.back(1).monday
        use = [used("40"), used("25", trying, tier=Tier.EXPLORATION)]
        work = [did()] * 5 + [did(trying)] * 9

        [ratio] = ratios(use, work)

        assert (ratio.settled, ratio.weeks) == (5, 7)

    def test_counts_the_work_of_a_week_that_one_also_tried_something_in(self):
        use = [used("40"), used("25", tier=Tier.EXPLORATION)]

        [ratio] = ratios(use, [did()] * 5)

        assert (ratio.settled, ratio.weeks) == (5, 8)

    def test_a_seat_makes_no_week_one_of_use(self):
        trying = WEEK.back(1).monday
        seat = used("1", trying, is_use=False)
        use = [used("40"), seat, used("25", trying, tier=Tier.EXPLORATION)]

        [ratio] = ratios(use, [did()] * 5 + [did(trying)] * 9)

        assert ratio.settled == 5

    def test_an_experiment_without_a_price_makes_nothing_unknown(self):
        [ratio] = ratios([used("40"), used(None, tier=Tier.EXPLORATION)], [did()] * 5)

        assert not ratio.has_unpriced

    @pytest.mark.parametrize("kind", [OutcomeKind.LOGGED, OutcomeKind.REVIEW_GIVEN])
    def test_no_spend_is_set_against_what_is_a_series_of_its_own(self, kind):
        assert ratios([used("40")], [did(kind=kind)] * 10) == ()

    def test_shared_work_counts_as_the_persons_part_of_it(self):
        [ratio] = ratios([used("40")], [did(share=Decimal("0.5"))] * 11)

        assert ratio.settled == Decimal("5.5")
        assert ratios([used("40")], [did(share=Decimal("0.5"))] * 9) == ()

    def test_each_kind_has_its_own(self):
        work = [did()] * 5 + [did(kind=OutcomeKind.PAGE_PUBLISHED)] * 6

        kinds = [(ratio.kind, ratio.settled) for ratio in ratios([used("40")], work)]

        assert kinds == [(OutcomeKind.TICKET_SOLVED, 5), (OutcomeKind.PAGE_PUBLISHED, 6)]


class TestTheWeeksBefore:
    def test_are_not_told_of_with_little_work_in_them(self):
        use = [used("40"), used("60", BEFORE)]

        [ratio] = ratios(use, [did()] * 10 + [did(BEFORE)] * 4)

        assert (ratio.before, ratio.difference) == (None, None)

    def test_are_no_difference_where_the_ranges_overlap(self):
        use = [used("40"), used("60", BEFORE)]

        [ratio] = ratios(use, [did()] * 10 + [did(BEFORE)] * 10)

        assert ratio.before is not None
        assert ratio.before.high > ratio.low
        assert ratio.difference is None

    @pytest.mark.parametrize(
        ("now", "then", "difference"),
        [("400", "40", Difference.MORE), ("40", "400", Difference.LESS)],
    )
    def test_are_more_or_less_only_where_they_do_not(self, now, then, difference):
        use = [used(now), used(then, BEFORE)]

        [ratio] = ratios(use, [did()] * 20 + [did(BEFORE)] * 20)

        assert ratio.difference is difference

    def test_a_new_price_list_is_no_change_of_habit(self):
        """The same tokens, at three times the price since."""
        dearer = used("300", constant_cost=Decimal(100))
        use = [dearer, used("100", BEFORE)]

        [ratio] = ratios(use, [did()] * 30 + [did(BEFORE)] * 30)

        assert ratio.before is not None
        assert ratio.before.low == pytest.approx(ratio.low)
        assert ratio.difference is None

    @given(st.decimals("0.01", 10**6, places=2), st.integers(5, 400))
    def test_that_are_alike_never_differ(self, cost, count):
        work = [did()] * count + [did(BEFORE)] * count
        use = [used(str(cost)), used(str(cost), BEFORE)]

        [ratio] = ratios(use, work)

        assert ratio.difference is None
        assert ratio.before is not None
        assert (ratio.before.low, ratio.before.high) == (ratio.low, ratio.high)

    def test_end_where_the_weeks_of_now_begin(self):
        last_day_before = WEEK.back(7).monday - timedelta(days=1)
        work = [did()] * 5 + [did(last_day_before)] * 5

        [ratio] = ratios([used("40"), used("50", last_day_before)], work)

        assert ratio.settled == 5
        assert ratio.before is not None
        assert ratio.before.low == Decimal(50) / Decimal(poisson_interval(5).high)
