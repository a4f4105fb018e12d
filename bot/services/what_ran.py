"""What a person's days were spent on, for that person, who asks what ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.coaching.facts import ModelWeek
from bot.domain.history import DayOfUse
from bot.domain.people import Person
from bot.domain.periods import IsoWeek
from bot.domain.unit_rates import UnitRates
from bot.ports import FactsStore, PersonalStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """``use`` is known by the day; ``models`` by the week, of the weeks around those days."""

    use: tuple[DayOfUse, ...]
    models: tuple[ModelWeek, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatRan:
    personal: PersonalStore
    facts: FactsStore

    async def between(self, person: Person, first: date, last: date) -> Ran:
        history = await self.personal.history_of(person.id, first, last)
        facts = await self.facts.own_facts(history, IsoWeek.of(last), _no_price)
        return Ran(use=history.use, models=facts.models)


def _no_price(_model: str) -> UnitRates | None:
    """What ran is told as it was charged: no price is asked for."""
    return None
