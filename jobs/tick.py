"""One look of the clock: compare state with time, and enqueue what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.ports import Clock, HealthStore
from bot.services.planning import Planner
from jobs.work import Job, to_job

log = structlog.get_logger()


class Queue(Protocol):
    async def enqueue_all(self, jobs: Sequence[tuple[str, str, dict[str, object]]]) -> None: ...

    async def running(self) -> frozenset[str]: ...

    async def retry_stalled(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    planner: Planner
    queue: Queue
    health: HealthStore
    clock: Clock

    async def enqueue_due(self, *, leaving_out: frozenset[str] = frozenset()) -> list[Job]:
        """Enqueue what is due and not under way; whoever ticks twice does no harm."""
        await self.queue.retry_stalled()
        due = [to_job(work) for work in await self.planner.due()]
        under_way = await self.queue.running() | leaving_out
        jobs = [job for job in due if job.key not in under_way]
        await self.queue.enqueue_all([(job.task, job.key, job.arguments) for job in jobs])
        await self.health.ticked(self.clock.now())
        if jobs:
            log.info("planned", jobs=len(jobs))
        return jobs
