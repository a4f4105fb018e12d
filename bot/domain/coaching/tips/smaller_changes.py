"""One's larger AI-marked changes wait much longer to be merged than one's others: smaller ones may
come through sooner.

It speaks where the median of one's AI-marked changes of eight weeks is over 400 changed lines, and
the median hours from opening to merge of the AI-marked ones over 400 lines (at least five) are more
than twice those of one's own other changes of up to 400 lines (at least five). Changes of anybody
else are not looked at. Saving: none in dollars; ``hours`` is how far the two medians lie apart.

Check: none. Few changes in three weeks, and sizes that differ tenfold: a median of these moves by a
third on its own.

Source: LinearB 2026 (agents' changes wait 4.6 times as long for review), Span (larger changes, more
bugs).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, MergedChange
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.unchecked import unchecked
from bot.domain.history import USUAL_WEEKS
from bot.domain.statistics import quantile

NAME = "smaller_changes"
LARGE = 400
FEWEST = 5
LONGER = 2
HALF = Decimal("0.5")


def find(facts: Facts) -> Finding | None:
    weeks = facts.recent(USUAL_WEEKS)
    changes = [change for change in facts.changes if change.week in weeks]
    marked = [change for change in changes if change.has_evidence]
    large = _hours([change for change in marked if change.lines > LARGE])
    others = _hours([change for change in changes if change.lines <= LARGE])
    if len(large) < FEWEST or len(others) < FEWEST:
        return None
    lines = quantile([Decimal(change.lines) for change in marked], HALF)
    waits, usual = quantile(large, HALF), quantile(others, HALF)
    if lines <= LARGE or waits <= LONGER * usual:
        return None
    return Finding(rule=NAME, values={"lines": lines, "hours": waits - usual})


def _hours(changes: Sequence[MergedChange]) -> list[Decimal]:
    return [change.hours_open for change in changes if change.hours_open is not None]


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.OUTCOMES, Need.SIZES}),
    source="LinearB 2026: pickup 4.6 times slower; Span: larger changes, more bugs",
    find=find,
    measure=unchecked,
)
