"""One history under one rule, and all that somebody who tries can learn of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.attack.histories import CAP_WEEKS, History, week_at
from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.figures import Release, Rounded, TeamRelease, WeekRelease
from bot.domain.disclosure.parameters import Parameters, p_of
from bot.domain.keyed import Key
from bot.domain.periods import IsoWeek

CELLS = (Cell.SPEND, Cell.MERGED_CHANGE)
Floats = NDArray[np.float64]
Partition = tuple[tuple[int, ...], ...]
Caps = Mapping[Cell, Decimal]
CapsOf = Callable[[Mapping[Cell, Sequence[Decimal]]], Caps]


class ReleaseWeek(Protocol):
    def __call__(
        self,
        groups: Sequence[Group],
        caps: Caps,
        parameters: Parameters,
        *,
        key: Key,
        week: IsoWeek,
    ) -> WeekRelease: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """All that is public of it, in caps: how far its parts reach, and how loud it is.

    Parts of a member set are evenly spread to both sides; a contributor's shift to either side from
    its smallest to its largest.
    """

    for_good: float
    of_the_quarter: float
    smallest_shift: float
    largest_shift: float
    loudness: Callable[[int], float]


def _as_loud(people: int) -> float:
    del people
    return 1.0


SILENT = Noise(
    for_good=0,
    of_the_quarter=0,
    smallest_shift=0,
    largest_shift=0,
    loudness=_as_loud,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``noise`` is what is publicly known of it; ``is_exact`` says that amounts are not capped."""

    name: str
    release: ReleaseWeek
    noise: Noise
    is_exact: bool


@dataclass(slots=True, kw_only=True)
class World:
    """A history with what does not depend on the rule."""

    history: History
    caps_of: CapsOf
    victim: int
    seed: int
    _members: dict[tuple[int, int], Contribution] = field(default_factory=dict)
    _caps: dict[int, Caps] = field(default_factory=dict)
    _amounts: dict[Cell, Floats] = field(default_factory=dict)

    def amounts(self, cell: Cell) -> Floats:
        """Of everybody (rows) in every week (columns)."""
        if cell not in self._amounts:
            people = self.history.people
            self._amounts[cell] = np.array(
                [one.spend if cell is Cell.SPEND else one.outcomes for one in people]
            )
        return self._amounts[cell]

    def caps(self, week: int) -> Caps:
        if week not in self._caps:
            members = [
                self.member(person, one)
                for person in range(len(self.history.people))
                for one in range(week - CAP_WEEKS, week)
            ]
            past = {
                cell: [one.amounts[cell] for one in members if cell in one.amounts]
                for cell in CELLS
            }
            caps = self.caps_of(past)
            self._caps[week] = {cell: caps[cell] for cell in CELLS}
        return self._caps[week]

    def member(self, person: int, week: int) -> Contribution:
        found = self._members.get((person, week))
        if found is None:
            one = self.history.people[person]
            spend, outcomes = one.spend[week], one.outcomes[week]
            found = contribution(person, spend, outcomes, has_seat=one.has_seat)
            self._members[person, week] = found
        return found


@dataclass(slots=True, kw_only=True)
class Scene:
    """``rng`` is the attacker's: for what is not known there are draws of what it could be."""

    world: World
    rule: Rule
    key: Key
    rng: np.random.Generator
    _released: dict[tuple[Partition, int, int], WeekRelease] = field(default_factory=dict)

    @property
    def teams(self) -> Partition:
        return self.world.history.teams

    @property
    def parameters(self) -> Parameters:
        return Parameters(p=p_of(self.key))

    @property
    def victim(self) -> int:
        return self.world.victim

    def without_victim(self) -> Partition:
        return (tuple(one for one in self.teams[0] if one != self.victim), *self.teams[1:])

    def release(self, teams: Partition, week: int, *, amounts_of: int | None = None) -> WeekRelease:
        """Of a week, or of what it would be if everybody had the amounts of another."""
        source = week if amounts_of is None else amounts_of
        found = self._released.get((teams, week, source))
        if found is None:
            groups = [[self.world.member(one, source) for one in team] for team in teams]
            found = self.release_of(groups, week, caps=self.world.caps(source))
            self._released[teams, week, source] = found
        return found

    def release_of(
        self, groups: Iterable[Sequence[Contribution]], week: int, *, caps: Caps | None = None
    ) -> WeekRelease:
        return self.rule.release(
            [Group(team=team, members=tuple(members)) for team, members in enumerate(groups)],
            caps or self.world.caps(week),
            self.parameters,
            key=self.key,
            week=week_at(week),
        )

    def cap(self, cell: Cell, week: int) -> float:
        """Above which a rule cuts off; beyond everything if it does not."""
        return float("inf") if self.rule.is_exact else float(self.world.caps(week)[cell])

    def amount(self, person: int, cell: Cell, week: int) -> float:
        return float(self.world.amounts(cell)[person, week])

    def capped(self, people: Iterable[int], cell: Cell, weeks: slice | int) -> Floats:
        rows = self.world.amounts(cell)[list(people)]
        week = weeks if isinstance(weeks, int) else weeks.stop - 1
        return np.minimum(rows[:, weeks], self.cap(cell, week))


def contribution(person: int, spend: float, outcomes: float, *, has_seat: bool) -> Contribution:
    """A person's member tag is made up, and the same every week."""
    amounts = {}
    if spend > 0:
        amounts[Cell.SPEND] = Decimal(f"{spend:.2f}")
    if outcomes > 0:
        amounts[Cell.MERGED_CHANGE] = Decimal(f"{outcomes:.2f}")
    return Contribution(
        member=person.to_bytes(16), amounts=amounts, has_seat=has_seat, is_active=spend > 0
    )


def figure(release: Release | None, cell: Cell) -> Rounded | None:
    if isinstance(release, TeamRelease):
        found = release.figures.get(cell)
        return found if isinstance(found, Rounded) else None
    return None


class RememberingKey(Key):
    """The same tags, made once: noise that stays is asked for again and again."""

    __slots__ = ("_tags",)

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self._tags: dict[tuple[str | bytes, ...], bytes] = {}

    def tag(self, purpose: str, *parts: str | bytes) -> bytes:
        found = self._tags.get((purpose, *parts))
        if found is None:
            found = self._tags[purpose, *parts] = super().tag(purpose, *parts)
        return found


def seeded(seed: int) -> tuple[np.random.Generator, Key]:
    rng = Random(seed)
    return np.random.default_rng(rng.getrandbits(64)), RememberingKey(rng.randbytes(32))
