"""Plan and run all that is due, then stop: for a demo, a test, or a machine with only cron."""

from __future__ import annotations

from collections.abc import Callable

from procrastinate import App

from jobs.tick import Tick

CONCURRENCY = 4
MOST_ROUNDS = 1000


async def run_all_due(
    queue: App, tick: Tick, *, on_round: Callable[[int], None] = lambda _: None
) -> int:
    """How many jobs ran. Each runs once, deliveries as long as there are some to make."""
    done: frozenset[str] = frozenset()
    count = 0
    for _ in range(MOST_ROUNDS):
        jobs = await tick.enqueue_due(leaving_out=done)
        if not jobs:
            break
        on_round(len(jobs))
        await run_enqueued(queue)
        count += len(jobs)
        done |= {job.key for job in jobs if job.task != "deliver"}
    return count


async def run_enqueued(queue: App) -> None:
    await queue.run_worker_async(
        wait=False,
        concurrency=CONCURRENCY,
        listen_notify=False,
        install_signal_handlers=False,
        delete_jobs="always",
    )
