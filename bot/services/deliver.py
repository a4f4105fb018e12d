"""Sending what is in the outbox: once, within the rate, and never blindly a second time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.delivery import Delivery, NotNow, PostResult, SearchResult, Unclear
from bot.ports import Clock, DeliveryStore, Messenger, RateLimiter

log = structlog.get_logger()

BATCH = 20
LONGEST_FREEZE = timedelta(minutes=15)
LOOK_BACK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """``sleep`` and ``real_now`` are real time: the rate is Slack's, whatever day it is for us."""

    deliveries: DeliveryStore
    messenger: Messenger
    rate: RateLimiter
    clock: Clock
    real_now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]

    async def send_due(self, *, longest: timedelta = timedelta(minutes=5)) -> int:
        """Send what is due for as long as there is something and *longest* is not over."""
        sent, until = 0, self.real_now() + longest
        while self.real_now() < until:
            granted, wait = await self.rate.take(BATCH, self.real_now())
            if not granted:
                await self.sleep(min(wait.total_seconds(), 5.0))
                continue
            batch = await self.deliveries.claim(granted, self.clock.now(), self.real_now())
            if not batch:
                break
            sent += await self._send(batch)
        return sent

    async def _send(self, batch: list[Delivery]) -> int:
        results = await asyncio.gather(*(self._try(delivery) for delivery in batch))
        outcomes = list(zip(batch, results, strict=True))
        await self.deliveries.record(outcomes, self.clock.now(), self.real_now())
        log.info("deliveries_tried", count=len(batch))
        return len(batch)

    async def _try(self, delivery: Delivery) -> PostResult | SearchResult:
        try:
            result = await self._post_or_look(delivery)
            if isinstance(result, NotNow) and result.seconds:
                # At once, and not when the slowest of the batch is through: others post too.
                wait = min(timedelta(seconds=result.seconds), LONGEST_FREEZE)
                await self.rate.freeze(self.real_now() + wait)
        except Exception as error:
            # What became of the others of the batch must be written down all the same.
            log.exception("delivery_failed", delivery=str(delivery.id))
            return Unclear(type(error).__name__)
        return result

    async def _post_or_look(self, delivery: Delivery) -> PostResult | SearchResult:
        if self.real_now() >= delivery.post_before:
            # We were held up: somebody else may be at it before our post would be through.
            return NotNow(0)
        if not delivery.is_ambiguous:
            return await self.messenger.post(delivery.channel, delivery.message, delivery.id)
        since = delivery.posting_at - LOOK_BACK
        return await self.messenger.find(delivery.channel, delivery.id, since)
