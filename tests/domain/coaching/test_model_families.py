"""Costly models and their smaller siblings, as they are named and priced in the price list."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.coaching.model_families import smaller_sibling
from bot.pricing import usual_rates
from tests.domain.coaching.making import no_rates, rates

DAY = date(2026, 11, 15)


def listed(model: str):
    return usual_rates(model, DAY)


@pytest.mark.parametrize(
    ("model", "sibling"),
    [
        ("claude-opus-5", "claude-sonnet-5"),
        ("claude-opus-5-20260901", "claude-sonnet-5"),
        ("claude-opus-4-5-20251101", "claude-sonnet-4-5"),
        ("claude-4.5-opus-high-thinking", "claude-sonnet-4.5"),
        ("Claude Opus 4.5", "claude-sonnet-4.5"),
        ("claude-opus-4-8", "claude-sonnet-5-5"),
        ("claude-fable-5", "claude-sonnet-5"),
        ("anthropic/claude-opus-5", "claude-sonnet-5"),
        ("gpt-5-pro", "gpt-5"),
        ("gpt-5.4-pro", "gpt-5.4"),
        ("o3-pro", "o3"),
        ("gpt-6-astra", "gpt-6-sol"),
        ("gemini-2.5-pro", "gemini-2.5-flash"),
        ("gemini-3-pro-preview", "gemini-3-flash-preview"),
        ("gemini-3.1-pro-preview", "gemini-3.8-flash"),
    ],
)
def test_a_costly_model_has_a_cheaper_sibling_with_a_price(model, sibling):
    found = smaller_sibling(model, listed)

    assert found.name == sibling
    assert found.small == listed(sibling)
    assert found.small.output < found.big.output


@pytest.mark.parametrize(
    "model",
    ["claude-sonnet-5", "claude-haiku-4-5", "gpt-5", "gpt-6-sol", "gemini-2.5-flash", "auto", ""],
)
def test_a_model_that_is_none_of_the_costly_ones_has_none(model):
    assert smaller_sibling(model, listed) is None


def test_nothing_is_said_without_prices():
    assert smaller_sibling("claude-opus-5", no_rates) is None


def test_a_sibling_that_costs_as_much_is_none():
    assert smaller_sibling("gpt-6-pro", lambda _: rates("2", "16")) is None
