"""Whose agents may run on by themselves, whenever that is: people who are easy to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final, NamedTuple

from bot.playground.company.habits import Habit
from bot.playground.company.people import Employee

LOOPING_SHARE, COSTLY_SHARE, FEWEST = 0.04, 0.02, 2
"""Of the people with accounts, at one time."""
USUAL_OF_LOOPS, USUAL_OF_COSTLY_DAYS = (1.5, 4.2), (1.0, 8.0)
"""Dollars: for whoever spends less nothing is odd, for whoever spends more every day is dear."""
STEADY = 0.97
"""How likely they are at work on a weekday: whose weeks differ much is not asked about a rise."""
BY_AGENTS: Final = frozenset({"claude_code", "messages_api", "completions"})


class Prone(NamedTuple):
    """Those who may loop are enough for twice: lately, and some weeks on."""

    loops: tuple[Habit, ...]
    costly: tuple[Habit, ...]


def prone(employees: Sequence[Employee], habits: Sequence[Habit], seed: int) -> Prone:
    """Engineers with an agent, whom Slack knows by the same address; chosen by lot."""
    accounts = sum(bool(person.accounts) for person in employees)
    engineers = {p.slack_id for p in employees if p.job == "engineering" and p.email_matches}
    fit = [h for h in habits if h.slack_id in engineers and h.providers[0].product in BY_AGENTS]
    Random(f"{seed}/runaways").shuffle(fit)
    loops = [habit for habit in fit if _is_within(habit, USUAL_OF_LOOPS)]
    loops = loops[: 2 * max(FEWEST, round(LOOPING_SHARE * accounts))]
    costly = [h for h in fit if h not in loops and _is_within(h, USUAL_OF_COSTLY_DAYS)]
    return Prone(tuple(loops), tuple(costly[: max(FEWEST, round(COSTLY_SHARE * accounts))]))


def steadied(
    employees: Sequence[Employee], habits: Sequence[Habit], seed: int
) -> tuple[Habit, ...]:
    """*habits*, those of whoever may loop with as many days in every week."""
    steady = {habit.slack_id for habit in prone(employees, habits, seed).loops}
    return tuple(
        replace(habit, weekday_chance=STEADY) if habit.slack_id in steady else habit
        for habit in habits
    )


def _is_within(habit: Habit, usual: tuple[float, float]) -> bool:
    least, most = usual
    return least <= habit.usual_dollars < most
