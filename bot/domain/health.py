"""How Upshot itself is doing. Nothing here is about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.agreement import Agreement
from bot.domain.teams import HomeTeam

DIRECTORY = "slack"
"""The name under which reading the workspace's members is kept, beside the sources."""

FEWEST_TOLD = 5
"""Of fewer people not even how many they are is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A provider or a source of outcomes; ``last_error`` is a sentence, ``hint`` what to do."""

    name: str
    title: str
    is_on: bool
    data_through: date | None = None
    last_success: datetime | None = None
    last_error: str | None = None
    hint: str | None = None
    accounts: int = 0
    unmatched_accounts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounts:
    planned: int
    sent: int
    rejected: int
    parked: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``last_tick`` is when the clock last looked for what is due.

    ``nudged`` is how many people were nudged in the last four weeks, ``None`` below five.
    """

    now: datetime
    last_tick: datetime | None
    people: int
    sources: tuple[SourceHealth, ...]
    deliveries: DeliveryCounts
    overdue: int
    nudged: int | None = None
    weaker: tuple[str, ...] = ()
    agreement: Agreement | None = None
    silent: tuple[tuple[str, str], ...] = ()
    """The teams whose channels cannot be told anything, and why: see ``ChannelProblem``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyFacts:
    """What ``/myusage privacy`` prints beside the honest statement: the settings in force.

    ``homes`` is the team that the reader counts in, and the one from a later day on.
    """

    minimum_group_size: int
    dominance_percent: int
    settle_days: int
    sources: tuple[str, ...]
    admins: tuple[str, ...]
    data_through: tuple[tuple[str, date | None], ...]
    retention_days: int
    is_strict: bool = False
    agreement: Agreement | None = None
    homes: tuple[HomeTeam, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A value that waits for its day."""

    value: int
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdValue:
    """``value`` is in force; ``waiting`` are the changes to come, the next one first.

    ``fixed`` is the least strict value that an agreement allows, ``None`` where it fixes nothing.
    """

    name: str
    value: int
    waiting: tuple[Waiting, ...] = ()
    fixed: int | None = None
