"""``demo``: the real bot in a made-up world, on this machine alone."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import AsyncExitStack
from datetime import datetime
from importlib import import_module
from socket import socket
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.logs import configure_logs
from bot.playground.ending import INTERRUPTED, Ending
from bot.playground.telling import telling
from bot.playground.threads import Errands
from bot.playground.wishes import (
    NOTHING_LASTS,
    Wishes,
    listener_at,
    require_page_library,
    thrown_away_folder,
    wished,
)
from db.embedded import EmbeddedPostgres

IN_PARTS = ("bot.settings", "bot.playground.world", "bot.app", "bot.playground.page")


def demo(
    people: Annotated[int | None, typer.Option(help="How many people work there.")] = None,
    weeks: Annotated[int | None, typer.Option(help="How many weeks are lived through.")] = None,
    seed: Annotated[int, typer.Option(help="Which made-up company.")] = 2026,
    port: Annotated[int, typer.Option(help="The page's port; 0 takes a free one.")] = 0,
    sources: Annotated[
        str | None, typer.Option(help="What it reads, with commas.", metavar="A,B,C")
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(help="What day it is; today if not said.", formats=["%Y-%m-%d"]),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Verify, print a report as JSON, and exit.")
    ] = False,
) -> None:
    """See Upshot work, without an account anywhere: a local Slack, made-up people, the real bot."""
    configure_logs("ERROR")
    started = time.monotonic()
    wishes = wished(
        people=people,
        weeks=weeks,
        seed=seed,
        today=(today or SystemClock().now()).date(),
        sources=sources,
        is_check=check,
    )
    require_page_library()
    with listener_at(0 if check else port) as listener:
        try:
            holds = asyncio.run(_run(wishes, listener, started))
        except asyncio.CancelledError:
            raise typer.Exit(INTERRUPTED) from None
    if not holds:
        raise typer.Exit(1)


async def _run(wishes: Wishes, listener: socket, started: float) -> bool:
    """Live through the weeks, then show the page until it is time to end, or judge."""
    ending = Ending()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(thrown_away_folder())
        server = EmbeddedPostgres(folder / "data", settings=NOTHING_LASTS)
        starting = Errands().opening(server)
        stack.push_async_exit(starting.close)
        with telling() as bar:
            bar.tell("Starting PostgreSQL")
            await _load()
            from bot.playground import opening, show  # noqa: PLC0415 - seconds later, see there

            await starting.opened()
            house = await stack.enter_async_context(opening.opened_house(wishes, folder, bar))
            await opening.live_through(house, wishes, bar)
        if wishes.is_check:
            return await show.report(house, started)
        await show.show(house, listener, ending)
    return True


async def _load() -> None:
    """The whole bot takes seconds to load: the database starts meanwhile.

    Nothing that is imported is garbage, now or later; to look for it is a sixth of the time.
    """
    gc.disable()
    try:
        for module in IN_PARTS:
            import_module(module)
            await asyncio.sleep(0)  # or Ctrl-C would have to wait for all of them
    finally:
        gc.freeze()
        gc.enable()
