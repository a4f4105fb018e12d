"""What the use cases need of the world. Adapters provide it; tests pass fakes."""

from bot.ports.clock import Clock
from bot.ports.coaching import BudgetStore, FactsStore, NudgeStore, PreferenceStore, TipStore
from bot.ports.facts import LinkStore, OutcomeStore, PriceStore, UsageStore
from bot.ports.operation import (
    AdministrationStore,
    AuditStore,
    DeliveryStore,
    HealthStore,
    RateLimiter,
)
from bot.ports.people import (
    AccountStore,
    LoggedStore,
    PeopleStore,
    PersonalStore,
    RetentionStore,
    RightsStore,
    TagStore,
    WorkStore,
)
from bot.ports.slack import Channels, Directory, HomePublisher, Messenger, PrivateFiles, UserGroups
from bot.ports.sources import Capabilities, OutcomeBatch, OutcomeSource, UsageProvider
from bot.ports.teams import ContributionStore, LedgerStore, TeamBudgetStore, TeamStore

__all__ = [
    "AccountStore",
    "AdministrationStore",
    "AuditStore",
    "BudgetStore",
    "Capabilities",
    "Channels",
    "Clock",
    "ContributionStore",
    "DeliveryStore",
    "Directory",
    "FactsStore",
    "HealthStore",
    "HomePublisher",
    "LedgerStore",
    "LinkStore",
    "LoggedStore",
    "Messenger",
    "NudgeStore",
    "OutcomeBatch",
    "OutcomeSource",
    "OutcomeStore",
    "PeopleStore",
    "PersonalStore",
    "PreferenceStore",
    "PriceStore",
    "PrivateFiles",
    "RateLimiter",
    "RetentionStore",
    "RightsStore",
    "TagStore",
    "TeamBudgetStore",
    "TeamStore",
    "TipStore",
    "UsageProvider",
    "UsageStore",
    "UserGroups",
    "WorkStore",
]
