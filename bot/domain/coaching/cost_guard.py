"""The cost guard: a day that cost far more than one's own days, while there is time to look.

It protects from a session that loops; it suspects nobody, and needs no other sign. Five times the
middle day alone would alarm two in three of those whose days vary much: how often it speaks as it
is, is in decision 22.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import exp
from statistics import median

from bot.domain.coaching.comparable import comparable_use, dollars, main_provider
from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.coaching.rises import logs, own_spread
from bot.domain.history import PersonalHistory
from bot.domain.statistics import quantile
from bot.domain.tiers import Tier
from bot.domain.usual import price_level

LEAST_SPEND = Decimal(50)
FEWEST_DAYS = 10
"""Two weeks of work: fewer days tell little of how much they vary."""
TIMES_USUAL = 5
SPREADS = 3.0
TIMES_DEAREST = 3
ORDINARY_SPREAD, ITS_WEIGHT = 0.6, 4
HALF = Decimal("0.5")


def cost_guard(
    history: PersonalHistory, day: date, *, floor: Decimal = LEAST_SPEND
) -> Nudge | None:
    """Of *day*, or ``None``; experiments are left alone."""
    counted = [
        entry
        for entry in comparable_use(history.use)
        if entry.tier is not Tier.EXPLORATION and entry.day <= day
    ]
    level = price_level(counted)
    spend: defaultdict[date, Decimal] = defaultdict(Decimal)
    for entry in counted:
        spend[entry.day] += dollars(entry) * level
    cost = spend.pop(day, Decimal(0))
    earlier = [amount for amount in spend.values() if amount > 0]
    if cost <= floor or not is_far_above(list(map(float, earlier)), float(cost)):
        return None
    usual = quantile(earlier, HALF)
    return Nudge(
        kind=NudgeKind.COST_GUARD,
        first_day=day,
        last_day=day,
        spend=(cost,),
        low=usual,
        high=usual,
        provider=main_provider([entry for entry in counted if entry.day == day]),
    )


def is_far_above(earlier: Sequence[float], amount: float) -> bool:
    """Above the middle of *earlier* active days by a multiple, and beyond their ups and downs.

    Three times the dearest of them is beyond, however much they vary.
    """
    if len(earlier) < FEWEST_DAYS:
        return False
    usual = median(earlier)
    spread = own_spread(logs(earlier), ordinary=ORDINARY_SPREAD, weight=ITS_WEIGHT)
    beyond = min(usual * exp(SPREADS * spread), TIMES_DEAREST * max(earlier))
    return amount > max(TIMES_USUAL * usual, beyond)
