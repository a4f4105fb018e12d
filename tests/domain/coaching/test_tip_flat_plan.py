"""Coding billed by the token, beside what a flat plan would cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain

import pytest

from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.flat_plan import PLANS, RULE
from tests.domain.coaching.making import FOUR, facts, model_week, model_weeks

EIGHT = range(8)


def weeks(cost: str, backs=EIGHT, **changes):
    return model_weeks(backs, cost=cost, **changes)


def test_is_told_with_what_is_above_the_plan():
    # 4 x 60 = 240 in 28 days; 125 x 12 x 28 / 365 = 115.0685; 240 - 115.0685 = 124.9315
    found = RULE.find(facts(*weeks("60")))

    assert found.saving.quantize(Decimal("0.0001")) == Decimal("124.9315")
    assert found == Finding(
        rule="flat_plan",
        saving=found.saving,
        measure=Decimal(1),
        goal=Decimal(0),
        values={
            "tool": "claude_code",
            "seat": "Claude Team, premium seat",
            "price": Decimal(125),
            "spend": Decimal(240),
        },
    )


def test_amounts_are_those_charged_whatever_they_had_been_at_first_prices():
    found = RULE.find(facts(*weeks("60", constant_cost="90")))

    assert found.values["spend"] == 240


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param((), id="nothing"),
        pytest.param(weeks("28"), id="below the plan's price"),
        pytest.param(weeks("60", FOUR), id="for one month only"),
        pytest.param(weeks("60", product=None), id="a product that is not told"),
        pytest.param(weeks("60", provider="otlp:claude_code"), id="what telemetry estimates"),
        pytest.param(weeks("60", product="messages_api"), id="no coding tool"),
        pytest.param(model_weeks(EIGHT, cost=None), id="no price known"),
        pytest.param(
            (*weeks("60"), model_week(1, cost="2", product="claude_code_subscription")),
            id="a plan already",
        ),
    ],
)
def test_is_not_told_of(unfit):
    assert RULE.find(facts(*unfit)) is None


def test_the_measure_is_the_part_that_is_billed_by_the_token_at_constant_prices():
    by_token = weeks("60", range(3), constant_cost="30")
    within = weeks("10", range(3), product="claude_code_subscription")

    later = facts(*chain(by_token, within))

    assert RULE.measure(later, later.recent(3)) == Decimal("0.75")


def test_hardly_any_use_tells_nothing():
    later = facts(*weeks("1.5", range(3)))

    assert RULE.measure(later, later.recent(3)) is None


def test_every_plan_says_where_its_price_is_from_and_when():
    assert all(plan.source.startswith("https://") for plan in PLANS)
    assert all(plan.read_on >= date(2026, 1, 1) and plan.month > 0 for plan in PLANS)
