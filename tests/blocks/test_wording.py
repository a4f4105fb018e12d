"""Amounts, days and numbers of things, as one says them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import wording
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.usage import CostBasis

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("currency", "amount", "said"),
    [
        ("EUR", "1234.5", "EUR 1,234.50"),
        ("credits:kiro", "45.50", "45.5 Kiro credits"),
        ("credits:devin", "1000", "1,000 Devin credits"),
        ("<@U1>", "1", "&lt;@U1&gt; 1.00"),
    ],
)
def test_other_currencies_are_named(currency, amount, said):
    assert wording.foreign_money(currency, Decimal(amount)) == said


def test_what_sends_its_figures_is_called_by_its_own_name():
    assert wording.source_title("ingest:acme-agents") == "acme-agents"
    assert wording.source_title("otlp:claude_code") == "Claude Code"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "$0.00"),
        ("0.004", "$0.00"),
        ("-0.004", "$0.00"),
        ("-3.1", "-$3.10"),
        ("1234567.891", "$1,234,567.89"),
    ],
)
def test_an_amount_is_exact_to_the_cent(amount, said):
    assert wording.money(Decimal(amount)) == said


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_an_amount_reads_back_to_the_cent(amount):
    said = wording.money(amount).replace("$", "").replace(",", "")

    assert abs(Decimal(said) - amount) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1898.4", "$1,898"),
        ("31.49", "$31"),
        ("7.4", "$7.40"),
        ("0.004", "under $0.01"),
        ("0", "$0.00"),
        ("-31", "-$31"),
    ],
)
def test_a_range_is_no_more_exact_than_it_deserves(amount, said):
    assert wording.rough_money(Decimal(amount)) == said


def test_a_range_that_rounds_to_one_amount_is_one():
    assert wording.money_range(Decimal("22.1"), Decimal("82.3")) == "$22 to $82"
    assert wording.money_range(Decimal("31.1"), Decimal("31.3")) == "about $31"


@pytest.mark.parametrize(
    ("bases", "said"),
    [
        ((), ""),
        ({CostBasis.BILLED}, "billed"),
        (
            set(CostBasis),
            "billed and provider's estimate and list price",
        ),
    ],
)
def test_an_amount_says_what_it_means(bases, said):
    assert wording.basis(bases) == said


def test_every_kind_of_outcome_has_a_singular_and_a_plural():
    for kind in OutcomeKind:
        assert wording.outcomes(kind, 1) == f"1 {wording.outcome_title(kind)}"
        assert wording.outcomes(kind, 2_000) == f"2,000 {wording.outcome_title(kind, many=True)}"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 9), date(2026, 11, 9), "9 November"),
        (date(2026, 11, 9), date(2026, 11, 15), "9-15 November"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November - 6 December"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 - 3 January 2027"),
    ],
)
def test_days_are_said_as_short_as_they_can_be(first, last, said):
    assert wording.span(first, last) == said


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (IsoWeek(2026, 46).period, "week"),
        (month_of(date(2026, 2, 3)), "month"),
        (Period.of_days(date(2026, 2, 1), date(2026, 2, 1)), "day"),
        (Period.of_days(date(2026, 2, 1), date(2026, 2, 9)), "period"),
    ],
)
def test_a_period_is_called_by_its_length(period, said):
    assert wording.length(period) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "119 minutes ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(hours=50), "2 days ago"),
    ],
)
def test_how_long_ago_is_said_roughly(passed, said):
    assert wording.ago(NOW - passed, NOW) == said


def test_a_list_ends_with_and():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed(["a", "b", "c"], most=2) == "a, b and 1 more"


def test_a_source_that_told_nothing_has_no_data_yet():
    told = [("openai", date(2026, 11, 18)), ("acme<>", None)]

    assert wording.data_through(told) == (
        "Data through: OpenAI 18 November and acme&lt;&gt; no data yet."
    )


def test_without_sources_it_says_so():
    assert wording.data_through([]) == "No source of figures is on yet."
