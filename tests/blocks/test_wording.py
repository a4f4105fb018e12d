"""Amounts, days and numbers of things, as one says them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.blocks import wording
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import IsoWeek, Period, month_of
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis
from bot.language import ENGLISH
from bot.language.catalogues import language_of

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("currency", "amount", "said"),
    [
        ("EUR", "1234.5", "€1,234.50"),
        ("GBP", "-2", "-£2.00"),
        ("credits:kiro", "45.50", "45.5 Kiro credits"),
        ("credits:devin", "1000", "1,000 Devin credits"),
        ("<pages>:acme", "0.004", "0 acme &lt;pages&gt;"),
        ("<@U1>", "1", "&lt;@U1&gt;1.00"),
    ],
)
def test_other_currencies_are_named(currency, amount, said):
    assert wording.foreign_money(ENGLISH, currency, Decimal(amount)) == said


def test_what_sends_its_figures_is_called_by_its_own_name():
    assert wording.source_title("ingest:acme-agents") == "acme-agents"
    assert wording.source_title("otlp:claude_code") == "Claude Code"


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
    assert wording.rough_money(ENGLISH, Decimal(amount)) == said


def test_a_range_that_rounds_to_one_amount_is_one():
    assert wording.money_range(ENGLISH, Decimal("22.1"), Decimal("82.3")) == "$22 to $82"
    assert wording.money_range(ENGLISH, Decimal("31.1"), Decimal("31.3")) == "about $31"


def test_less_than_a_cent_is_said_once():
    tiny, little, much = Decimal("0.000001"), Decimal("0.004"), Decimal(5)

    assert wording.money_range(ENGLISH, tiny, little) == "under $0.01"
    assert wording.money_range(ENGLISH, tiny, much) == "under $0.01 to $5.00"
    assert f"under {wording.money_above(ENGLISH, little)}" == "under $0.01"
    assert wording.money_above(ENGLISH, much) == "$5.00"


@pytest.mark.parametrize(
    ("amount", "said"),
    [("31.494", "$31.49"), ("0.004", "under $0.01"), ("0", "$0.00"), ("-0.004", "$0.00")],
)
def test_an_exact_amount_is_told_to_the_cent(amount, said):
    assert wording.exact_money(ENGLISH, Decimal(amount)) == said


def test_a_source_is_named_as_it_is_where_slack_parses_nothing():
    assert wording.source_name("ingest:r&d") == "r&d"
    assert wording.source_title("ingest:r&d") == "r&amp;d"


@pytest.mark.parametrize(
    ("bases", "said"),
    [
        ((), ""),
        ({CostBasis.BILLED}, "billed"),
        (
            set(CostBasis),
            "billed, provider's estimate, and list price",
        ),
    ],
)
def test_an_amount_says_what_it_means(bases, said):
    assert wording.basis(ENGLISH, bases) == said


def test_every_kind_of_outcome_has_a_singular_and_a_plural():
    for kind in OutcomeKind:
        assert wording.outcomes(ENGLISH, kind, 1) == f"1 {wording.outcome_title(ENGLISH, kind)}"
        assert (
            wording.outcomes(ENGLISH, kind, 2_000)
            == f"2,000 {wording.outcome_title(ENGLISH, kind, many=True)}"
        )


def test_every_tier_has_a_name():
    assert {wording.tier(ENGLISH, tier) for tier in Tier} == {
        "exploration",
        "routine",
        "production",
    }


def test_a_tool_without_a_name_is_told_as_such():
    assert wording.tool_title(ENGLISH, "copilot") == "GitHub Copilot"
    assert wording.tool_title(ENGLISH, "new_<tool>") == "New &lt;tool&gt;"
    assert wording.tool_title(ENGLISH, "unnamed") == "a tool that is not named"


def test_a_line_begins_with_a_capital_and_keeps_the_others():
    assert wording.capital("gelöstes Ticket von Ada") == "Gelöstes Ticket von Ada"
    assert wording.capital("") == ""


def test_amounts_are_told_as_in_the_readers_country():
    german = language_of("de-DE")

    assert wording.foreign_money(german, "EUR", Decimal("1234.5")) == "1.234,50\xa0€"


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
    assert wording.ago(ENGLISH, NOW - passed, NOW) == said


def test_a_source_that_told_nothing_has_no_data_yet():
    told = [("openai", date(2026, 11, 18)), ("acme<>", None)]

    assert wording.data_through(ENGLISH, told) == (
        "Data through: OpenAI November 18 and acme&lt;&gt; no data yet."
    )


def test_without_sources_it_says_so():
    assert wording.data_through(ENGLISH, []) == "No source of figures is on yet."
