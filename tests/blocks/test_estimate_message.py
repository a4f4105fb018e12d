"""What a planned job would cost, as it is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.blocks.estimate import render_estimate
from bot.domain.job_vocabulary import EXAMPLES
from bot.domain.job_words import Unread, read_job
from bot.language.catalogues import language_of
from tests.blocks.estimate_cases import MESSAGES, cost, estimate
from tests.blocks.form_cases import NAMES


def lines(case: str) -> list[str]:
    return MESSAGES[f"estimate-{case}"].text.split("\n")


def test_sets_the_variants_of_each_model_side_by_side():
    assert "claude-opus-5: As usual $17.50 · In a batch $3.50 · 90% cached $3.86" in lines("tokens")


def test_says_what_was_understood():
    assert "2,000,000 tokens in and 300,000 out." in lines("tokens")
    assert "500 requests, each with 4,000 tokens in and 1,000 out." in lines("requests")
    assert "All 500 together: 2,000,000 tokens in and 500,000 out." in lines("requests")


def test_invents_no_price():
    assert "claude-sonnet-5: As usual $7.00 · In a batch not known · 90% cached not known" in lines(
        "not-known"
    )
    assert "No list price is known of composer-9 and auto." in lines("unpriced")


@pytest.mark.parametrize("case", ["change-small", "document-medium", "code-base-large"])
def test_says_that_a_size_is_an_assumption(case):
    assert any(line.startswith("That is an assumption: ") for line in lines(case))


def test_says_whether_the_cached_share_was_told_or_assumed():
    assert any(line.startswith("Cached is an assumption: 90%") for line in lines("tokens"))
    assert any(line.startswith("Cached as you said: 80%") for line in lines("cached-as-said"))


def test_is_an_estimate_of_a_day_s_prices_for_one_reader():
    assert "List prices of November 19, 2026: an estimate and not a bill." in lines("tokens")
    assert any(line.startswith("Your company's own prices") for line in lines("own-prices"))
    assert lines("tokens")[-1] == "Only you can see this message."


def test_says_that_long_requests_have_prices_of_their_own():
    assert any("200,000 tokens" in line for line in lines("long-requests"))
    assert not any("200,000 tokens" in line for line in lines("requests"))


def test_tells_no_order_of_models_where_there_is_one_kind_only():
    assert not any(line.startswith("First the models") for line in lines("not-known"))
    assert any(line.startswith("First the models") for line in lines("tokens"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_understood(example):
    assert not isinstance(read_job(example.split()), Unread)


def test_says_amounts_as_its_reader_writes_them():
    german = language_of("de-DE", "Europe/Berlin")
    told = render_estimate(german, estimate(cost(standard=Decimal("1234.5"))), NAMES)

    assert "2.000.000" in told.text
    assert "1.234 $" in told.text
