"""Far fewer suggestions are taken than one is used to: smaller, clearer tasks may help.

It speaks where fewer than 25 % of at least 50 suggestions of one's main tool were taken in four
weeks, and that is less than in the twelve weeks before, by more than chance (two 80 % Wilson
intervals that do not touch). Saving: none in dollars; what is at stake is time. Weeks of nothing
but experiments are left out.

Check: the share taken; the goal is one's own share of before. It is checked only where chance
hardly moves it by a third of the way: from 100 suggestions on, and with 25 points or more to go.

Source: acceptance as Claude Code's analytics (Edit, Write, NotebookEdit) and Copilot's tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.acceptance import acceptance
from bot.domain.coaching.facts import RECENT_WEEKS, Facts
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.history import USUAL_WEEKS
from bot.domain.periods import IsoWeek
from bot.domain.statistics import Difference, difference, wilson_interval

NAME = "smaller_tasks"
LOW = Decimal("0.25")
FEWEST_CHECKED = 100
LEAST_WAY = Decimal("0.25")
WEEKS_BEFORE = RECENT_WEEKS + USUAL_WEEKS


def find(facts: Facts) -> Finding | None:
    weeks = facts.recent()
    now = acceptance(facts, weeks)
    if now is None or now.share >= LOW:
        return None
    usual = acceptance(facts, facts.recent(RECENT_WEEKS + WEEKS_BEFORE)[:WEEKS_BEFORE])
    if usual is None:
        return None
    ranges = [wilson_interval(taken.accepted, taken.offered) for taken in (now, usual)]
    if difference(*ranges) is not Difference.LESS:
        return None
    share = measure(facts, weeks)
    is_tellable = share is not None and usual.share - share >= LEAST_WAY
    return Finding(
        rule=NAME,
        measure=share if is_tellable else None,
        goal=usual.share if is_tellable else None,
        values={"tool": now.tool, "share": now.share, "usual": usual.share},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    taken = acceptance(facts, weeks)
    return taken.share if taken and taken.offered >= FEWEST_CHECKED else None


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.ACCEPTANCE}),
    source="Claude Code analytics and GitHub Copilot metrics: acceptance",
    find=find,
    measure=measure,
)
