"""Which models are the costly ones of their maker, and which smaller one does much the same work.

As listed by genai-prices in November 2026. A smaller model is only named where a price is known of
both and it is the lower one, so that a name which is listed here and nowhere else does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.domain.price_levels import BASKET
from bot.domain.unit_rates import RatesOf, UnitRates

SONNETS = ("claude-sonnet-5-5", "claude-sonnet-5", "claude-sonnet-4-6", "claude-sonnet-4-5")
FLASHES = ("gemini-3.8-flash", "gemini-3.5-flash", "gemini-2.5-flash")
FAMILIES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(r"claude-(?:opus|fable|mythos)-(?P<generation>\d+(?:[-.]\d{1,2})?)(?!\d).*"),
        (r"claude-sonnet-\g<generation>", *SONNETS),
    ),
    (
        re.compile(r"claude-(?P<generation>\d+(?:[-.]\d{1,2})?)-(?:opus|fable|mythos)(?:-.*)?"),
        (r"claude-sonnet-\g<generation>", *SONNETS),
    ),
    (re.compile(r"(?P<plain>gpt-\d+(?:\.\d+)?)-pro(?:-.*)?"), (r"\g<plain>",)),
    (re.compile(r"(?P<plain>o\d+)-pro(?:-.*)?"), (r"\g<plain>",)),
    (
        re.compile(r"(?P<plain>gpt-\d+(?:\.\d+)?)-astra(?:-.*)?"),
        (r"\g<plain>-sol", "gpt-6.1-sol", "gpt-6-sol"),
    ),
    (
        re.compile(r"(?P<plain>gemini-\d+(?:\.\d+)?)-(?:pro|ultra)(?:-.*)?"),
        (r"\g<plain>-flash", r"\g<plain>-flash-preview", *FLASHES),
    ),
)
"""What a costly model is called, and its smaller sibling: of its generation, else the newest."""


class Sibling(NamedTuple):
    """The smaller of two models, with the prices of both."""

    name: str
    small: UnitRates
    big: UnitRates


def smaller_sibling(model: str, rates_of: RatesOf) -> Sibling | None:
    """``None`` of a model that is none of the costly ones, or where a price is not known."""
    name = model.lower().replace(" ", "-")
    for candidate in _candidates(name):
        big, small = rates_of(model) or rates_of(name), rates_of(candidate)
        if big and small and small.cost(BASKET) < big.cost(BASKET):
            return Sibling(candidate, small, big)
    return None


def _candidates(name: str) -> Iterator[str]:
    for pattern, siblings in FAMILIES:
        found = pattern.fullmatch(name.rpartition("/")[2])
        if found:
            yield from (found.expand(sibling) for sibling in siblings)
