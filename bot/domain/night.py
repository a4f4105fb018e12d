"""What the clock plans: comparing what is done with the time, never counting runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, Period, days, midnight
from bot.domain.preferences import Cadence

COLLECT_HOUR = 5
"""The UTC hour at which a night begins: providers have closed the day by then."""

WEEKLY = timedelta(days=6)
"""Asked for before the night that is six nights back began: a week ago."""


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

    @property
    def through(self) -> date:
        """The last closed day, which this night collects."""
        return self.day - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How long a provider's figures of a closed day go on moving, in days after it ended.

    The youngest ``repull`` days are asked for again every night, older ones once a week until they
    are final; none is final before ``settles_after``. A provider that forgets keeps ``history``.
    """

    repull: int
    settles_after: int
    history: int | None = None

    def is_quiet(self, day: date, asked_at: datetime) -> bool:
        """Whether a provider that tells nothing of *day* by then had nothing to tell."""
        return asked_at >= midnight(day + timedelta(days=1 + self.repull))


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A provider-day that is kept; complete when the provider said so.

    ``unchanged_since`` is when the answer that is kept was given for the first time.
    """

    fetched_at: datetime
    is_complete: bool
    unchanged_since: datetime

    def is_final(self, day: date, freshness: Freshness) -> bool:
        """Asked twice, at least a day apart and after figures have settled, with one answer."""
        settled_at = midnight(day + timedelta(days=1 + freshness.settles_after))
        return (
            self.is_complete
            and self.fetched_at >= settled_at
            and self.fetched_at - self.unchanged_since >= timedelta(days=1)
        )


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
    """One shard of people, who share the period that is told of."""

    cadence: Cadence
    period: Period
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """One shard of people, whose days up to *through* are looked at for nudges and budgets."""

    through: date
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class WatchToday:
    """The same for the day that is running, once in every *hour*, where telemetry tells of it."""

    hour: int

    @property
    def step(self) -> str:
        return f"watch {self.hour:02}"


@dataclass(frozen=True, slots=True)
class ReleaseWeek:
    """All teams of the workspace, from one snapshot."""

    week: IsoWeek


@dataclass(frozen=True, slots=True)
class TellTeam:
    """A team's channel, of what the ledger holds of its week."""

    team: int
    week: IsoWeek


@dataclass(frozen=True, slots=True)
class SettleAssertions:
    """Admins' words on whose an account is, which nobody refused in time; once in every *hour*."""

    hour: int

    @property
    def step(self) -> str:
        return f"assertions {self.hour:02}"


@dataclass(frozen=True, slots=True)
class Retain:
    """What was kept long enough is deleted."""


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
    | Watch
    | WatchToday
    | ReleaseWeek
    | TellTeam
    | SettleAssertions
    | Retain
    | Deliver
)


def due_days(
    known: Mapping[date, KnownDay],
    now: datetime,
    freshness: Freshness,
    *,
    backfill_days: int,
    kept_from: date = date.min,
) -> list[date]:
    """The closed days to ask a provider for, oldest first.

    A day is due when it never came in; once a night while it is not complete or young; and once a
    week until it is final. None is from before *kept_from*: it would be deleted again.
    """
    night = Night.at(now)
    last = night.through
    reach = timedelta(days=min(backfill_days, freshness.history or backfill_days) - 1)
    first = max(last - reach, kept_from)

    def is_due(day: date) -> bool:
        kept = known.get(day)
        if kept is None:
            return True
        if kept.is_final(day, freshness):
            return False
        nightly = not kept.is_complete or (last - day).days < freshness.repull
        return kept.fetched_at < night.start - (timedelta(0) if nightly else WEEKLY)

    return [day for day in days(first, last) if is_due(day)]
