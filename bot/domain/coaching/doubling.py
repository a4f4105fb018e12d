"""What a request takes twice as much of as is usual for its owner, in the tool they use most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.coaching.facts import Facts, ModelWeek
from bot.domain.coaching.requests import Requests, logarithms, requests_in
from bot.domain.coaching.rules import Finding
from bot.domain.coaching.streams import Stream, main_model, main_tool, plan_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    checkable,
    earlier_middle,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.periods import IsoWeek

TIMES_USUAL = 2
ARequest = Callable[[Sequence[ModelWeek]], Decimal | None]
"""What a request takes, of a week's use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """``checked`` and ``goal`` are logarithms, ``None`` where noise would decide the check."""

    use: Stream
    recent: Requests
    now: Decimal
    usual: Decimal
    checked: Decimal | None
    goal: Decimal | None

    def finding(self, rule: str, saving: Decimal) -> Finding:
        return Finding(
            rule=rule,
            saving=saving,
            measure=self.checked,
            goal=self.goal,
            values={"now": self.now, "usual": self.usual, "plan": plan_of(self.use)},
        )


def doubled(facts: Facts, a_request: ARequest) -> Doubled | None:
    use = main_model(main_tool(facts))
    values = weekly(facts, use, a_request)
    now, usual = recent_middle(facts, values), earlier_middle(facts, values)
    if now is None or usual is None or now <= TIMES_USUAL * usual:
        return None
    recent = requests_in(told_recently(facts, values), facts, use)
    if recent is None:
        return None
    checked, goal = checkable(logarithms(values), now.ln(), usual.ln())
    return Doubled(use=use, recent=recent, now=now, usual=usual, checked=checked, goal=goal)


def logarithm_of(a_request: ARequest, facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    """Of what a request took in *weeks*, to be set beside ``Doubled.checked``."""
    values = weekly(facts, main_model(main_tool(facts)), a_request)
    value = middle(values, weeks, FEWEST_CHECKED)
    return None if value is None else value.ln()
