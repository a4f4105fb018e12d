"""``serve``, ``web``, ``clock``, ``worker``, ``tick`` and ``migrate``: what keeps Upshot going."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from bot import running
from bot.app import Upshot
from bot.clock import SetClock, SystemClock
from bot.commands.session import err, out, with_upshot
from bot.database import open_database
from bot.logs import configure_logs
from bot.settings import read_settings
from db.migrate import migrate as migrate_tables
from jobs.once import run_all_due


def serve() -> None:
    _run(running.web, running.clock, running.worker)


def web() -> None:
    _run(running.web)


def clock() -> None:
    _run(running.clock)


def worker() -> None:
    _run(running.worker)


def tick(
    now: Annotated[
        datetime | None, typer.Option(help="The time it is taken to be, in UTC.", metavar="TIME")
    ] = None,
) -> None:
    clock = SystemClock() if now is None else SetClock(now.replace(tzinfo=UTC))
    with err.status("Running what is due …") as status:

        async def run(upshot: Upshot) -> int:
            await running.note_agreement(upshot)
            show = partial(_show_round, status.update)
            return await run_all_due(upshot.queue, upshot.tick, on_round=show)

        count = with_upshot(run, clock=clock, log_level="WARNING")
    out.print(f"Done: {count} jobs.")


def migrate() -> None:
    configure_logs("WARNING")
    with open_database(read_settings()) as urls:
        migrate_tables(urls.owner)
    out.print("The tables are up to date.")


def _run(*processes: running.Process) -> None:
    with_upshot(lambda upshot: running.run_until_told(upshot, list(processes)), needs=("slack",))


def _show_round(update: Callable[[str], None], jobs: int) -> None:
    update(f"Running what is due: {jobs} jobs …")
