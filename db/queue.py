"""The job queue's place in our database: Procrastinate, in a schema of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from psycopg import AsyncConnection
from psycopg.errors import RaiseException
from sqlalchemy import text

from db.database import Database
from db.migrate import QUEUE_SCHEMA, driver_url
from db.pings import RestedPool

log = structlog.get_logger()

DEAD_AFTER = timedelta(seconds=30)


def make_queue(url: str) -> App:
    """The queue that *url*'s database holds; not yet open."""
    connector = PsycopgConnector(
        pool_factory=RestedPool,
        conninfo=driver_url(url),
        kwargs={"options": f"-c search_path={QUEUE_SCHEMA} -c timezone=UTC"},
        configure=_commit_each_statement,
        min_size=1,
        max_size=4,
    )
    return App(connector=connector)


async def _commit_each_statement(connection: AsyncConnection[Any]) -> None:
    """All that Procrastinate asks for at once is one statement."""
    await connection.set_autocommit(True)


class JobQueue:
    """Jobs by key: one that waits or runs is not enqueued again."""

    def __init__(self, queue: App, database: Database) -> None:
        self._queue = queue
        self._database = database

    async def enqueue(self, task: str, key: str, arguments: dict[str, object]) -> bool:
        """``False`` where a job with *key* waits already."""
        try:
            await self._queue.job_manager.defer_job_async(self._job(task, key, arguments))
        except AlreadyEnqueued:
            return False
        return True

    async def enqueue_all(self, jobs: Sequence[tuple[str, str, dict[str, object]]]) -> None:
        """The same for many *jobs*: their tasks, keys and arguments."""
        if not jobs:
            return
        try:
            wanted = [self._job(*job) for job in jobs]
            await self._queue.job_manager.batch_defer_jobs_async(wanted)
        except AlreadyEnqueued:  # one of them, and so none was
            for job in jobs:
                await self.enqueue(*job)

    def _job(self, task: str, key: str, arguments: dict[str, object]) -> Job:
        deferrer = self._queue.configure_task(task, queueing_lock=key, allow_unknown=False)
        return deferrer.make_new_job(**arguments)  # type: ignore[arg-type]

    async def running(self) -> frozenset[str]:
        """The keys of the jobs that a living worker is at."""
        async with self._database.for_one_statement() as connection:
            rows = await connection.scalars(
                text(
                    f"SELECT j.queueing_lock FROM {QUEUE_SCHEMA}.procrastinate_jobs j"
                    f" JOIN {QUEUE_SCHEMA}.procrastinate_workers w ON w.id = j.worker_id"
                    " WHERE j.status = 'doing' AND w.last_heartbeat > now() - :dead_after"
                ),
                {"dead_after": DEAD_AFTER},
            )
            return frozenset(rows)

    async def retry_stalled(self) -> int:
        """Give the jobs of workers that died back to the others."""
        manager = self._queue.job_manager
        stalled = list(
            await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER.total_seconds())
        )
        for job in stalled:
            await self._give_back(job)
        return len(stalled)

    async def _give_back(self, job: Job) -> None:
        manager = self._queue.job_manager
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # The same work waits already, so this job may go.
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):
                raise
            log.info("job_given_back_by_another", task=job.task_name)
