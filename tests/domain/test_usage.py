"""Usage records: what adds up, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.usage import (
    ChargeCategory,
    CostBasis,
    ProviderDay,
    TokenUsage,
    UsageRecord,
    combine,
)

DAY = date(2026, 11, 9)
costs = st.decimals(min_value=-1_000, max_value=10**6, places=6)
tokens = st.builds(
    TokenUsage,
    input_uncached=st.integers(0, 10**9),
    cache_read=st.integers(0, 10**9),
    cache_write=st.integers(0, 10**9),
    output=st.integers(0, 10**9),
    reasoning=st.none() | st.integers(0, 10**9),
)


def record(**changes: Any) -> UsageRecord:
    values = {
        "provider": "anthropic",
        "account": "user_01",
        "day": DAY,
        "product": "claude_code",
        "model": "claude-sonnet-5",
        "cost_type": None,
        "tokens": None,
        "requests": None,
        "cost": None,
        "cost_basis": None,
    }
    return UsageRecord(**values | changes)


def billed(cost: Decimal, **changes: Any) -> UsageRecord:
    return record(cost=cost, cost_basis=CostBasis.BILLED, **changes)


def day_of(records: tuple[UsageRecord, ...], total: Decimal | None) -> ProviderDay:
    through = datetime(2026, 11, 10, tzinfo=UTC)
    return ProviderDay(
        provider="anthropic", day=DAY, records=records, billed=total, data_through=through
    )


@given(st.lists(costs, max_size=20), costs)
def test_totals_equal_the_invoice_to_the_last_digit(known, total):
    day = day_of(tuple(billed(cost) for cost in known), total)

    assert day.unattributed is not None
    assert sum(known, Decimal(0)) + day.unattributed == total


def test_without_a_bill_nothing_is_unattributed():
    assert day_of((billed(Decimal(3)),), None).unattributed is None


def test_a_record_without_a_price_leaves_its_part_of_the_bill_unattributed():
    day = day_of((billed(Decimal(3)), record(model="new")), Decimal(5))

    assert day.unattributed == Decimal(2)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), costs), max_size=20))
def test_combining_changes_no_total_of_anybody(parts):
    combined = combine(billed(cost, account=account) for account, cost in parts)

    assert len({r.key for r in combined}) == len(combined)
    assert {r.account: r.cost for r in combined} == {
        account: sum((cost for who, cost in parts if who == account), Decimal(0))
        for account, _ in parts
    }


@given(tokens, tokens)
def test_token_parts_add_up_part_by_part(one, other):
    total = one + other

    assert total.input_uncached == one.input_uncached + other.input_uncached
    assert total.cache_read == one.cache_read + other.cache_read
    assert total.cache_write == one.cache_write + other.cache_write
    assert total.output == one.output + other.output


def test_unknown_stays_unknown():
    (combined,) = combine([record(), record()])

    assert combined == record()


def test_one_page_may_know_the_tokens_and_another_the_cost():
    used = TokenUsage(input_uncached=1, cache_read=2, cache_write=3, output=4)

    (combined,) = combine([record(tokens=used, requests=2), billed(Decimal(3))])

    assert combined == billed(Decimal(3), tokens=used, requests=2)


def test_reasoning_known_once_is_known():
    known = TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=5, reasoning=4)
    unknown = TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=5)

    assert (known + unknown).reasoning == 4
    assert (unknown + unknown).reasoning is None


def test_amounts_that_mean_different_things_are_not_added():
    listed = record(cost=Decimal(1), cost_basis=CostBasis.LIST_PRICE)

    with pytest.raises(ValueError, match="different bases"):
        combine([billed(Decimal(1)), listed])


def test_what_differs_in_product_model_or_type_stays_apart():
    records = [record(), record(product="chat"), record(model=None), record(cost_type="search")]

    assert combine(records) == tuple(records)


def test_what_a_person_should_look_at_is_told_and_kept():
    odd = (
        billed(Decimal(-1)),
        billed(Decimal(-1), account="user_02", charge_category=ChargeCategory.CREDIT),
        billed(Decimal(20_000), account="user_03"),
        record(account="user_04", requests=-1),
        record(
            account="user_05",
            tokens=TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=-1),
        ),
    )

    assert day_of(odd, None).oddities == (
        "amounts over $10,000 for one account and model: 1",
        "negative amounts of use: 1",
        "negative counts: 2",
    )


def test_an_ordinary_day_has_nothing_odd():
    assert day_of((billed(Decimal(3), requests=1),), None).oddities == ()


def test_what_is_an_estimate_is_not_part_of_the_bill():
    estimate = record(cost=Decimal(9), cost_basis=CostBasis.PROVIDER_ESTIMATE)

    assert day_of((billed(Decimal(3)), estimate), Decimal(5)).unattributed == Decimal(2)


def test_each_currency_has_a_bill_of_its_own():
    euros = record(currency="EUR", foreign_cost=Decimal(4), cost_basis=CostBasis.BILLED)
    day = replace(
        day_of((billed(Decimal(3)), euros), Decimal(3)), foreign_billed={"EUR": Decimal(10)}
    )

    assert day.unattributed == 0
    assert day.foreign_unattributed == {"EUR": Decimal(6)}
