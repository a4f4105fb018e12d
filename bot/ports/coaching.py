"""What tips, nudges and budget notes are made of, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.nudges import Answer, Nudge, NudgeKind
from bot.domain.coaching.rules import ShownTip
from bot.domain.history import PersonalHistory
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.preferences import Preferences
from bot.domain.unit_rates import RatesOf


class FactsStore(Protocol):
    """What tips and nudges are found in, for one's own eyes or for the jobs that write to one."""

    async def own_facts(
        self, history: PersonalHistory, until: IsoWeek, rates_of: RatesOf
    ) -> Facts: ...

    async def facts_of(
        self, histories: Sequence[PersonalHistory], until: IsoWeek, rates_of: RatesOf
    ) -> list[Facts]: ...


class PreferenceStore(Protocol):
    """What each person chose, through that person's own door or for the jobs."""

    async def own(self, person: PersonId) -> Preferences: ...

    async def of(self, people: Sequence[PersonId]) -> dict[PersonId, Preferences]: ...

    async def keep(self, person: PersonId, chosen: Preferences) -> None: ...


class TipStore(Protocol):
    """The tips that were shown, and those that their readers want no more."""

    async def own_shown(self, person: PersonId) -> tuple[ShownTip, ...]: ...

    async def own_muted(self, person: PersonId) -> frozenset[str]: ...

    async def shown(self, people: Sequence[PersonId]) -> dict[PersonId, tuple[ShownTip, ...]]: ...

    async def muted(self, people: Sequence[PersonId]) -> dict[PersonId, frozenset[str]]: ...

    async def keep(self, shown: Sequence[tuple[PersonId, ShownTip]]) -> None: ...

    async def mute(self, person: PersonId, rule: str, at: datetime) -> None: ...

    async def unmute(self, person: PersonId, rule: str) -> None: ...


class NudgeStore(Protocol):
    async def told(self, people: Sequence[PersonId], since: date) -> dict[PersonId, date]: ...

    async def keep(self, told: Sequence[tuple[PersonId, Nudge]], on: date) -> None: ...

    async def find(
        self, person: PersonId, kind: NudgeKind, first_day: date
    ) -> tuple[date, date] | None: ...

    async def answer(
        self, person: PersonId, kind: NudgeKind, first_day: date, answer: Answer, at: datetime
    ) -> bool: ...

    async def people_nudged(self, since: date) -> int: ...


class BudgetStore(Protocol):
    """Which shares of a month's amount each person was told of."""

    async def told(
        self, people: Sequence[PersonId], month: date
    ) -> dict[PersonId, frozenset[int]]: ...

    async def keep(self, told: Sequence[tuple[PersonId, int]], month: date, on: date) -> None: ...
