"""What somebody makes of all they know: the amount that is most likely to be right within 10 %.

A reader takes what was released for what it is, with noise and rounding of known shape, and
nothing else. Whoever is informed also knows how such amounts are spread among people in general,
which is why this guess is set beside the best one without any release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gamma
from typing import Protocol

import numpy as np

from bench.attack.scene import Floats
from bench.lives import DISPERSION, WEEKLY_OUTCOMES
from bot.domain.disclosure.contributions import Cell

WITHIN = 0.1
SPREAD = 1.2
"""Of weekly spend among people, on the log scale."""
_FINEST = 0.03
"""How much finer than the grid no likelihood is looked at."""
_POINTS, _REACH = 200, 300
_LARGEST_COUNT = 80


class Evidence(Protocol):
    def likelihood(self, amounts: Floats) -> Floats:
        """Of what was seen, were the victim's amount each of *amounts*; up to a factor."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Something that is the amount, cut off at *cap*, plus an error of which there are draws."""

    observed: float
    errors: Floats
    cap: float

    def likelihood(self, amounts: Floats) -> Floats:
        errors = np.sort(self.errors)
        missing = self.observed - np.minimum(amounts, self.cap)
        width = np.maximum((errors[-1] - errors[0]) / 20, _FINEST * amounts)
        inside = np.searchsorted(errors, missing + width, "right") - np.searchsorted(
            errors, missing - width, "left"
        )
        # Never quite impossible: draws have no tails, and several pieces may contradict.
        return np.asarray(inside / (len(errors) * width) + 1e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """``truth`` is what the victim had; ``typical`` the median of such amounts in the workspace."""

    cell: Cell
    truth: float
    typical: float
    evidence: Sequence[Evidence]
    is_mean: bool = False

    @property
    def is_whole(self) -> bool:
        return self.cell is not Cell.SPEND and not self.is_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Who was right. ``median`` and ``blind`` see no release: the middle, and the best guess."""

    median: bool
    blind: bool
    read: bool
    informed: bool


def judge(trial: Trial) -> Hits:
    """Nothing to read recovers nothing; whoever is informed guesses on."""
    grid, windows, prior = _whole() if trial.is_whole else _continuous(trial.cell)
    amounts = grid if trial.is_whole else grid * trial.typical
    likelihood = np.ones_like(amounts)
    for evidence in trial.evidence:
        likelihood = likelihood * evidence.likelihood(amounts)

    def is_hit(guess: float) -> bool:
        return abs(guess - trial.truth) <= WITHIN * trial.truth

    return Hits(
        median=is_hit(trial.typical),
        blind=is_hit(amounts[np.argmax(windows @ prior)]),
        read=bool(trial.evidence) and is_hit(amounts[np.argmax(windows @ likelihood)]),
        informed=is_hit(amounts[np.argmax(windows @ (likelihood * prior))]),
    )


@lru_cache
def _continuous(cell: Cell) -> tuple[Floats, Floats, Floats]:
    """Multiples of the median, evenly spaced on the log scale, and how common they are."""
    grid = np.geomspace(1 / _REACH, _REACH, _POINTS)
    if cell is Cell.SPEND:
        prior = np.exp(-0.5 * (np.log(grid) / SPREAD) ** 2)
    else:
        prior = grid**DISPERSION * np.exp(-grid * DISPERSION * 0.8)
    return grid, _windows(grid), prior / prior.sum()


@lru_cache
def _whole() -> tuple[Floats, Floats, Floats]:
    """Counts above zero, gamma-Poisson."""
    grid = np.arange(1.0, _LARGEST_COUNT + 1)
    less = WEEKLY_OUTCOMES / (WEEKLY_OUTCOMES + DISPERSION)
    terms = [gamma(n + DISPERSION) / gamma(n + 1) * less**n for n in grid]
    prior = np.array(terms) / sum(terms)
    return grid, _windows(grid), prior


def _windows(grid: Floats) -> Floats:
    """Which of the amounts (columns) a guess (rows) is near enough to."""
    return (np.abs(grid[:, None] - grid[None, :]) <= WITHIN * grid[None, :]).astype(np.float64)
