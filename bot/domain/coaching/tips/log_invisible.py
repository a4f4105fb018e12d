"""Three weeks of use, and no system tells of this person's work: what was finished can be logged.

It speaks where each of the last three weeks has use that is no experiment, and the sixteen weeks
known hold no finished work, and the last four none that was logged. Saving: none in dollars.

Check: whether anything was logged since (0 before, 1 is the goal). One entry is enough: more are
not asked for. Without use in these weeks there is nothing to log, and nothing is told.

Source: SPACE (Forsgren et al. 2021): what systems count is set beside what people say themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.seats import in_weeks
from bot.domain.periods import IsoWeek
from bot.domain.usual import active_weeks

NAME = "log_invisible"
WEEKS = 3


def find(facts: Facts) -> Finding | None:
    if facts.history.work:
        return None
    is_logged = measure(facts, facts.recent())
    used = {week.week for week in active_weeks(facts.history.use)}
    if is_logged != 0 or not used.issuperset(facts.recent(WEEKS)):
        return None
    return Finding(rule=NAME, measure=is_logged, goal=Decimal(1))


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    if any(IsoWeek.of(entry.done_on) in weeks for entry in facts.history.logged):
        return Decimal(1)
    is_used = any(entry.is_use for entry in in_weeks(facts, weeks))
    return Decimal(0) if is_used else None


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.COST}),
    source="SPACE: what people say, beside what systems count",
    find=find,
    measure=measure,
)
