"""How many of a tool's suggestions were taken: of the tool that one is offered most by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.weekly import weeks_of_experiments
from bot.domain.periods import IsoWeek

FEWEST_OFFERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Of one tool alone: what counts as a suggestion differs from one to the other."""

    tool: str
    offered: int
    accepted: int

    @property
    def share(self) -> Decimal:
        return Decimal(self.accepted) / self.offered


def acceptance(facts: Facts, weeks: Iterable[IsoWeek]) -> Acceptance | None:
    """``None`` with fewer than ``FEWEST_OFFERS``; weeks of nothing but experiments are left out.

    A tool that counts more taken than it offered, or takes back what it counted, tells no share.
    """
    tool = _main_tool(facts)
    counted = set(weeks).difference(weeks_of_experiments(facts))
    told = [
        (entry.offered, entry.accepted)
        for entry in facts.sessions
        if entry.tool == tool and entry.week in counted
    ]
    known = [(offers, taken) for offers, taken in told if offers is not None and taken is not None]
    offered, accepted = sum(offers for offers, _ in known), sum(taken for _, taken in known)
    if tool is None or offered < FEWEST_OFFERS or not 0 <= accepted <= offered:
        return None
    return Acceptance(tool=tool, offered=offered, accepted=accepted)


def _main_tool(facts: Facts) -> str | None:
    """By all weeks that are known, so that it is the same one three weeks later."""
    offered: Counter[str] = Counter()
    for entry in facts.sessions:
        offered[entry.tool] += entry.offered or 0
    return max(offered, key=lambda tool: (offered[tool], tool), default=None)
