"""A seat nobody used: when a word about it is kind, what it costs, and whether it helped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.coaching.facts import Seat, weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.unused_seat import RULE
from tests.domain.coaching.making import FOUR, UNTIL, facts, seat, used, week

TOLD = (("anthropic", UNTIL.period.last_day), ("copilot", UNTIL.period.last_day))
COPILOT = seat()
BOTH = (*TOLD, ("cursor", UNTIL.period.last_day))


def paid(provider: str = "copilot", backs=FOUR, cost: str | None = "4.75"):
    """The seat's own days, on which nothing is used."""
    return [used(back, cost, provider=provider, is_use=False) for back in backs]


def idle(*more, seats=(COPILOT,), data_through=TOLD):
    """Somebody who uses Claude, and pays for Copilot beside it."""
    use = [*[used(back) for back in FOUR], *paid(), *more]
    return facts(use=use, seats=seats, data_through=data_through)


def test_is_told_with_what_it_cost_in_four_weeks():
    # 19 dollars a month's seat, charged 17.48 in these 28 days
    found = RULE.find(idle(seats=[seat(cost="17.48")]))

    assert found == Finding(
        rule="unused_seat",
        saving=Decimal("17.48"),
        measure=Decimal(1),
        goal=Decimal(0),
        values={"tool": "copilot"},
    )


def test_of_several_the_dearest_is_told():
    seats = [seat(cost="19"), seat("cursor", "40")]

    found = RULE.find(idle(*paid("cursor"), seats=seats, data_through=BOTH))

    assert found.values == {"tool": "cursor"}
    assert (found.saving, found.measure, found.goal) == (Decimal(40), Decimal(2), Decimal(1))


def test_one_without_a_known_price_is_told_without_a_saving():
    use = [used(), *paid(cost=None)]

    found = RULE.find(facts(use=use, seats=[seat(cost=None)], data_through=TOLD))

    assert found.saving is None


def test_is_told_to_somebody_who_never_used_anything():
    assert RULE.find(facts(use=paid(), seats=[seat()], data_through=TOLD))


@pytest.mark.parametrize(
    "teller", ["copilot", "otlp:copilot"], ids=["the provider", "the tool's telemetry"]
)
def test_a_seat_that_was_used_is_left_alone(teller: str):
    assert RULE.find(idle(used(2, "0", provider=teller))) is None


def test_a_new_seat_is_left_alone():
    last = UNTIL.period.last_day

    assert RULE.find(idle(seats=[seat(first_day=last - timedelta(days=29))])) is None
    assert RULE.find(idle(seats=[seat(first_day=last - timedelta(days=30))]))


@pytest.mark.parametrize("through", [None, UNTIL.period.last_day - timedelta(days=1)])
def test_days_that_are_not_told_yet_are_not_days_without_use(through: date | None):
    told = (("anthropic", UNTIL.period.last_day), ("copilot", through))

    assert RULE.find(idle(data_through=told)) is None


def test_a_source_that_was_turned_off_tells_nothing():
    assert RULE.find(idle(data_through=())) is None


def test_somebody_who_is_away_is_left_in_peace():
    use = [used(6), *paid()]

    assert RULE.find(facts(use=use, seats=[seat()], data_through=TOLD)) is None


def test_a_seat_that_was_given_back_is_no_matter_any_more():
    use = [used(), *paid(backs=(2, 3))]

    assert RULE.find(facts(use=use, seats=[seat()], data_through=TOLD)) is None


def test_nobody_without_a_seat_is_told_anything():
    assert RULE.find(facts(use=[used()])) is None


class TestThreeWeeksLater:
    SINCE = weeks_after(week(3), 3)

    def later(self, *more, seats: tuple[Seat, ...] = (COPILOT,), backs=FOUR) -> Decimal | None:
        use = [*[used(back) for back in FOUR], *paid(backs=backs), *more]
        return RULE.measure(facts(use=use, seats=seats, data_through=TOLD), self.SINCE)

    def test_it_is_still_there(self):
        assert self.later() == 1

    def test_it_was_used(self):
        assert self.later(used(1, "0", provider="copilot")) == 0

    def test_it_was_given_back(self):
        assert self.later(backs=(2, 3)) == 0

    def test_a_seat_that_came_since_is_no_matter(self):
        assert self.later(seats=(COPILOT, seat(first_day=week(1).monday))) == 1
