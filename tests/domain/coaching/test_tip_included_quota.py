"""Use charged on demand while included use is left: only where both are told, with a price."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest

from bot.domain.coaching.rules import Finding
from bot.domain.coaching.tips.included_quota import RULE
from bot.domain.usage import TokenUsage
from tests.domain.coaching.making import FOUR, facts, model_weeks, no_rates

EARLIER = range(4, 8)
ALL = range(8)


def million(count: int) -> TokenUsage:
    return TokenUsage(input_uncached=count * 1_000_000, cache_read=0, cache_write=0, output=0)


def included(backs, millions: int, **changes):
    """Each million of Sonnet's input is worth 3 dollars."""
    values = {
        "provider": "cursor",
        "product": None,
        "model": "claude-sonnet-5",
        "cost_type": "Included in Business",
        "tokens": million(millions),
        "cost": "0",
    }
    return model_weeks(backs, **values | changes)


def on_demand(backs, cost: str = "8", **changes):
    return included(backs, 1, **{"cost_type": "Usage-based", "cost": cost} | changes)


def test_is_told_up_to_what_was_included_before_and_is_not_used_now():
    # included before: 4 x 2 million x 3 = 24; now: 4 x 1 x 3 = 12; left: 12; charged: 4 x 8 = 32
    found = RULE.find(facts(*chain(included(EARLIER, 2), included(FOUR, 1), on_demand(FOUR))))

    assert found == Finding(
        rule="included_quota",
        saving=Decimal(12),
        values={"tool": "cursor", "overage": Decimal(32)},
    )


def test_is_never_more_than_was_charged():
    # left: 24 - 12 = 12; charged: 2 x 3 = 6
    use = chain(included(EARLIER, 2), included(FOUR, 1), on_demand(range(2), "3"))

    assert RULE.find(facts(*use)).saving == Decimal(6)


def test_the_names_of_the_dashboard_are_understood_too():
    kind = "USAGE_EVENT_KIND_INCLUDED_IN_BUSINESS"
    use = chain(
        included(EARLIER, 2, cost_type=kind), included(FOUR, 1, cost_type=kind), on_demand(FOUR)
    )

    assert RULE.find(facts(*use))


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param((included(EARLIER, 2), included(FOUR, 1)), id="nothing charged"),
        pytest.param((included(EARLIER, 2), on_demand(FOUR)), id="none of it included now"),
        pytest.param((included(ALL, 2), on_demand(FOUR)), id="all that is included is used"),
        pytest.param(
            (included(EARLIER, 2), included(FOUR, 1), on_demand(range(1))), id="both in one week"
        ),
        pytest.param(
            (included(EARLIER, 2), included(FOUR, 1, model="auto"), on_demand(FOUR)),
            id="a model without a price",
        ),
        pytest.param(
            (included(EARLIER, 2), included(FOUR, 1, model=None), on_demand(FOUR)),
            id="a model that is not told",
        ),
        pytest.param(
            (included(EARLIER, 2), included(FOUR, 1, tokens=None), on_demand(FOUR)),
            id="tokens that are not told",
        ),
        pytest.param(
            (
                included(EARLIER, 2),
                included(FOUR, 1),
                on_demand(FOUR, cost_type="seat", model=None),
            ),
            id="a seat is no use on demand",
        ),
        pytest.param(
            (included(ALL, 1, provider="kiro"), on_demand(FOUR, provider="kiro")),
            id="another tool",
        ),
    ],
)
def test_is_not_told_of(unfit):
    assert RULE.find(facts(*chain.from_iterable(unfit))) is None


def test_without_any_price_nothing_is_told():
    use = chain(included(EARLIER, 2), included(FOUR, 1), on_demand(FOUR))

    assert RULE.find(facts(*use, rates_of=no_rates)) is None


def test_three_weeks_tell_nothing_of_a_months_quota():
    assert RULE.measure(facts(), ()) is None
