"""Sending what can wait a day as a batch: an API does the same work for half the price.

Measure   what is paid for the use of APIs, as a share of its list price of now; the median of the
          weeks with at least 100 requests. What was paid and what it is measured with change with
          the price list alike, but for the weeks around a change
Fires     where nearly all is at the full price (90 % or more), and less than half of the input
          comes from a cache: what is read from it within minutes is rather a conversation, which
          waits for nobody
Saving    half of the list price of now of these weeks' tokens
Goal      three quarters of the measure: half of it sent as batches
Needs     tokens, requests, cost and prices of products that are APIs by their name (or OpenAI's
          use without a product); never of a coding tool, a gateway or where the product is not
          told; silent with fewer than three recent weeks. Whether it can wait only its owner knows
Noise     the amount of use does not move the measure

Source: Anthropic's Message Batches and OpenAI's Batch API, both at half the price, within a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, ModelWeek, requests_of, tokens_of
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.streams import CONVERSATION, called_by_api
from bot.domain.coaching.token_shares import cache_read_share
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
from bot.domain.usage import total

FEWEST_REQUESTS = 100
FULL_PRICE = Decimal("0.9")
BATCH_DISCOUNT = Decimal("0.5")
SHARE_SENT = Decimal("0.5")
BATCHES = frozenset({"message_batches_api"})
OF_TOKENS = frozenset({None, "tokens"})
"""Kinds of cost: what else is charged, such as searches, has no price by the token."""


def find(facts: Facts) -> Finding | None:
    calls = called_by_api(facts)
    paid = _paid_share(facts, calls) if calls else {}
    now = recent_middle(facts, paid)
    if now is None or now < FULL_PRICE:
        return None
    weeks = told_recently(facts, paid)
    recent = [use for use in calls if use.week in weeks and use.product not in BATCHES]
    if _is_conversation(recent):
        return None
    checked, goal = checkable(paid, now, now * (1 - SHARE_SENT * BATCH_DISCOUNT))
    return Finding(
        rule=RULE.name,
        saving=BATCH_DISCOUNT * total(_list_price(facts, use) for use in recent),
        measure=checked,
        goal=goal,
        values={"requests": Decimal(requests_of(recent) or 0)},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    return middle(_paid_share(facts, called_by_api(facts)), weeks, FEWEST_CHECKED)


def _paid_share(facts: Facts, calls: Sequence[ModelWeek]) -> Weekly:
    def paid(use: Sequence[ModelWeek]) -> Decimal | None:
        if (requests_of(use) or 0) < FEWEST_REQUESTS:
            return None
        costs = [entry.cost for entry in use if entry.cost_type in OF_TOKENS]
        full = total(_list_price(facts, entry) for entry in use)
        return total(costs) / full if full > 0 and any(costs) else None

    return weekly(facts, calls, paid)


def _list_price(facts: Facts, use: ModelWeek) -> Decimal | None:
    rates = facts.rates_of(use.model) if use.model else None
    return rates.cost(use.tokens) if rates and use.tokens is not None else None


def _is_conversation(use: Sequence[ModelWeek]) -> bool:
    share = cache_read_share(tokens_of(use))
    return share is None or share >= CONVERSATION


RULE = Rule(
    name="batch",
    needs=frozenset({Need.TOKENS, Need.REQUESTS, Need.COST, Need.PRICES}),
    source="Anthropic, Message Batches; OpenAI, Batch API",
    find=find,
    measure=measure,
)
