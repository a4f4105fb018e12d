"""Running fewer agents side by side, where three times the requests came with no more work done.

Measure   the logarithm of requests an active day, the median of the weeks with at least
          two such days; of the coding tool that read the most in sixteen weeks
Fires     where both the requests an active day and the spend a week (at constant prices) are at
          least three times the reader's own usual, the median of the twelve weeks before, while no
          more work was finished a week than then (a fifth more at the most)
Saving    spend of the recent weeks - as many usual weeks, at the prices of now
Goal      the usual
Needs     requests, cost and outcomes; silent where less than one piece of work a week was known
          before, about APIs, and with fewer than three recent or four earlier weeks
Noise     how many days were worked does not move the measure, how full they are does: four days a
          week with a standard deviation of 0.6 each leave 0.3 a week, so that a check is promised
          to few whose requests did not grow sixfold

Source: METR on agents that run in parallel; Claude Code's documentation on agent teams, which use
many times the tokens of one session.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from bot.domain.coaching.facts import Facts, ModelWeek, constant_cost, requests_of
from bot.domain.coaching.requests import logarithms
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream, main_tool, plan_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    Weekly,
    checkable,
    earlier_middle,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.history import FINISHED
from bot.domain.periods import IsoWeek
from bot.domain.usage import total

TIMES_USUAL = 3
MOST_WORK = Decimal("1.2")
FEWEST_DAYS = 2
LEAST_WORK = 1


def find(facts: Facts) -> Finding | None:
    tool = main_tool(facts)
    spend = weekly(facts, tool, _spend)
    now, usual = recent_middle(facts, spend), earlier_middle(facts, spend)
    if now is None or usual is None or now < TIMES_USUAL * usual:
        return None
    requests = _requests_a_day(facts, tool)
    busy, calm = recent_middle(facts, requests), earlier_middle(facts, requests)
    if busy is None or calm is None or busy < TIMES_USUAL * calm:
        return None
    if not _has_no_more_work(facts, spend):
        return None
    checked, goal = checkable(logarithms(requests), busy.ln(), calm.ln())
    return Finding(
        rule=RULE.name,
        saving=_saving(facts, tool, spend, usual),
        measure=checked,
        goal=goal,
        values={"times": busy / calm, "plan": plan_of(tool)},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    value = middle(_requests_a_day(facts, main_tool(facts)), weeks, FEWEST_CHECKED)
    return None if value is None else value.ln()


def _spend(use: Sequence[ModelWeek]) -> Decimal | None:
    spend = constant_cost(use)
    return spend if spend > 0 else None


def _requests_a_day(facts: Facts, tool: Stream) -> Weekly:
    days = _active_days(facts, tool)

    def a_day(use: Sequence[ModelWeek]) -> Decimal | None:
        requests, active = requests_of(use), days.get(use[0].week, 0)
        if requests is None or requests <= 0 or active < FEWEST_DAYS:
            return None
        return Decimal(requests) / active

    return weekly(facts, tool, a_day)


def _active_days(facts: Facts, tool: Stream) -> Mapping[IsoWeek, int]:
    providers = {use.provider for use in tool}
    days = {e.day for e in facts.history.use if e.is_use and e.provider in providers}
    return _by_week(days)


def _by_week(days: set[date]) -> Mapping[IsoWeek, int]:
    counts: defaultdict[IsoWeek, int] = defaultdict(int)
    for day in days:
        counts[IsoWeek.of(day)] += 1
    return counts


def _has_no_more_work(facts: Facts, active: Weekly) -> bool:
    """As far as it is known, and measured over the weeks of use."""
    done: defaultdict[IsoWeek, Decimal] = defaultdict(Decimal)
    for work in facts.history.work:
        if work.state in FINISHED:
            done[IsoWeek.of(work.completed_on)] += work.share
    recent = told_recently(facts, active)
    now = [done[week] for week in recent]
    before = [done[week] for week in active if week not in recent]
    usual = total(before) / len(before)
    return usual >= LEAST_WORK and total(now) / len(now) <= MOST_WORK * usual


def _saving(facts: Facts, tool: Stream, spend: Weekly, usual: Decimal) -> Decimal:
    recent = told_recently(facts, spend)
    use = [entry for entry in tool if entry.week in recent]
    then = total(spend[week] for week in recent)
    level = total(entry.cost for entry in use) / then
    return (then - len(recent) * usual) * level


RULE = Rule(
    name="parallel_agents",
    needs=frozenset({Need.REQUESTS, Need.COST, Need.OUTCOMES}),
    source="METR, on agents that run in parallel; Claude Code's documentation, agent teams",
    find=find,
    measure=measure,
)
