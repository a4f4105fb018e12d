"""What goes along with two high weeks: each sign is told by figures, and silent without them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean, median, pstdev

from bot.domain.coaching.comparable import dollars
from bot.domain.coaching.facts import Facts, ModelWeek, tokens_of
from bot.domain.coaching.nudges import Sign
from bot.domain.coaching.rises import is_work_missing
from bot.domain.history import FINISHED, DayOfUse
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier

FEWEST_OFFERS = 50
LOW_ACCEPTANCE = 0.10
TIMES_INPUT = 3
FEWEST_TOLD_WEEKS = 4
SAME_DAYS = 10
"""In a row, so that a weekend is always among them."""
SAME_VARIATION = 0.15


def signs_of(
    facts: Facts,
    weeks: Sequence[IsoWeek],
    earlier: Sequence[IsoWeek],
    use: Sequence[DayOfUse],
) -> frozenset[Sign]:
    """Those of *weeks*, beside the usual ones *earlier*; *use* is what both are told by."""
    shown = {
        Sign.NO_OUTCOMES: _is_work_missing(facts, weeks[0].monday, earlier),
        Sign.LOW_ACCEPTANCE: _is_little_accepted(facts, weeks, earlier),
        Sign.MORE_INPUT: _is_more_read(facts, weeks, earlier),
        Sign.SAME_EVERY_DAY: _is_every_day_the_same(use, weeks),
    }
    return frozenset(sign for sign, is_there in shown.items() if is_there)


def _is_work_missing(facts: Facts, first: date, earlier: Sequence[IsoWeek]) -> bool:
    """Whatever was finished since, logged, or reverted again, is work that came of it."""
    work, logged = facts.history.work, facts.history.logged
    since = sum(item.completed_on >= first for item in work)
    since += sum(log.done_on >= first for log in logged)
    finished = Counter(IsoWeek.of(item.completed_on) for item in work if item.state in FINISHED)
    return is_work_missing([finished[week] for week in earlier], since)


def _is_little_accepted(facts: Facts, weeks: Sequence[IsoWeek], earlier: Sequence[IsoWeek]) -> bool:
    """Not where little is accepted usually."""
    now, before = _acceptance(facts, weeks), _acceptance(facts, earlier)
    return now is not None and now < LOW_ACCEPTANCE and (before is None or before >= LOW_ACCEPTANCE)


def _acceptance(facts: Facts, weeks: Collection[IsoWeek]) -> float | None:
    told = [
        (entry.offered, entry.accepted)
        for entry in facts.sessions
        if entry.week in weeks and entry.offered is not None and entry.accepted is not None
    ]
    offered, accepted = sum(offered for offered, _ in told), sum(taken for _, taken in told)
    is_a_share = offered >= FEWEST_OFFERS and 0 <= accepted <= offered
    return accepted / offered if is_a_share else None


def _is_more_read(facts: Facts, weeks: Sequence[IsoWeek], earlier: Sequence[IsoWeek]) -> bool:
    """By the models of products that were used before: another product reads differently."""
    before = facts.models_in(earlier)
    products = {(use.provider, use.product) for use in before}
    now = [use for use in facts.models_in(weeks) if (use.provider, use.product) in products]
    by_week: defaultdict[IsoWeek, list[ModelWeek]] = defaultdict(list)
    for entry in before:
        by_week[entry.week].append(entry)
    told = (_input_to_output(entries) for entries in by_week.values())
    usual, read = [ratio for ratio in told if ratio is not None], _input_to_output(now)
    if read is None or len(usual) < FEWEST_TOLD_WEEKS:
        return False
    return read > TIMES_INPUT * median(usual)


def _input_to_output(use: Sequence[ModelWeek]) -> float | None:
    tokens = tokens_of(use)
    if tokens is None or tokens.output <= 0:
        return None
    return (tokens.input_uncached + tokens.cache_read + tokens.cache_write) / tokens.output


def _is_every_day_the_same(use: Sequence[DayOfUse], weeks: Sequence[IsoWeek]) -> bool:
    """What is meant to run by itself is no part of it."""
    spend: defaultdict[date, Decimal] = defaultdict(Decimal)
    for entry in use:
        if entry.tier is Tier.ROUTINE:
            spend[entry.day] += dollars(entry)
    return any(
        all(day > 0 for day in run) and pstdev(run) < SAME_VARIATION * fmean(run)
        for run in _runs(spend, weeks)
    )


def _runs(spend: Mapping[date, Decimal], weeks: Sequence[IsoWeek]) -> Iterator[list[float]]:
    days = [week.monday + timedelta(days=n) for week in weeks for n in range(7)]
    amounts = [float(spend.get(day, 0)) for day in days]
    for first in range(len(amounts) - SAME_DAYS + 1):
        yield amounts[first : first + SAME_DAYS]
