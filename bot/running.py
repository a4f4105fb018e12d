"""The processes: what each runs, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog
import uvicorn

from bot.app import Upshot
from bot.blocks.agreement import render_agreement_announced
from bot.listening import make_app_of_web, socket_mode
from bot.quiet_server import QuietServer
from bot.signals import when_told_to_end
from db.leader import Leadership
from jobs.clock import make_clock

log = structlog.get_logger()

WORKER_CONCURRENCY = 4
GRACE_SECONDS = 20.0

Process = Callable[[Upshot, asyncio.Event], Coroutine[Any, Any, None]]


async def web(upshot: Upshot, stop: asyncio.Event) -> None:
    """Slack's requests, by URL or by socket, and health."""
    config = uvicorn.Config(
        make_app_of_web(upshot),
        host=upshot.settings.host,
        port=upshot.settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    server = QuietServer(config)
    async with socket_mode(upshot):
        serving = asyncio.create_task(server.serve())
        await _either(serving, stop)
        server.should_exit = True
        await serving


async def clock(upshot: Upshot, stop: asyncio.Event) -> None:
    """Plans what is due while it leads; as many as you like may stand by."""
    leader = Leadership(upshot.database)
    scheduler = make_clock(upshot.tick, leader)
    scheduler.start()
    try:
        await stop.wait()
    finally:
        scheduler.shutdown(wait=False)
        await leader.resign()


async def worker(upshot: Upshot, stop: asyncio.Event) -> None:
    """Does the planned jobs; as many as you like may work."""
    working = asyncio.create_task(
        upshot.queue.run_worker_async(
            concurrency=WORKER_CONCURRENCY,
            install_signal_handlers=False,
            delete_jobs="always",
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
    )
    await _either(working, stop)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def run_until_told(upshot: Upshot, processes: list[Process]) -> None:
    """Run *processes* side by side until told to end, or until one of them fails."""
    stop = asyncio.Event()
    when_told_to_end(stop.set)
    await note_agreement(upshot)
    async with asyncio.TaskGroup() as group:
        for process in processes:
            group.create_task(process(upshot, stop))
    log.info("stopped")


async def note_agreement(upshot: Upshot) -> None:
    """Let everybody know where what is fixed by agreement is not what it was."""
    render = partial(render_agreement_announced, upshot.services.language)
    if await upshot.administration.note_agreement(render):
        log.warning("agreement_changed")


async def _either(task: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Until *task* ends by itself, raising what it raised, or *stop* is set."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        task.result()
