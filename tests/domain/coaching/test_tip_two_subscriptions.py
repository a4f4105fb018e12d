"""Two seats and one tool in use: when that is said, what it may save, and whether it helped."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.coaching.facts import weeks_after
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.two_subscriptions import RULE
from bot.domain.tiers import Tier
from tests.domain.coaching.making import FOUR, UNTIL, facts, seat, used, week

LAST = UNTIL.period.last_day
TOLD = (("copilot", LAST), ("cursor", LAST), ("kiro", LAST))
CURSOR, COPILOT = seat("cursor", "36.82"), seat("copilot", "17.48")


def days(provider: str, count: int, backs=FOUR, **changes):
    """*count* days of use, the latest first, and the seat's cost on a Sunday of each week."""
    places = [(back, weekday) for back in backs for weekday in range(5)]
    use = [used(b, "1.4", weekday=d, provider=provider, **changes) for b, d in places[:count]]
    return use + [used(b, "1.4", weekday=6, provider=provider, is_use=False) for b in backs]


def person(cursor: int = 19, copilot: int = 1, *, seats=(CURSOR, COPILOT), told=TOLD, **changes):
    use = [*days("cursor", cursor), *days("copilot", copilot, **changes)]
    return facts(use=use, seats=seats, data_through=told)


def test_is_told_with_the_price_of_the_one_that_is_hardly_used():
    # 1 of 20 days is a twentieth; Copilot's seat was charged 17.48 in these 28 days
    assert RULE.find(person()) == Finding(
        rule="two_subscriptions",
        saving=Decimal("17.48"),
        measure=Decimal(1),
        goal=Decimal(0),
        values={"tool": "copilot", "main": "cursor"},
    )


def test_of_three_the_dearer_of_those_hardly_used_is_told():
    kiro = seat("kiro", "18.41")
    use = [*days("cursor", 20), *days("copilot", 1), *days("kiro", 1)]

    found = RULE.find(facts(use=use, seats=[CURSOR, COPILOT, kiro], data_through=TOLD))

    assert found.values["tool"] == "kiro"
    assert (found.measure, found.goal) == (Decimal(2), Decimal(1))


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param(person(copilot=0), id="one is not used at all: another tip's"),
        pytest.param(person(cursor=18, copilot=2), id="a tenth of the days"),
        pytest.param(person(cursor=7, copilot=1), id="too few days to tell"),
        pytest.param(person(seats=[CURSOR]), id="one seat"),
        pytest.param(person(seats=[CURSOR, seat(cost=None)]), id="a seat without a price"),
        pytest.param(person(tier=Tier.EXPLORATION), id="being tried out"),
        pytest.param(
            person(seats=[CURSOR, seat(first_day=week(3).monday)]), id="a seat of 27 days"
        ),
        pytest.param(person(told=(("cursor", LAST),)), id="one source has not told"),
    ],
)
def test_is_not_told_of(unfit):
    assert RULE.find(unfit) is None


class TestThreeWeeksLater:
    SINCE = weeks_after(week(3), 3)

    def later(self, *use) -> Decimal | None:
        later = facts(use=use, seats=[CURSOR, COPILOT], data_through=TOLD)
        return RULE.measure(later, self.SINCE)

    def test_nothing_changed(self):
        assert self.later(*days("cursor", 14), *days("copilot", 1)) == 1

    def test_the_other_one_is_used_as_well(self):
        assert self.later(*days("cursor", 9), *days("copilot", 6)) == 0

    def test_it_was_given_back(self):
        assert self.later(*days("cursor", 14), *days("copilot", 0, backs=(1, 2, 3))) == 0

    def test_too_few_days_of_use_tell_nothing(self):
        assert self.later(*days("cursor", 8)) is None
