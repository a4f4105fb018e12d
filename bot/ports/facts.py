"""Where usage, finished work and prices are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.night import KnownDay
from bot.domain.price_levels import PriceLevel
from bot.domain.usage import ProviderDay
from bot.ports.sources import OutcomeBatch


class UsageStore(Protocol):
    async def replace_day(self, answer: ProviderDay, fetched_at: datetime) -> bool: ...

    async def known_days(self, providers: Sequence[str]) -> dict[str, dict[date, KnownDay]]: ...


class OutcomeStore(Protocol):
    async def replace(self, source: str, batch: OutcomeBatch) -> None: ...

    async def known_projects(self, source: str) -> dict[str, datetime | None]: ...


class LinkStore(Protocol):
    """Joins what the sources told of the same work, and says how it stands."""

    async def link(self, now: datetime, settle: timedelta) -> int: ...


class PriceStore(Protocol):
    async def models_used(self, first: date) -> list[tuple[str, str]]: ...

    async def replace(self, levels: Sequence[PriceLevel]) -> None: ...
