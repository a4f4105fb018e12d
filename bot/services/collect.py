"""Collecting: ask a source, keep what it said, and note how it went."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.domain.periods import midnight
from bot.domain.retention import Cutoffs
from bot.domain.usage import ProviderDay
from bot.errors import SourceError, SourceResponseError
from bot.ports import (
    AdministrationStore,
    Clock,
    HealthStore,
    LinkStore,
    OutcomeBatch,
    OutcomeSource,
    OutcomeStore,
    PeopleStore,
    UsageProvider,
    UsageStore,
)
from bot.services.handover import understood
from bot.services.price_levels import PriceLevels

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Where a source fails, what was known of it stays, and the others go on."""

    usage: UsageStore
    outcomes: OutcomeStore
    links: LinkStore
    prices: PriceLevels
    people: PeopleStore
    administration: AdministrationStore
    health: HealthStore
    clock: Clock
    real_now: Callable[[], datetime]

    async def collect_day(self, provider: UsageProvider, day: date) -> ProviderDay:
        """Replace *provider*'s *day* with its answer of now; raises ``SourceError``."""
        asked_at = self.clock.now()
        async with self._noting_failure(provider.name):
            answer = _quiet_or_late(await understood(provider, day), provider, asked_at)
            answer = replace(answer, data_through=min(answer.data_through, asked_at))
            await self._keep(answer, asked_at)
        return answer

    async def keep(self, answer: ProviderDay) -> None:
        """Replace a day with what a file says of it."""
        await self._keep(answer, self.clock.now())

    async def _keep(self, answer: ProviderDay, asked_at: datetime) -> None:
        await self.usage.replace_day(answer, asked_at)
        await self.health.provider_succeeded(answer.provider, asked_at)
        log.info(
            "day_collected",
            provider=answer.provider,
            day=str(answer.day),
            rows=len(answer.records),
        )

    async def is_left_alone(self, provider: UsageProvider) -> bool:
        """Whether it failed so often that the other planned days wait until it was tried again."""
        return provider.name in await self.health.broken(self.real_now())

    async def collect_outcomes(self, source: OutcomeSource) -> OutcomeBatch:
        """Replace what *source* said of finished work; raises ``SourceError``."""
        asked_at = self.clock.now()
        async with self._noting_failure(source.name):
            batch = await source.collect(
                asked_at,
                since=await self._read_before(source),
                known_addresses=await self.people.addresses(),
            )
            await self.outcomes.replace(source.name, await self._to_keep(batch, asked_at.date()))
        await self.health.source_succeeded(source.name, batch.data_through, asked_at)
        log.info("outcomes_collected", source=source.name)
        return batch

    async def _to_keep(self, batch: OutcomeBatch, today: date) -> OutcomeBatch:
        """Without what the night would delete again: some sources tell of all there ever was."""
        thresholds = await self.administration.thresholds(today)
        kept_from = midnight(Cutoffs.on(today, thresholds["retention_days"]).facts)
        kept = (o for o in batch.outcomes if o.completed_at is None or o.completed_at >= kept_from)
        return replace(batch, outcomes=tuple(kept))

    async def settle(self) -> None:
        """Join and judge all finished work as of now, by the threshold in force."""
        now = self.clock.now()
        thresholds = await self.administration.thresholds(now.date())
        await self.prices.refresh(now)
        await self.links.link(now, timedelta(days=thresholds["settle_days"]))

    async def _read_before(self, source: OutcomeSource) -> datetime | None:
        last_day = dict(await self.health.data_through()).get(source.name)
        return midnight(last_day) if last_day else None

    @asynccontextmanager
    async def _noting_failure(self, source: str) -> AsyncIterator[None]:
        """Whatever it is that fails, the source rests, so that nobody waits for it for ever."""
        try:
            yield
        except SourceError as error:
            await self._failed(source, error)
            raise
        except Exception as error:
            unforeseen = SourceResponseError(
                f"Its answer could not be kept: {type(error).__name__}"
            )
            await self._failed(source, unforeseen)
            raise

    async def _failed(self, source: str, error: SourceError) -> None:
        await self.health.failed(source, str(error), error.hint, self.real_now())
        log.warning("collection_failed", source=source, error=type(error).__name__)


def _quiet_or_late(answer: ProviderDay, provider: UsageProvider, asked_at: datetime) -> ProviderDay:
    """Some providers tell of a day without use as little as of one that has not come in yet."""
    tells_nothing = not answer.records and answer.data_through <= midnight(answer.day)
    if tells_nothing and provider.freshness.is_quiet(answer.day, asked_at):
        return replace(answer, data_through=midnight(answer.day + timedelta(days=1)))
    return answer
