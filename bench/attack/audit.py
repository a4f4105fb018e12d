"""Exact-recovery audit: what a year's ledger leaves possible of everybody's amounts.

The attacker has all released figures and knows the algorithm, its parameters, the caps, who was in
which team in which week, who of them had anything at all, and the exact amounts of k - 1 colluders:
of the victim's team-mates those with the most. Not known are the key and everybody else's amounts.

A linear programme for each quarter holds all its weeks: an unknown for every person's amount of
every week, from 0 to the cap; one for the noise of every member set, the same in all weeks of the
quarter; and one for every contributor's shift, the same everywhere. Each figure bounds what adds up
to it by half a step to either side. The least and the most that a person may have had are its
optima; of a quarter the person's largest week is looked at, which is the easiest to tell.

Shifts may lie anywhere between the largest to either side. Somebody above the cap may have had any
amount; measured is the part up to the cap. Both are in the person's disfavour or make no odds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from bench.attack.histories import week_at
from bench.attack.ledger import Entry, Year, year_of
from bench.attack.rules import OURS
from bench.attack.scene import CELLS, Floats, Noise, Rule
from bot.domain.disclosure.caps import caps_of
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.parameters import Parameters, epoch_of

COLLUDERS = Parameters.FEWEST - 1
NARROWEST = 0.25
"""Of what a person had, at the least."""
_SEED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What a person may have had, in the week *week*, beside what it was."""

    person: int
    week: int
    low: float
    high: float
    true: float

    @property
    def width(self) -> float:
        return (self.high - self.low) / self.true


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    cell: Cell
    intervals: tuple[Interval, ...]

    @property
    def narrowest(self) -> Interval:
        return min(self.intervals, key=lambda one: one.width)

    @property
    def pinned(self) -> int:
        return sum(one.width < NARROWEST for one in self.intervals)

    @property
    def told(self) -> str:
        people = len({one.person for one in self.intervals})
        return (
            f"audit of {self.cell}: {len(self.intervals)} intervals of {people} people, the "
            f"narrowest {self.narrowest.width:.0%} of the value wide, {self.pinned} pinned"
        )


def audit(rule: Rule, cell: Cell, year: Year, people: Sequence[int] | None = None) -> Audit:
    """Of all *people* who had anything, quarter by quarter."""
    found: list[Interval] = []
    entries = sorted(year.entries, key=lambda one: one.week)
    for _, quarter in groupby(entries, lambda one: epoch_of(week_at(one.week))):
        programme = _Programme.of(tuple(quarter), year, rule.noise)
        found += programme.intervals(range(len(year.amounts)) if people is None else people)
    return Audit(cell=cell, intervals=tuple(found))


def audit_year() -> Iterator[Audit]:
    for cell in CELLS:
        yield audit(OURS, cell, year_of(OURS, caps_of, cell, seed=_SEED))


@dataclass(slots=True)
class _Columns:
    """Unknowns by what they are of, in the order in which they turn up."""

    bounds: list[tuple[float, float]] = field(default_factory=list)
    _numbers: dict[object, int] = field(default_factory=dict)

    def number(self, key: object, low: float, high: float) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.bounds)
            self.bounds.append((low, high))
        return self._numbers[key]

    def of_amount(self, person: int, week: int) -> int | None:
        return self._numbers.get(("amount", person, week))


@dataclass(slots=True, kw_only=True)
class _Programme:
    entries: tuple[Entry, ...]
    year: Year
    columns: _Columns
    matrix: csr_array
    limits: Floats

    @classmethod
    def of(cls, entries: tuple[Entry, ...], year: Year, noise: Noise) -> _Programme:
        columns = _Columns()
        rows: list[dict[int, float]] = []
        limits: list[float] = []
        for entry in entries:
            row = _row(entry, columns, noise)
            rows.append(row)
            limits.append(entry.value + entry.step / 2)
            # Noise never takes a figure below zero: a zero has no lower bound.
            if entry.value > 0:
                rows.append({column: -factor for column, factor in row.items()})
                limits.append(-(entry.value - entry.step / 2))
        return cls(
            entries=entries,
            year=year,
            columns=columns,
            matrix=_sparse(rows, len(columns.bounds)),
            limits=np.array(limits),
        )

    def intervals(self, people: Sequence[int]) -> Iterator[Interval]:
        weeks = sorted({entry.week for entry in self.entries})
        for person in people:
            seen = [week for week in weeks if self.columns.of_amount(person, week) is not None]
            if seen:
                week = max(seen, key=lambda one: float(self.year.amounts[person, one]))
                yield self._interval(person, week)

    def _interval(self, person: int, week: int) -> Interval:
        bounds = self._with_colluders(person, week)
        cost = np.zeros(len(bounds))
        column = self.columns.of_amount(person, week)
        assert column is not None
        cost[column] = 1
        low, high = (
            linprog(sign * cost, self.matrix, self.limits, bounds=bounds, method="highs")
            for sign in (1, -1)
        )
        if not (low.success and high.success):
            raise ArithmeticError("a ledger contradicts what is known of its noise")
        true = float(self.year.amounts[person, week])
        return Interval(person=person, week=week, low=low.fun, high=-high.fun, true=true)

    def _with_colluders(self, person: int, week: int) -> list[tuple[float, float]]:
        team = next(one for one in self.entries if one.week == week and person in one.members)
        mates = [one for one in team.members if one != person]
        amount: Callable[[int], float] = lambda one: float(self.year.amounts[one, week])  # noqa: E731
        bounds = list(self.columns.bounds)
        for colluder in sorted(mates, key=amount, reverse=True)[:COLLUDERS]:
            for when in self.year.weeks:
                column = self.columns.of_amount(colluder, when)
                if column is not None:
                    known = float(self.year.amounts[colluder, when])
                    bounds[column] = (known, known)
        return bounds


def _row(entry: Entry, columns: _Columns, noise: Noise) -> dict[int, float]:
    """What adds up to the figure: amounts, the noise of the set, the shifts of contributors."""
    row = {
        columns.number(("amount", one, entry.week), 0, entry.cap): 1.0 for one in entry.contributors
    }
    if entry.has_noise:
        size = min(len(entry.members), 2 * len(entry.contributors))
        loudness = noise.loudness(size)
        reach = noise.for_good + noise.of_the_quarter
        members = tuple(sorted(entry.members))
        row[columns.number(("set", members, loudness), -reach, reach)] = entry.cap * loudness
        for one in entry.contributors:
            shift = columns.number(("shift", one), -noise.largest_shift, noise.largest_shift)
            row[shift] = entry.cap * loudness
    return row


def _sparse(rows: Sequence[dict[int, float]], columns: int) -> csr_array:
    values = [factor for row in rows for factor in row.values()]
    at = [(number, column) for number, row in enumerate(rows) for column in row]
    return csr_array((values, tuple(zip(*at, strict=True))), shape=(len(rows), columns))
