"""What the use cases need of the world. Adapters provide it; tests pass fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.nudges import Answer, Nudge, NudgeKind
from bot.domain.coaching.rules import ShownTip
from bot.domain.delivery import Delivery, NewDelivery, PostResult, SearchResult
from bot.domain.disclosure import Contribution, Rules, TeamRelease, Withheld
from bot.domain.health import DeliveryCounts, SourceHealth, ThresholdValue
from bot.domain.history import PersonalHistory
from bot.domain.logged import LoggedOutcome, Tag
from bot.domain.messages import Home, Message
from bot.domain.night import Freshness, KnownDay
from bot.domain.outcomes import Outcome
from bot.domain.people import DirectoryMember, Identity, Person, PersonId
from bot.domain.periods import IsoWeek, Period
from bot.domain.preferences import Cadence, Preferences
from bot.domain.price_levels import PriceLevel
from bot.domain.teams import Membership, Team, TeamWeek
from bot.domain.tiers import Tier
from bot.domain.unit_rates import RatesOf
from bot.domain.usage import CostBasis, ProviderDay
from bot.domain.work import OwnWork


class Clock(Protocol):
    """Product time: what day it is and what is due. Leases and signatures use real time."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can tell, for the README and for ``upshot check``.

    ``cost`` holds every basis that its amounts may have; ``freshness`` says how late figures come
    and for how long they move; ``identity`` how an account is named and becomes a person's.
    """

    per_person: bool
    tokens: bool
    requests: bool
    cost: tuple[CostBasis, ...]
    freshness: str
    identity: str
    sees_others: bool = False
    """A gateway or observer: the providers behind it bill the use that it tells of."""


class UsageProvider(Protocol):
    """Reads one AI provider's usage and spend, a UTC day at a time.

    ``fetch`` talks to the network and understands nothing; ``parse`` understands everything and
    talks to nobody: it is given the pages as they come, in a thread of its own. Fetching a day
    twice is harmless. Both raise ``SourceError``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    freshness: ClassVar[Freshness]

    @classmethod
    def from_config(cls, config: Any, *, retry: Any = None) -> Self: ...

    def fetch(self, day: date) -> AsyncIterator[Any]: ...

    @staticmethod
    def parse(day: date, pages: Iterable[Any]) -> ProviderDay: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeBatch:
    """What a source of outcomes knows: *outcomes* replace what it said of them before.

    ``complete`` says that they are all there are, so that what is missing has vanished;
    ``identities`` gives the address that the source names for an account; ``report`` holds counts
    for the operator (``upshot collect --json``). ``readable`` has every project that could be
    read, ``None`` where the source does not tell. ``unfinished`` are ids of work that is not done
    now: where it was, it has been reopened; ``withdrawn`` of what is not there any more.
    """

    outcomes: tuple[Outcome, ...]
    data_through: datetime
    complete: bool
    report: dict[str, Any]
    identities: Mapping[str, Identity] = field(default_factory=dict)
    readable: frozenset[str] | None = None
    unfinished: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


class OutcomeSource(Protocol):
    """Reads finished work from one system of record, up to a moment of product time.

    *since* is how far it was read before, ``None`` the first time; *known_addresses* are those of
    the directory, by which a person with several is known.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,
        known_addresses: Collection[str] | None = None,
    ) -> OutcomeBatch: ...

    async def close(self) -> None: ...


class Directory(Protocol):
    """The workspace's members, as Slack knows them."""

    async def workspace(self) -> str: ...

    async def members(self) -> list[DirectoryMember]: ...


class Messenger(Protocol):
    """Posts messages; a *channel* is a person's Slack id for a private one."""

    async def post(self, channel: str, message: Message, delivery: UUID) -> PostResult: ...

    async def find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult: ...


class HomePublisher(Protocol):
    """Puts a page on one reader's own tab; what fails is logged, for it is made anew anyway."""

    async def publish(self, slack_user_id: str, home: Home) -> None: ...


class UsageStore(Protocol):
    async def replace_day(self, answer: ProviderDay, fetched_at: datetime) -> bool: ...

    async def known_days(self, provider: str) -> dict[date, KnownDay]: ...


class OutcomeStore(Protocol):
    async def replace(self, source: str, batch: OutcomeBatch) -> None: ...

    async def known_projects(self, source: str) -> dict[str, datetime | None]: ...


class LinkStore(Protocol):
    """Joins what the sources told of the same work, and says how it stands."""

    async def link(self, now: datetime, settle: timedelta) -> int: ...


class PriceStore(Protocol):
    async def models_used(self, first: date) -> list[tuple[str, str]]: ...

    async def replace(self, levels: Sequence[PriceLevel]) -> None: ...


class LoggedStore(Protocol):
    """What people log themselves, each through that person's own door."""

    async def keep(self, logged: LoggedOutcome) -> None: ...

    async def find(self, person: PersonId, logged: UUID) -> LoggedOutcome | None: ...

    async def delete(self, person: PersonId, logged: UUID) -> bool: ...

    async def between(self, person: PersonId, first: date, last: date) -> list[LoggedOutcome]: ...


