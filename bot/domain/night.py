"""What the clock plans: comparing what is done with the time, never counting runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, days, midnight

COLLECT_HOUR = 5
"""The UTC hour at which a night begins: providers have closed the day by then."""


@dataclass(frozen=True, slots=True)
class Night:
    """The work between one collection hour and the next, named after the day it begins on."""

    day: date

    @classmethod
    def at(cls, now: datetime) -> Night:
        return cls((now - timedelta(hours=COLLECT_HOUR)).date())

    @property
    def start(self) -> datetime:
        return midnight(self.day) + timedelta(hours=COLLECT_HOUR)


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A provider-day that is kept; complete when the provider said so."""

    fetched_at: datetime
    is_complete: bool


@dataclass(frozen=True, slots=True)
class SyncDirectory:
    pass


@dataclass(frozen=True, slots=True)
class CollectDay:
    provider: str
    day: date


@dataclass(frozen=True, slots=True)
class CollectOutcomes:
    source: str


@dataclass(frozen=True, slots=True)
class SettleOutcomes:
    pass


@dataclass(frozen=True, slots=True)
class Welcome:
    pass


@dataclass(frozen=True, slots=True)
class PlanDigests:
    """One shard of people, who share the week that is told of."""

    week: IsoWeek
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class ReleaseTeam:
    team: int
    week: IsoWeek


@dataclass(frozen=True, slots=True)
class Deliver:
    lane: int


Work = (
    SyncDirectory
    | CollectDay
    | CollectOutcomes
    | SettleOutcomes
    | Welcome
    | PlanDigests
    | ReleaseTeam
    | Deliver
)


def due_days(
    known: Mapping[date, KnownDay], now: datetime, *, backfill_days: int, repull_days: int
) -> list[date]:
    """The closed days to ask a provider for, oldest first.

    A day is due when it never came in; and once a night while it is not complete or young enough
    for its figures to move.
    """
    night = Night.at(now)
    last = night.day - timedelta(days=1)
    first = last - timedelta(days=backfill_days - 1)

    def is_due(day: date) -> bool:
        kept = known.get(day)
        if kept is None:
            return True
        still_moves = not kept.is_complete or (last - day).days < repull_days
        return still_moves and kept.fetched_at < night.start

    return [day for day in days(first, last) if is_due(day)]
