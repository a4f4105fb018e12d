"""Which nudge there is to give, if any: never by figures of a day that is not all in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.coaching.cost_guard import cost_guard
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.nudges import Nudge
from bot.domain.coaching.two_weeks import two_high_weeks
from bot.domain.history import PersonalHistory
from bot.domain.preferences import Preferences
from bot.domain.reach import late_for

QUIET_DAYS = 14
"""How long there is no other nudge after one."""
LOOK_BACK = 3
"""How many days a source may be late with a costly day for it to be worth a word."""


def wants_nudge(chosen: Preferences, told_on: date | None, today: date) -> bool:
    """Whether a nudge may be given, with the last one *told_on* that day."""
    if not chosen.nudges or (chosen.muted_until is not None and today < chosen.muted_until):
        return False
    return told_on is None or today - told_on >= timedelta(days=QUIET_DAYS)


def notice(
    history: PersonalHistory,
    facts: Facts | None,
    through: date,
    *,
    since: date | None,
    times_usual: int,
) -> Nudge | None:
    """What there is to say of the closed weeks of *facts*, else of the last days of *history*."""
    nudge = None
    if facts is not None:
        nudge = two_high_weeks(facts, since=since, times_usual=times_usual)
    days = (through - timedelta(days=back) for back in range(LOOK_BACK))
    costly = (notice_day(history, day) for day in days)
    return nudge or next((found for found in costly if found is not None), None)


def notice_day(history: PersonalHistory, day: date) -> Nudge | None:
    """What there is to say of *day*, by the sources that have told all of it."""
    late = late_for(history, day)
    use = tuple(use for use in history.use if use.day != day or use.provider not in late)
    return cost_guard(replace(history, use=use), day)
