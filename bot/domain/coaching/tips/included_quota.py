"""Use is charged on demand while part of what the seat includes seems to be left.

Only Cursor's records tell included use and use on demand apart, each with its tokens. Nothing tells
how much is included, so the most that was included in one of one's own four-week stretches before,
at the prices of now, stands for it:
saving = min(charged on demand in 28 days, most included before - included in these 28 days).
An upper bound: quotas go by billing months, and may not cover every model. Silent where included
use has a model without a known price, and unless both kinds occur in two of the four weeks.

Kiro charges credits only after the plan's are used up, and Copilot's records do not hold what a
seat includes: neither can be told.

Check: none. A quota is a month's, and three weeks need not hold a month's end.

Source: Cursor's team API (events by kind, included or on demand; the price of both).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import RECENT_WEEKS, Facts, ModelWeek
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.unchecked import unchecked
from bot.domain.periods import IsoWeek
from bot.domain.usage import total

NAME = "included_quota"
PROVIDER = "cursor"
FEWEST_WEEKS = 2
STRETCHES = (1, 2, 3)


def find(facts: Facts) -> Finding | None:
    weeks = facts.recent()
    charged = [use for use in facts.models if _is_on_demand(use) and use.week in weeks]
    if not charged:
        return None
    used = facts.models_in(weeks)
    mixed = {use.week for use in charged} & {use.week for use in used if _is_included(use)}
    if len(mixed) < FEWEST_WEEKS:
        return None
    included = _worth(facts, weeks)
    before = [_worth(facts, _stretch(facts, back)) for back in STRETCHES]
    known = [worth for worth in before if worth is not None]
    if included is None or not known:
        return None
    overage = total(use.cost for use in charged)
    saving = min(overage, max(known) - included)
    if saving <= 0:
        return None
    values: dict[str, Decimal | str] = {"tool": PROVIDER, "overage": overage}
    return Finding(rule=NAME, saving=saving, values=values)


def _stretch(facts: Facts, back: int) -> Sequence[IsoWeek]:
    last = facts.until.back(back * RECENT_WEEKS)
    return [last.back(week) for week in range(RECENT_WEEKS)]


def _worth(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    """Of what was included, ``None`` where a price is not known."""
    costs = [_price(facts, use) for use in facts.models_in(weeks) if _is_included(use)]
    return None if None in costs else total(costs)


def _price(facts: Facts, use: ModelWeek) -> Decimal | None:
    rates = facts.rates_of(use.model) if use.model else None
    return None if rates is None or use.tokens is None else rates.cost(use.tokens)


def _is_included(use: ModelWeek) -> bool:
    kind = (use.cost_type or "").lower().replace("_", " ")
    return use.provider == PROVIDER and "included in" in kind


def _is_on_demand(use: ModelWeek) -> bool:
    is_charged = use.cost is not None and use.cost > 0
    return use.provider == PROVIDER and is_charged and use.model is not None


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.QUOTA, Need.TOKENS, Need.COST, Need.PRICES}),
    source="Cursor's team API: events by kind, with the price of each",
    find=find,
    measure=unchecked,
)
