"""What coaches: tips, nudges and budgets, what each person chose, and what a job would cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.coaching.tips import RULES
from bot.domain.unit_rates import RatesOf, UnitRates
from bot.ports import Clock, PersonalStore, PreferenceStore
from bot.pricing import usual_batch_rates, usual_rates
from bot.services.choices import Choices
from bot.services.coaching import Coach
from bot.services.estimates import Estimates
from bot.services.planning import Stores
from bot.services.watching import Watcher
from bot.services.what_ran import WhatRan
from bot.settings import Settings
from bot.sources import Sources
from db import preferences
from db.budgets import BudgetStore
from db.database import Database
from db.facts import FactsStore
from db.nudges import NudgeStore
from db.tags import TagStore
from db.tips import TipStore
from db.used_models import UsedModelStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingSide:
    preferences: PreferenceStore
    coach: Coach
    watcher: Watcher
    choices: Choices
    estimates: Estimates
    what_ran: WhatRan


def coaching_side(
    settings: Settings,
    database: Database,
    stores: Stores,
    personal: PersonalStore,
    sources: Sources,
    clock: Clock,
) -> CoachingSide:
    facts, tips, nudges = FactsStore(database), TipStore(database), NudgeStore(database)
    chosen = preferences.PreferenceStore(database)
    work_sources = frozenset(source.name for source in sources.outcomes)
    return CoachingSide(
        preferences=chosen,
        coach=Coach(
            personal=personal,
            facts=facts,
            tips=tips,
            preferences=chosen,
            administration=stores.administration,
            clock=clock,
            rates_of=rates_on,
            sources=frozenset(sources.titles),
            work_sources=work_sources,
        ),
        watcher=Watcher(
            people=stores.people,
            personal=personal,
            facts=facts,
            preferences=chosen,
            nudges=nudges,
            budgets=BudgetStore(database),
            deliveries=stores.deliveries,
            administration=stores.administration,
            clock=clock,
            rates=usual_rates,
            sources=frozenset(sources.titles),
            work_sources=work_sources,
        ),
        choices=Choices(
            preferences=chosen,
            tips=tips,
            nudges=nudges,
            tags=TagStore(database),
            rules=RULES,
            clock=clock,
        ),
        estimates=Estimates(
            used=UsedModelStore(database),
            standard=usual_rates,
            batch=usual_batch_rates,
            has_own_prices=settings.prices_file is not None,
            clock=clock,
        ),
        what_ran=WhatRan(personal=personal, facts=facts),
    )


def rates_on(day: date) -> RatesOf:
    def rates_of(model: str) -> UnitRates | None:
        return usual_rates(model, day)

    return rates_of
