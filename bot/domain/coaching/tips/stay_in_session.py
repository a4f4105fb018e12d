"""Staying in one session for a task: a prompt that is still in the cache costs a tenth.

Measure   the share of a coding tool's input that came from its cache, the median of the weeks with
          at least a million tokens of input; of the tool that read the most in sixteen weeks
Fires     where three of the last four weeks are 5 points or more under the reader's own best four
          weeks of the twelve before
Saving    (best share - share now) x input x (price of fresh input - price of a cache read), model
          by model; fresh input priced as it is mixed, its writes as those for five minutes
Goal      the best share
Needs     tokens and prices; silent about APIs, and with fewer than three recent weeks or no four
          earlier weeks of which two tell the share
Noise     the amount of use does not move the share; no check is promised where the weekly ups and
          downs are too large for one

Source: Anthropic's prices (a cache read is 0.1 of the input's price, a write 1.25 for five minutes
and 2 for an hour), and that the cache is kept for five minutes after its last use.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import RECENT_WEEKS, Facts, ModelWeek, tokens_of
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import Stream, main_tool, plan_of
from bot.domain.coaching.token_shares import cache_read_share, fresh_price, input_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    FEWEST_RECENT,
    Weekly,
    checkable,
    earlier_weeks,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.periods import IsoWeek

LEAST_INPUT = 1_000_000
LEAST_GAP = Decimal("0.05")


def find(facts: Facts) -> Finding | None:
    tool = main_tool(facts)
    shares = weekly(facts, tool, _share)
    now, best = recent_middle(facts, shares), _best(facts, shares)
    if now is None or best is None or not _is_lasting(facts, shares, best):
        return None
    recent = [use for use in tool if use.week in told_recently(facts, shares)]
    saving = _saving(facts, recent, best - now)
    if saving is None:
        return None
    checked, goal = checkable(shares, now, best)
    return Finding(
        rule=RULE.name,
        saving=saving,
        measure=checked,
        goal=goal,
        values={"now": now, "best": best, "plan": plan_of(tool)},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    return middle(weekly(facts, main_tool(facts), _share), weeks, FEWEST_CHECKED)


def _share(use: Sequence[ModelWeek]) -> Decimal | None:
    tokens = tokens_of(use)
    if tokens is None or input_of(tokens) < LEAST_INPUT:
        return None
    return cache_read_share(tokens)


def _best(facts: Facts, shares: Weekly) -> Decimal | None:
    weeks = earlier_weeks(facts)
    starts = range(0, len(weeks), RECENT_WEEKS)
    blocks = [middle(shares, weeks[at : at + RECENT_WEEKS], 2) for at in starts]
    return max((share for share in blocks if share is not None), default=None)


def _is_lasting(facts: Facts, shares: Weekly, best: Decimal) -> bool:
    under = [week for week in told_recently(facts, shares) if best - shares[week] >= LEAST_GAP]
    return len(under) >= FEWEST_RECENT


def _saving(facts: Facts, recent: Stream, gap: Decimal) -> Decimal | None:
    saving = Decimal(0)
    for use in recent:
        rates = facts.rates_of(use.model) if use.model else None
        if use.tokens is None or rates is None:
            continue
        fresh = fresh_price(use.tokens, rates)
        if fresh is not None:
            saving += gap * input_of(use.tokens) * (fresh - rates.cache_read)
    return saving if saving > 0 else None


RULE = Rule(
    name="stay_in_session",
    needs=frozenset({Need.TOKENS, Need.PRICES}),
    source="Anthropic, prompt caching and its prices",
    find=find,
    measure=measure,
)
