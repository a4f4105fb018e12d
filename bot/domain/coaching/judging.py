"""How a tip went, three weeks later: how much of the way to its goal was gone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.domain.coaching.facts import Facts, weeks_after
from bot.domain.coaching.rules import CHECKED_AFTER, ShownTip, Verdict
from bot.domain.coaching.tips import RULES
from bot.domain.periods import IsoWeek

WEEKS_KNOWN = 16
MOST_OF_THE_WAY = Decimal(2) / 3
PART_OF_THE_WAY = Decimal(1) / 3


def judge(tip: ShownTip, facts: Facts, week: IsoWeek) -> ShownTip | None:
    """*tip* with its verdict, told in *week*'s digest; ``None`` if there is none to tell (yet)."""
    if tip.verdict is not None or tip.measure is None or tip.goal in {None, tip.measure}:
        return None
    weeks = weeks_after(tip.week, CHECKED_AFTER)
    rule = RULES.get(tip.rule)
    if rule is None or weeks[-1] > min(week, facts.until):
        return None
    is_known = weeks[0] >= facts.until.back(WEEKS_KNOWN - 1)
    after = rule.measure(facts, weeks) if is_known else None
    return replace(tip, after=after, verdict=_verdict(tip, after), judged_in=week)


def _verdict(tip: ShownTip, after: Decimal | None) -> Verdict:
    if tip.measure is None or tip.goal is None or after is None:
        return Verdict.UNKNOWN
    gone = (after - tip.measure) / (tip.goal - tip.measure)
    if gone >= MOST_OF_THE_WAY:
        return Verdict.WORKED
    return Verdict.PARTLY if gone >= PART_OF_THE_WAY else Verdict.NO_EFFECT
