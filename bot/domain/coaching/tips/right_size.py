"""Trying the smaller model for routine work, where most of the spend is on the costly ones.

Measure   the share of the spend, at constant prices, that is on costly models with a smaller
          sibling (``model_families``), the median of the weeks with a spend of at least a dollar
Fires     where that is more than 60 %
Saving    30 % x spend on costly models x (1 - price of the sibling / price of the costly model),
          model by model, at the prices of now for the tokens they were used for (where those are
          not told: for a mix as coding tools use it)
Goal      half the share: ups and downs of the mix are too often as large as the 30 % that the
          saving is counted for, so who moves just that is told that it helped partly
Needs     cost and prices; silent with fewer than three recent weeks of spend
Noise     the amount of use does not move the share; who takes the one model one day and the other
          the next moves it a lot, and is promised no check

Source: the makers' list prices. That a smaller model does most of the work as well is a claim of
users, so the text is worded as an experiment: a cheap wrong change costs more than its tokens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, ModelWeek, constant_cost
from bot.domain.coaching.model_families import Sibling, smaller_sibling
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import plan_of
from bot.domain.coaching.weekly import (
    FEWEST_CHECKED,
    Weekly,
    checkable,
    middle,
    recent_middle,
    told_recently,
    weekly,
)
from bot.domain.periods import IsoWeek
from bot.domain.price_levels import BASKET

LEAST_SHARE = Decimal("0.6")
SHARE_MOVED = Decimal("0.3")
LEAST_SPEND = Decimal(1)

Siblings = Mapping[str, Sibling]


def find(facts: Facts) -> Finding | None:
    siblings = _siblings(facts)
    shares = _shares(facts, siblings) if siblings else {}
    now = recent_middle(facts, shares)
    if now is None or now <= LEAST_SHARE:
        return None
    recent = facts.models_in(told_recently(facts, shares))
    savings = _savings(recent, siblings)
    if not savings:
        return None
    costly = max(savings, key=lambda model: savings[model])
    checked, goal = checkable(shares, now, now / 2)
    return Finding(
        rule=RULE.name,
        saving=sum(savings.values(), Decimal(0)),
        measure=checked,
        goal=goal,
        values={
            "share": now,
            "costly": costly,
            "smaller": siblings[costly].name,
            "plan": plan_of(use for use in recent if use.model in savings),
        },
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    return middle(_shares(facts, _siblings(facts)), weeks, FEWEST_CHECKED)


def _siblings(facts: Facts) -> Siblings:
    """Of the models that are costly."""
    models = {use.model for use in facts.models if use.model}
    found = ((model, smaller_sibling(model, facts.rates_of)) for model in models)
    return {model: sibling for model, sibling in found if sibling is not None}


def _shares(facts: Facts, siblings: Siblings) -> Weekly:
    def costly_share(use: Sequence[ModelWeek]) -> Decimal | None:
        spend = constant_cost(use)
        if spend < LEAST_SPEND:
            return None
        costly = constant_cost([entry for entry in use if entry.model in siblings])
        return min(costly / spend, Decimal(1))

    return weekly(facts, (use for use in facts.models if use.model), costly_share)


def _savings(recent: Sequence[ModelWeek], siblings: Siblings) -> Mapping[str, Decimal]:
    """By costly model, without those of no saving."""
    savings: defaultdict[str, Decimal] = defaultdict(Decimal)
    for use in recent:
        sibling = siblings.get(use.model) if use.model else None
        if use.model is None or sibling is None or use.cost is None:
            continue
        mix = use.tokens or BASKET
        big = sibling.big.cost(mix)
        if big > 0:
            savings[use.model] += SHARE_MOVED * use.cost * (1 - sibling.small.cost(mix) / big)
    return {model: saving for model, saving in savings.items() if saving > 0}


RULE = Rule(
    name="right_size",
    needs=frozenset({Need.COST, Need.PRICES}),
    source="the makers' list prices, by genai-prices",
    find=find,
    measure=measure,
)
