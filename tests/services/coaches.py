"""A coach over the real stores, who knows no prices."""

from __future__ import annotations

from typing import Any

from bot.services.coaching import Coach
from db.administration import AdministrationStore
from db.facts import FactsStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.tips import TipStore


def make_coach(database: Any, clock: Any, *sources: str) -> Coach:
    return Coach(
        personal=PersonalStore(database),
        facts=FactsStore(database),
        tips=TipStore(database),
        preferences=PreferenceStore(database),
        administration=AdministrationStore(database),
        clock=clock,
        rates_of=lambda _day: lambda _model: None,
        sources=frozenset(sources or ("anthropic", "git")),
    )
