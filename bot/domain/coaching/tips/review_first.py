"""Nearly all suggestions are taken, and some finished work came back: a look before taking them.

It speaks where more than 95 % of at least 50 suggestions of one's main tool were taken in four
weeks, and at least two pieces of one's own work of the last eight weeks that show an AI tool were
reverted or reopened. Saving: none in dollars.

Check: none. Work comes back seldom and late: three weeks hold too few cases to tell anything.

Source: Waydev 2026: 80-90 % of AI code is accepted at first, 10-30 % of it is left after revisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.acceptance import acceptance
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.unchecked import unchecked
from bot.domain.history import USUAL_WEEKS, FinishedWork
from bot.domain.outcomes import OutcomeState
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier

NAME = "review_first"
NEARLY_ALL = Decimal("0.95")
FEWEST_RETURNS = 2
CAME_BACK = frozenset({OutcomeState.REVERTED, OutcomeState.REOPENED})


def find(facts: Facts) -> Finding | None:
    taken = acceptance(facts, facts.recent())
    if taken is None or taken.share <= NEARLY_ALL:
        return None
    returns = sum(_came_back(piece, facts.recent(USUAL_WEEKS)) for piece in facts.history.work)
    if returns < FEWEST_RETURNS:
        return None
    return Finding(
        rule=NAME,
        values={"tool": taken.tool, "share": taken.share, "returns": Decimal(returns)},
    )


def _came_back(piece: FinishedWork, weeks: Sequence[IsoWeek]) -> bool:
    return (
        piece.has_evidence
        and piece.state in CAME_BACK
        and piece.tier is not Tier.EXPLORATION
        and IsoWeek.of(piece.completed_on) in weeks
    )


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.ACCEPTANCE, Need.OUTCOMES}),
    source="Waydev 2026: accepted at first, revised later",
    find=find,
    measure=unchecked,
)
