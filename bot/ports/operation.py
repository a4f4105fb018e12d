"""What keeps Upshot itself going: messages, health, settings, the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.agreement import Agreement
from bot.domain.audit import AuditEntry
from bot.domain.delivery import Delivery, NewDelivery, PostResult, SearchResult
from bot.domain.health import DeliveryCounts, SourceHealth, ThresholdValue
from bot.domain.ledger import Sealed
from bot.domain.periods import Period
from bot.domain.preferences import Cadence
from bot.domain.schedule import DigestTime


class DeliveryStore(Protocol):
    async def plan(self, deliveries: Sequence[NewDelivery], now: datetime) -> int: ...

    async def skip_before(
        self, due: Mapping[tuple[Cadence, Period], Sequence[DigestTime]]
    ) -> None: ...

    async def skip_notes(self, due_before: datetime) -> None: ...

    async def postpone(self, mornings: Mapping[str, datetime], now: datetime) -> None: ...

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
    agreement: Agreement | None

    async def thresholds(self, on: date) -> dict[str, int]: ...

    async def threshold_values(self, today: date) -> list[ThresholdValue]: ...

    async def set_threshold(
        self,
        name: str,
        value: int,
        today: date,
        actor: str,
        at: datetime,
        announce: Callable[[ThresholdValue, int], Sequence[NewDelivery]],
    ) -> ThresholdValue: ...

    async def note_agreement(
        self, at: datetime, announce: Callable[[int], Sequence[NewDelivery]]
    ) -> bool: ...

    async def admins(self) -> list[str]: ...

    async def add_admin(self, slack_user_id: str, actor: str, at: datetime) -> None: ...

    async def remove_admin(self, slack_user_id: str, actor: str, at: datetime) -> None: ...


class AuditStore(Protocol):
    """Who did what, in a chain that shows every change."""

    async def append(self, entry: AuditEntry) -> None: ...

    async def latest(self, most: int) -> list[AuditEntry]: ...

    def chain(self) -> AsyncIterator[Sealed]: ...
