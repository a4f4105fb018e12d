"""Checks tell what happened: days differ by a factor of two, and habits change or they do not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest

from bot.domain.coaching.facts import Facts, ModelWeek, weeks_after
from bot.domain.coaching.rules import Rule
from bot.domain.coaching.tips import clear_context, effort, right_size, stay_in_session
from bot.domain.usage import TokenUsage
from tests.domain.coaching.making import UNTIL, facts, model_week, rates_of, tokens

PEOPLE = 60
SINCE = weeks_after(UNTIL, 3)
DAY_SIGMA = 0.6
COSTLY, SMALL = "claude-opus-5", "claude-haiku-4-5"
PLANTED = {
    "stay_in_session": stay_in_session.RULE,
    "right_size": right_size.RULE,
    "clear_context": clear_context.RULE,
    "effort": effort.RULE,
    "nothing": stay_in_session.RULE,
}


def a_day(rng: Random, habit: str, model: str) -> tuple[TokenUsage, int]:
    """Tokens as a coding tool uses them, and the requests that read them."""
    read = 5_000_000 * rng.lognormvariate(0, DAY_SIGMA) * (1 if model == COSTLY else 0.2)
    fresh, written = rng.uniform(0.003, 0.03), rng.uniform(0.02, 0.05)
    lost = 0.33 if habit == "stay_in_session" else 0
    longer = 4 if habit == "effort" else 1
    wider = 4 if habit == "clear_context" else 1
    used = tokens(
        uncached=int(read * wider * (fresh + lost)),
        read=int(read * wider * (1 - lost)),
        write=int(read * wider * written),
        output=int(read * rng.uniform(0.01, 0.012) * longer),
    )
    return used, 1 + int(read / rng.uniform(70_000, 90_000))


def a_week(rng: Random, back: int, habit: str) -> Iterator[ModelWeek]:
    for model in (COSTLY, SMALL):
        days = [a_day(rng, habit, model) for _ in range(4)]
        whole = tokens(uncached=0, read=0, write=0, output=0)
        for used, _ in days:
            whole += used
        # who heeds the tip to try a smaller model does so for all
        name = "claude-sonnet-5" if (model, habit) == (COSTLY, "smaller") else model
        cost = rates_of(name).cost(whole)
        requests = sum(count for _, count in days)
        yield model_week(back, model=name, tokens=whole, requests=requests, cost=cost)


def a_life(rng: Random, habit: str, *, heeds: bool) -> list[ModelWeek]:
    """Twelve plain weeks, four with the habit, and three after the tip."""
    better = "smaller" if habit == "right_size" else "plain"
    habits = ["plain"] * 12 + [habit] * 4 + [better if heeds else habit] * 3
    return [use for n, kept in enumerate(habits) for use in a_week(rng, 15 - n, kept)]


def gone(rule: Rule, life: list[ModelWeek]) -> Decimal | None:
    """How much of the way to the goal was gone, where a check was promised."""
    found = rule.find(known(life, 0))
    if found is None or found.measure is None:
        return None
    after = rule.measure(known(life, 3), SINCE)
    return (after - found.measure) / (found.goal - found.measure)


def known(life: list[ModelWeek], later: int) -> Facts:
    last = SINCE[later - 1] if later else UNTIL
    return facts(*[use for use in life if last.back(15) <= use.week <= last], until=last)


def ways(habit: str, *, heeds: bool) -> list[Decimal]:
    rng = Random(f"{habit}/{heeds}")
    told = [gone(PLANTED[habit], a_life(rng, habit, heeds=heeds)) for _ in range(PEOPLE)]
    return [way for way in told if way is not None]


@pytest.mark.parametrize("habit", ["stay_in_session", "right_size", "clear_context", "effort"])
def test_a_tip_that_was_heeded_is_told_to_have_worked(habit):
    told = ways(habit, heeds=True)

    assert len(told) > PEOPLE / 4
    assert sum(way >= Decimal(2) / 3 for way in told) >= 0.95 * len(told)


@pytest.mark.parametrize("habit", ["stay_in_session", "right_size", "clear_context", "effort"])
def test_a_tip_that_was_not_heeded_is_told_to_have_had_no_effect(habit):
    told = ways(habit, heeds=False)

    assert len(told) > PEOPLE / 4
    assert sum(way < Decimal(1) / 3 for way in told) >= 0.95 * len(told)


def test_nobody_whose_habits_are_as_ever_is_told_to_stay_in_a_session():
    rng = Random("as ever")
    lives = [a_life(rng, "nothing", heeds=False) for _ in range(PEOPLE)]

    assert [stay_in_session.RULE.find(known(life, 0)) for life in lives] == [None] * PEOPLE
