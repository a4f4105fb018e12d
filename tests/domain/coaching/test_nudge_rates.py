"""How often the rule is wrong, on a few made-up lives: the benchmark has the whole table."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from bench import nudging
from bench.lives import EARLIER, QUARTER, WEEKDAYS, Life, live
from bench.nudge_rules import two_weeks, two_weeks_at_worst
from bot.domain.coaching.two_weeks import two_high_weeks
from bot.domain.history import DayOfUse
from bot.domain.periods import IsoWeek
from tests.domain.coaching.making import BILLED, facts, finished

pytestmark = pytest.mark.no_cover  # tracing would double what many lives take
FIRST_MONDAY = IsoWeek(2026, 23).monday
HELD = {"nudge": two_weeks, "nudge_with_any_sign": two_weeks_at_worst}


@pytest.mark.parametrize(
    ("sigma", "fewest_found"),
    [(0.6, 0.85), (0.9, 0.8), (1.2, 0.7)],
)
def test_the_rule_keeps_within_its_bounds_with_room_to_spare(sigma, fewest_found):
    rates = nudging.rates_of(HELD, sigma, people=1_200, seeds=range(2))

    assert rates["nudge"].false_alarms <= 0.7 * nudging.MOST_FALSE_ALARMS[sigma]
    assert rates["nudge_with_any_sign"].false_alarms <= 0.7 * nudging.MOST_FALSE_ALARMS[sigma]
    assert rates["nudge"].found >= fewest_found
    assert rates["nudge"].migrations <= 0.6 * nudging.MOST_MIGRATIONS


def test_work_that_comes_in_lumps_harms_nobody_either():
    [lumpy] = nudging.rates_of(
        {"nudge": two_weeks}, 0.6, people=1_200, seeds=range(2), lumpiness=0.5
    ).values()

    assert lumpy.false_alarms <= nudging.MOST_FALSE_ALARMS[0.6]
    assert lumpy.migrations <= nudging.MOST_MIGRATIONS


@pytest.mark.parametrize("sigma", nudging.SIGMAS)
def test_lives_are_judged_in_the_bench_as_in_the_product(sigma):
    rng = Random(f"the same as {sigma}")
    judged = set()
    for _ in range(40):
        last = rng.randrange(EARLIER + 1, EARLIER + QUARTER)
        life = live(sigma, rng).with_two_weeks(last, times=nudging.TIMES, work=False)
        nudge = two_high_weeks(facts_of(life, last), since=None)
        judged.add(nudge is not None)
        assert (nudge is not None) is two_weeks(life, last)

    assert judged == {True, False}


def facts_of(life: Life, last: int):
    use = [
        DayOfUse(
            day=FIRST_MONDAY + timedelta(weeks=week, days=n),
            provider="anthropic",
            cost=Decimal(spend),
            bases=BILLED,
        )
        for week in range(last + 1)
        for n, spend in zip(range(WEEKDAYS), life.days[week], strict=True)
        if spend
    ]
    work = [
        finished(completed_on=FIRST_MONDAY + timedelta(weeks=week))
        for week in range(last + 1)
        for _ in range(life.outcomes[week])
    ]
    until = IsoWeek.of(FIRST_MONDAY + timedelta(weeks=last))
    return facts(use=use, work=work, data_through=(), until=until)


def test_the_same_seed_makes_the_same_lives():
    assert live(0.6, Random(7)) == live(0.6, Random(7))


def test_days_cost_what_was_published():
    """A mean of about $13 an active day, and nine in ten under about $30."""
    lives = [live(0.6, Random(n)) for n in range(1_500)]

    days = sorted(day for life in lives for week in life.days for day in week if day)

    assert 12 <= sum(days) / len(days) <= 14
    assert 26 <= days[int(0.9 * len(days))] <= 32


def test_all_rules_are_measured_and_ours_alone_is_held(capsys):
    measured = list(nudging.measure(people=60, seeds=1))

    names = [one.measure for one in measured]
    assert {
        "nudge_false_alarms_0.6",
        "nudge_false_alarms_0.9",
        "nudge_false_alarms_1.2",
        "nudge_loopers_found",
        "nudge_loopers_found_0.9",
        "nudge_loopers_found_1.2",
        "nudge_migrations_flagged",
    } <= set(names)
    assert len(set(names)) == len(names)
    assert all(one.measure.startswith("nudge") for one in measured if one.floor is not None)
    assert "five_times_the_mean" in capsys.readouterr().err
