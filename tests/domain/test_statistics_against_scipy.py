"""Our own intervals are those of SciPy, which is too large to bring along."""

from __future__ import annotations

import importlib
import random
from types import ModuleType

import pytest

from bot.domain.statistics import poisson_interval, wilson_interval

CASES = 10_000
SEED = 1936
LARGEST = 100_000


@pytest.fixture(scope="module")
def stats() -> ModuleType:
    """Imported here and not above: it takes a second, which collecting the tests can spare."""
    return importlib.import_module("scipy.stats")


def as_in_scipy(expected):
    return pytest.approx(expected, rel=1e-9, abs=0)


def some_confidence(chance: random.Random) -> float:
    return chance.choice([0.80, 0.95, chance.uniform(0.01, 0.9999)])


def some_count(chance: random.Random) -> float:
    """Every size is as likely as any other, from single events to the largest count."""
    return LARGEST ** chance.random()


def tails(confidences: list[float]) -> list[float]:
    return [(1 - confidence) / 2 for confidence in confidences]


def test_whole_counts_have_the_quantiles_of_chi_square(stats):
    chance = random.Random(SEED)
    counts = [round(some_count(chance)) for _ in range(CASES)]
    confidences = [some_confidence(chance) for _ in counts]

    cases = zip(counts, confidences, strict=True)
    found = [poisson_interval(count, confidence=confidence) for count, confidence in cases]

    lows = stats.chi2.ppf(tails(confidences), [2 * count for count in counts]) / 2
    highs = stats.chi2.isf(tails(confidences), [2 * count + 2 for count in counts]) / 2
    assert [interval.low for interval in found] == as_in_scipy(lows)
    assert [interval.high for interval in found] == as_in_scipy(highs)


def test_sums_of_shares_have_the_quantiles_of_gamma(stats):
    chance = random.Random(SEED)
    counts = [chance.uniform(0.05, 1) * some_count(chance) for _ in range(CASES)]
    confidences = [some_confidence(chance) for _ in counts]

    cases = zip(counts, confidences, strict=True)
    found = [poisson_interval(count, confidence=confidence) for count, confidence in cases]

    lows = stats.gamma.ppf(tails(confidences), counts)
    highs = stats.gamma.isf(tails(confidences), [count + 1 for count in counts])
    assert [interval.low for interval in found] == as_in_scipy(lows)
    assert [interval.high for interval in found] == as_in_scipy(highs)


def test_shares_have_wilsons_interval(stats):
    chance = random.Random(SEED)
    trials = [round(some_count(chance)) for _ in range(CASES)]
    hits = [chance.choice([0, number, chance.randint(0, number)]) for number in trials]
    confidences = [some_confidence(chance) for _ in trials]

    cases = list(zip(hits, trials, confidences, strict=True))
    found = [wilson_interval(*sample, confidence=confidence) for *sample, confidence in cases]

    expected = [
        stats.binomtest(*sample, p=sample[0] / sample[1]).proportion_ci(confidence, "wilson")
        for *sample, confidence in cases
    ]
    assert [interval.low for interval in found] == as_in_scipy([each.low for each in expected])
    assert [interval.high for interval in found] == as_in_scipy([each.high for each in expected])
