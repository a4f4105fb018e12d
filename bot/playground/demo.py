"""``demo``: the real bot in a made-up world, on this machine alone."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.progress import Progress

from bot import running
from bot.app import Upshot, open_upshot
from bot.commands.session import err, out
from bot.database import DatabaseUrls, open_database
from bot.http import real_now
from bot.logs import configure_logs
from bot.playground.asking import ask_everything, set_a_budget
from bot.playground.company import Company, make_company
from bot.playground.elsewhere import SharedClock
from bot.playground.in_house import InHousePlatform
from bot.playground.page import show_page
from bot.playground.readers import Readers
from bot.playground.season import live_through, moments
from bot.playground.serving import opened
from bot.playground.verdict import Verdict, judge
from bot.playground.world import World, open_world

SMALL = (60, 6)
LARGE = (200, 13)
"""People and weeks: what one looks at, and what ``--check`` proves."""

INSTALLED_AFTER = timedelta(days=3)
"""People used their tools before: on the first day of all, each tool would be new to them."""
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Nobody wants the made-up rows back after a power cut."""


def demo(
    people: Annotated[int | None, typer.Option(help="How many people work there.")] = None,
    weeks: Annotated[int | None, typer.Option(help="How many weeks are lived through.")] = None,
    seed: Annotated[int, typer.Option(help="Which made-up company.")] = 2026,
    port: Annotated[int, typer.Option(help="The page's port; 0 takes a free one.")] = 0,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Verify, print a report as JSON, and exit.")
    ] = False,
) -> None:
    """See Upshot work, without an account anywhere: a local Slack, made-up people, the real bot."""
    configure_logs("ERROR")
    started = time.monotonic()
    default_people, default_weeks = LARGE if check else SMALL
    company = make_company(
        people=people or default_people,
        weeks=weeks or default_weeks,
        seed=seed,
        ends=real_now().date(),
        longest_revision_days=1,
    )
    clock = SharedClock(next(moments(company, installed_after=INSTALLED_AFTER)))
    with (
        TemporaryDirectory(prefix="upshot-demo-") as folder,
        open_world(company, Path(folder), clock, port=_free_port()) as world,
        open_database(world.settings, server_settings=THROWN_AWAY) as urls,
    ):
        verdict = asyncio.run(_live(world, urls, clock, started, port=None if check else port))
    if check:
        print(json.dumps(verdict.as_json()))  # noqa: T201 - the last line, for programs
        raise typer.Exit(1 if verdict.problems else 0)


async def _live(
    world: World, urls: DatabaseUrls, clock: SharedClock, started: float, *, port: int | None
) -> Verdict:
    """Live through the weeks and judge; with a *port* also show the page until told to stop."""
    stop = asyncio.Event()
    async with open_upshot(world.settings, urls, clock) as upshot, asyncio.TaskGroup() as group:
        group.create_task(running.web(upshot, stop))
        door = f"http://127.0.0.1:{world.settings.port}"
        platform = InHousePlatform(company=world.company, ingest_url=f"{door}/ingest/usage")
        events_url = f"{door}/slack/events"
        await opened(world.settings.port)
        await set_a_budget(world, events_url)
        readers = Readers(world=world)
        await _weeks(upshot, clock, world.company, platform, readers)
        answers = await ask_everything(world, events_url)
        verdict = await judge(upshot, world, readers, time.monotonic() - started, answers)
        if port is not None:
            await show_page(world, events_url, port, lambda url: _say(url, verdict))
        stop.set()
    return verdict


async def _weeks(
    upshot: Upshot,
    clock: SharedClock,
    company: Company,
    platform: InHousePlatform,
    readers: Readers,
) -> None:
    with Progress(console=err, transient=True) as progress:
        ahead = list(moments(company, installed_after=INSTALLED_AFTER))
        task = progress.add_task("Living through the weeks", total=len(ahead))

        def lived(moment: datetime) -> None:
            readers.read(moment)
            progress.advance(task)

        await live_through(
            upshot,
            clock,
            company,
            lived,
            before=platform.send,
            installed_after=INSTALLED_AFTER,
        )


def _say(url: str, verdict: Verdict) -> None:
    for problem in verdict.problems:
        err.print(f"Something is wrong here: {problem}.")
    out.print(
        f"{verdict.people} people got {verdict.digests_delivered} private digests, "
        f"{verdict.team_summaries_posted} team summaries were posted and "
        f"{verdict.teams_withheld} withheld. Look at them here (Ctrl-C ends it):\n{url}"
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
