"""Of simulated people whose truth is known, nearly all are told how their tip really went."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.coaching.judging import judge
from bot.domain.coaching.rules import ShownTip, Verdict
from bot.domain.coaching.tips import RULES
from bot.domain.coaching.unchecked import unchecked
from tests.domain.coaching.lives import HABITS, TOLD_IN, lived
from tests.domain.coaching.making import UNTIL, week

PEOPLE = 200
RIGHT = 0.95
FEWEST_JUDGED = 0.25
"""The others see the tip without a promise, or have ups and downs that hide it."""


def verdicts(rule: str, *, follows: bool) -> Counter[Verdict]:
    """Of all who are shown the tip and promised a check."""
    told: Counter[Verdict] = Counter()
    for seed in range(PEOPLE):
        life = lived(rule, seed, follows=follows)
        found = RULES[rule].find(life.known(TOLD_IN))
        if found and found.measure is not None:
            tip = ShownTip(week=week(TOLD_IN), rule=rule, measure=found.measure, goal=found.goal)
            judged = judge(tip, life.known(0), UNTIL)
            assert judged
            assert judged.verdict
            told[judged.verdict] += 1
    return told


def test_every_tip_that_is_checked_has_people_to_try_it_on():
    assert set(HABITS) == {name for name, rule in RULES.items() if rule.measure is not unchecked}


@pytest.mark.parametrize("rule", HABITS)
@pytest.mark.parametrize(
    ("follows", "truth"),
    [(False, Verdict.NO_EFFECT), (True, Verdict.WORKED)],
    ids=["nothing changed", "the habit changed"],
)
def test_a_verdict_says_what_is_true(rule: str, truth: Verdict, *, follows: bool):
    told = verdicts(rule, follows=follows)

    assert told.total() >= FEWEST_JUDGED * PEOPLE
    assert told[truth] >= RIGHT * told.total(), told