class TagStore(Protocol):
    async def add(self, person: PersonId, tag: Tag, at: datetime) -> None: ...

    async def remove(self, person: PersonId, tag: int) -> bool: ...

    async def of(self, person: PersonId) -> list[Tag]: ...

    async def set_tier(self, person: PersonId, source: str, source_id: str, tier: Tier) -> bool: ...


class WorkStore(Protocol):
    """One's own finished work, piece by piece."""

    async def own(self, person: PersonId, first: date, last: date) -> list[OwnWork]: ...

    async def tools_of(self, person: PersonId, first: date) -> list[str]: ...


class PeopleStore(Protocol):
    async def sync(self, members: Sequence[DirectoryMember]) -> int: ...

    async def find(self, slack_user_id: str) -> Person | None: ...

    async def set_cadence(self, person: PersonId, cadence: str) -> None: ...

    async def unwelcomed(self) -> list[Person]: ...

    async def time_zones(self) -> list[str]: ...

    async def without_digest(
        self, cadence: Cadence, period: Period, zones: Sequence[str]
    ) -> list[PersonId]: ...

    async def by_ids(self, ids: Sequence[PersonId]) -> list[Person]: ...

    async def unwatched(self, through: date) -> list[PersonId]: ...

    async def watched(self, people: Sequence[PersonId], through: date) -> None: ...

    async def count(self) -> int: ...

    async def addresses(self) -> frozenset[str]: ...


class PersonalStore(Protocol):
    async def history_of(self, person: PersonId, first: date, last: date) -> PersonalHistory: ...

    async def histories_of(
        self, people: Sequence[PersonId], first: date, last: date
    ) -> list[PersonalHistory]: ...

    async def spending_now(self, day: date, at_least: Decimal) -> list[PersonId]: ...


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


class TeamStore(Protocol):
    async def sync(self, teams: Sequence[Team], members: Sequence[Membership]) -> None: ...

    async def all(self) -> list[Team]: ...

    async def of_person(self, person: PersonId) -> list[Team]: ...

    async def contributions(self, team: int, week: IsoWeek) -> list[Contribution]: ...

    async def released(self, team: int, until: IsoWeek, most: int) -> list[TeamWeek]: ...

    async def teams_told(self, monday: date) -> frozenset[int]: ...

    async def keep_release(
        self,
        team: int,
        week: IsoWeek,
        outcome: TeamRelease | Withheld,
        rules: Rules,
        at: datetime,
    ) -> None: ...


class DeliveryStore(Protocol):
    async def plan(self, deliveries: Sequence[NewDelivery], now: datetime) -> int: ...

    async def skip_before(
        self, cadence: Cadence, first_day: date, zones: Sequence[str]
    ) -> None: ...

    async def skip_notes(self, due_before: datetime) -> None: ...

    async def postpone(self, zone: str, now: datetime, until: datetime) -> None: ...

    async def claim(self, most: int, now: datetime, real_now: datetime) -> list[Delivery]: ...

    async def record(
        self,
        results: Sequence[tuple[Delivery, PostResult | SearchResult]],
        now: datetime,
        real_now: datetime,
    ) -> None: ...

    async def counts(self, now: datetime) -> DeliveryCounts: ...

    async def open_count(self, now: datetime, real_now: datetime) -> int: ...


class RateLimiter(Protocol):
    async def take(self, wanted: int, now: datetime) -> tuple[int, timedelta]: ...

    async def freeze(self, until: datetime) -> None: ...


class HealthStore(Protocol):
    async def provider_succeeded(self, source: str, at: datetime) -> None: ...

    async def source_succeeded(self, source: str, through: datetime, at: datetime) -> None: ...

    async def failed(self, source: str, error: str, hint: str, real_now: datetime) -> None: ...

    async def resting(self, real_now: datetime) -> frozenset[str]: ...

    async def broken(self, real_now: datetime) -> frozenset[str]: ...

    async def steps_done(self, night: date) -> frozenset[str]: ...

    async def finish_step(self, name: str, night: date, at: datetime) -> None: ...

    async def ticked(self, at: datetime) -> None: ...

    async def last_tick(self) -> datetime | None: ...

    async def sources(self) -> dict[str, SourceHealth]: ...

    async def data_through(self) -> tuple[tuple[str, date | None], ...]: ...


class AdministrationStore(Protocol):
    async def thresholds(self, today: date) -> dict[str, int]: ...

    async def threshold_values(self, today: date) -> list[ThresholdValue]: ...

    async def set_threshold(
        self, name: str, value: int, effective_on: date, actor: str, at: datetime
    ) -> None: ...

    async def admins(self) -> list[str]: ...

    async def add_admin(self, slack_user_id: str, actor: str, at: datetime) -> None: ...

    async def remove_admin(self, slack_user_id: str, actor: str, at: datetime) -> None: ...
