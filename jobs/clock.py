"""The clock: it wakes up twice a minute, and remembers nothing."""

from __future__ import annotations

from datetime import UTC
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from jobs.tick import Tick

log = structlog.get_logger()

TICK_SECONDS = 30


class Leader(Protocol):
    async def is_ours(self) -> bool: ...


def make_clock(tick: Tick, leader: Leader) -> AsyncIOScheduler:
    """A scheduler that ticks while we lead; not yet started."""

    async def look() -> None:
        try:
            if await leader.is_ours():
                await tick.enqueue_due()
        except Exception:
            # The next look starts afresh from state: nothing of this one is needed.
            log.exception("tick_failed")

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        look,
        "interval",
        seconds=TICK_SECONDS,
        id="tick",
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.add_job(look, id="first tick", misfire_grace_time=None)
    return scheduler
