"""The two-week rule: use far above one's own usual two weeks running, with a sign beside it.

Money alone says nothing, and neither does a single week. Where figures are late or missing there is
no word at all; why the rule is as it is, and how often it errs, is in decision 22.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.coaching.comparable import comparable_use, main_provider
from bot.domain.coaching.facts import Facts
from bot.domain.coaching.nudges import Nudge, NudgeKind, Sign
from bot.domain.coaching.rises import TIMES_USUAL, deserves_word, is_high
from bot.domain.coaching.signs import signs_of
from bot.domain.history import DayOfUse, PersonalHistory, used_in
from bot.domain.periods import IsoWeek, Period
from bot.domain.senders import is_sender
from bot.domain.tiers import Tier
from bot.domain.usual import ActiveWeek, Usual, active_weeks, price_level, usual_week, usual_weeks


def two_high_weeks(
    facts: Facts, *, since: date | None, times_usual: int = TIMES_USUAL
) -> Nudge | None:
    """Of the last two closed weeks; *since* is when the person let the usual week start anew."""
    weeks = facts.recent(2)
    first = weeks[0].monday
    use = comparable_use(facts.history.use)
    usual = usual_week(use, before=first, since=since)
    spend = [week for week in active_weeks(use) if week.week in weeks]
    if usual is None or len(spend) < len(weeks) or _is_late(facts.history, weeks[-1]):
        return None
    # a tool that was tried out before is nothing new, though the usual week is without it
    with_experiments = [replace(entry, tier=Tier.ROUTINE) for entry in use]
    known = usual_weeks(with_experiments, before=first, since=since)
    if not is_high(_amounts(known), _amounts(spend), times_usual=times_usual):
        return None
    earlier = usual_weeks(use, before=first, since=since)
    signs = signs_of(facts, weeks, [week.week for week in earlier], use)
    if not deserves_word(_amounts(earlier), _amounts(spend), signs, times_usual=times_usual):
        return None
    return _nudge(use, spend, usual, signs)


def _nudge(
    use: Sequence[DayOfUse], spend: Sequence[ActiveWeek], usual: Usual, signs: frozenset[Sign]
) -> Nudge:
    level = price_level(use)
    first_day, last_day = spend[0].week.monday, spend[-1].week.period.last_day
    then = used_in(Period.of_days(first_day, last_day), use)
    return Nudge(
        kind=NudgeKind.TWO_WEEKS,
        first_day=first_day,
        last_day=last_day,
        spend=tuple(week.spend * level for week in spend),
        low=usual.low,
        high=usual.high,
        provider=main_provider([entry for entry in then if entry.tier is not Tier.EXPLORATION]),
        signs=signs,
    )


def _amounts(weeks: Sequence[ActiveWeek]) -> list[float]:
    return [float(week.spend) for week in weeks]


def _is_late(history: PersonalHistory, week: IsoWeek) -> bool:
    """Nobody knows how late senders are; those who told of the person's work are asked for it."""
    told = {item.source for item in history.work}
    return any(
        through is None or through < week.period.last_day
        for name, through in history.data_through
        if name in told or not is_sender(name)
    )
