"""How often attackers were right, beside those who saw no release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

from bench.attack.attacks import NOT_HELD
from bench.attack.evidence import Hits
from bot.domain.disclosure.contributions import Cell

BANDS = ((5, 8), (9, 12), (13, 19), (20, 29), (30, 40))
"""Sizes of the team that is attacked."""
_LABELS = {"all sizes": BANDS, **{f"{low}-{high} people": ((low, high),) for low, high in BANDS}}
ERRORS = 3
"""Standard errors by which an attack may seem to be better than a guess."""


class Attacker(StrEnum):
    READER = "reader"
    INFORMED = "informed"

    @property
    def margin(self) -> float:
        """What may be found beyond the guess: the best one is above the median of the promise."""
        return 0.0 if self is Attacker.READER else 0.02


@dataclass(slots=True)
class Tally:
    """``more`` and ``less``: right where the guess was wrong, and the other way round."""

    trials: int = 0
    hits: int = 0
    guessed: int = 0
    more: int = 0
    less: int = 0

    def add(self, *, hit: bool, guess: bool) -> None:
        self.trials += 1
        self.hits += hit
        self.guessed += guess
        self.more += hit and not guess
        self.less += guess and not hit

    def merge(self, other: Tally) -> None:
        self.trials += other.trials
        self.hits += other.hits
        self.guessed += other.guessed
        self.more += other.more
        self.less += other.less

    @property
    def share(self) -> float:
        return self.hits / max(self.trials, 1)

    @property
    def guess_share(self) -> float:
        return self.guessed / max(self.trials, 1)

    @property
    def gain(self) -> float:
        return self.share - self.guess_share

    @property
    def standard_error(self) -> float:
        """Of the gain; both were asked for the same victims."""
        trials = max(self.trials, 1)
        return sqrt(max((self.more + self.less) / trials - self.gain**2, 0) / trials)

    def is_no_better(self, margin: float = 0.0) -> bool:
        return self.gain <= margin + ERRORS * self.standard_error


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    attack: str
    cell: Cell
    rule: str
    attacker: Attacker
    band: tuple[int, int]


@dataclass(slots=True)
class Tallies:
    entries: dict[Entry, Tally] = field(default_factory=dict)

    def add(self, attack: str, cell: Cell, rule: str, size: int, hits: Hits) -> None:
        """A reader knows no more than the median; the informed guess as well as can be."""
        guesses = {
            Attacker.READER: (hits.read, hits.median),
            Attacker.INFORMED: (hits.informed, hits.blind),
        }
        for attacker, (hit, guess) in guesses.items():
            entry = Entry(attack, cell, rule, attacker, band_of(size))
            self.entries.setdefault(entry, Tally()).add(hit=hit, guess=guess)

    def merge(self, other: Tallies) -> None:
        for entry, tally in other.entries.items():
            self.entries.setdefault(entry, Tally()).merge(tally)

    def of(
        self,
        attack: str,
        cell: Cell,
        rule: str,
        attacker: Attacker,
        bands: Iterable[tuple[int, int]] = BANDS,
    ) -> Tally:
        found = Tally()
        for band in bands:
            entry = Entry(attack, cell, rule, attacker, band)
            found.merge(self.entries.get(entry, Tally()))
        return found

    def exceeded(self, rule: str) -> dict[str, Tally]:
        """Where an attack is better than a guess: at all sizes together, or in one band."""
        held = [one for one in self.entries if one.attack not in NOT_HELD]
        found: dict[str, Tally] = {}
        for attack, cell, attacker in dict.fromkeys((o.attack, o.cell, o.attacker) for o in held):
            for label, bands in _LABELS.items():
                tally = self.of(attack, cell, rule, attacker, bands)
                if not tally.is_no_better(attacker.margin):
                    found[f"{attack}, {cell}, {attacker}, {label}"] = tally
        return found


def band_of(size: int) -> tuple[int, int]:
    return next(band for band in BANDS if band[0] <= size <= band[1])
