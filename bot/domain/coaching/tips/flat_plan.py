"""Coding that is billed by the token costs more than a seat of a flat plan, two months in a row.

Saving: what it was charged in 28 days - a month's price of the plan x 28 x 12 / 365. An upper
bound: plans have limits, and use beyond them is charged again. Amounts are those charged, as a
choice between two bills is about them. Silent while the person uses such a plan already.

Only products whose records tell use by the token apart from a plan's are in ``PLANS``.

Check: by the token's part in what the product was worth, at constant prices; the goal is none. It
leaves 1 only when a plan's use appears, so ups and downs do not move it; under $5 it tells nothing.

Source: Pelykh 2026 ($2,827 worth of tokens under $600 of plans); prices as dated in ``PLANS``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.coaching.facts import RECENT_WEEKS, Facts, ModelWeek, constant_cost
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.periods import IsoWeek
from bot.domain.usage import total

NAME = "flat_plan"
LEAST_SPEND = Decimal(5)
IN_28_DAYS = Decimal(12 * 28) / 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What *provider* calls ``product`` is billed by the token, ``within`` in a plan's seat."""

    provider: str
    product: str
    within: str
    title: str
    month: Decimal
    """US dollars a month, paid monthly."""
    source: str
    read_on: date


PLANS = (
    Plan(
        provider="anthropic",
        product="claude_code",
        within="claude_code_subscription",
        title="Claude Team, premium seat",
        month=Decimal(125),
        source="https://claude.com/pricing",
        read_on=date(2026, 10, 18),
    ),
)


def find(facts: Facts) -> Finding | None:
    findings = (_finding(facts, plan) for plan in PLANS)
    return next((finding for finding in findings if finding), None)


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    used = facts.models_in(weeks)
    by_token = [use for plan in PLANS for use in _of(used, plan, plan.product)]
    within = [use for plan in PLANS for use in _of(used, plan, plan.within)]
    worth = constant_cost([*by_token, *within])
    return constant_cost(by_token) / worth if worth >= LEAST_SPEND else None


def _finding(facts: Facts, plan: Plan) -> Finding | None:
    lately, before = facts.recent(), facts.recent(2 * RECENT_WEEKS)[:RECENT_WEEKS]
    price = plan.month * IN_28_DAYS
    by_token = _of(facts.models, plan, plan.product)
    spend = _charged(by_token, lately)
    if min(spend, _charged(by_token, before)) <= price or _has_plan(facts, plan, lately):
        return None
    share = measure(facts, lately)
    return Finding(
        rule=NAME,
        saving=spend - price,
        measure=share,
        goal=None if share is None else Decimal(0),
        values={"tool": "claude_code", "seat": plan.title, "price": plan.month, "spend": spend},
    )


def _charged(used: Sequence[ModelWeek], weeks: Collection[IsoWeek]) -> Decimal:
    return total(use.cost for use in used if use.week in weeks)


def _has_plan(facts: Facts, plan: Plan, weeks: Collection[IsoWeek]) -> bool:
    return any(use.week in weeks for use in _of(facts.models, plan, plan.within))


def _of(used: Sequence[ModelWeek], plan: Plan, product: str) -> list[ModelWeek]:
    return [use for use in used if (use.provider, use.product) == (plan.provider, product)]


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.COST}),
    source="Pelykh 2026; the plans' price lists",
    find=find,
    measure=measure,
)
