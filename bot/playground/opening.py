"""Bringing a made-up company and its bot up, side by side what does not wait for each other."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bot import running
from bot.app import Upshot, open_upshot
from bot.database import DatabaseUrls, open_database
from bot.domain.periods import midnight
from bot.playground.asking import set_a_budget
from bot.playground.company import Company, make_company
from bot.playground.elsewhere import SharedClock
from bot.playground.in_house import InHousePlatform
from bot.playground.looks import NIGHT, WORKING, every_night, first_weeks, last_tuesday
from bot.playground.page.stage import Progress
from bot.playground.readers import Readers
from bot.playground.season import Season
from bot.playground.serving import opened
from bot.playground.telling import Bar
from bot.playground.threads import Errands
from bot.playground.wishes import LOOPBACK, NOTHING_LASTS, Wishes
from bot.playground.world import World, WorldSettings, open_world
from jobs.once import run_all_due

WEEKS_KNOWN: Final = 14
"""With those before the bot came: so many it takes until everything is told that it can tell."""
FEWEST_WEEKS_BEFORE: Final = 1
WEEKS_AHEAD: Final = 26
INSTALLED_AFTER = timedelta(days=3)
"""Where there is no time before: on the first day of all, each tool would be new to everybody."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The company, the bot in it, and the time there."""

    world: World
    upshot: Upshot
    season: Season
    readers: Readers

    @property
    def events_url(self) -> str:
        """Where the bot takes Slack's requests."""
        return f"{_door(self.world)}/slack/events"


def hired(wishes: Wishes) -> Company:
    """With weeks before and ahead for whoever wants to look; what is proved has none."""
    before = max(FEWEST_WEEKS_BEFORE, WEEKS_KNOWN - wishes.weeks)
    return make_company(
        people=wishes.people,
        weeks=wishes.weeks,
        weeks_before=0 if wishes.is_check else before,
        weeks_ahead=0 if wishes.is_check else WEEKS_AHEAD,
        seed=wishes.seed,
        ends=last_tuesday(wishes.today),
        longest_revision_days=1,
    )


@asynccontextmanager
async def opened_house(wishes: Wishes, folder: Path, bar: Bar) -> AsyncIterator[House]:
    """Installed and not yet looked at; the database that runs in *folder* is joined."""
    company = hired(wishes)
    clock = SharedClock(_installed_at(company))
    async with AsyncExitStack() as stack:
        others, database = Errands(), Errands()
        bar.tell("Starting PostgreSQL")
        at_hand = WorldSettings(data_dir=folder / "data")
        migrating = database.opening(open_database(at_hand, server_settings=NOTHING_LASTS))
        stack.push_async_exit(migrating.close)
        bar.tell(f"Hiring {wishes.people} people")
        living = others.opening(
            open_world(company, folder, clock, port=_free_port(), sources=wishes.sources)
        )
        stack.push_async_exit(living.close)
        world, urls = await living.opened(), await migrating.opened()
        bar.tell("Waking up the bot")
        upshot = await stack.enter_async_context(_awake(world, urls, clock))
        readers = Readers(world=world)
        season = _season(world, upshot, clock, readers, others)
        stack.push_async_callback(season.end)
        house = House(world=world, upshot=upshot, season=season, readers=readers)
        await set_a_budget(world, house.events_url)
        yield house


async def live_through(house: House, wishes: Wishes, bar: Bar) -> None:
    """The weeks that are over: every night where it is proved, else as often as it matters."""
    installed, until = house.season.now, stands_at(house.world.company)
    nights = [installed, *every_night(installed, until)]
    looks = nights if wishes.is_check else first_weeks(installed, until)

    def told(progress: Progress) -> None:
        bar.live(progress.at.date(), done=progress.done, total=progress.total)

    await house.season.live(looks, told)


def stands_at(company: Company) -> datetime:
    """Where the first weeks end: on Tuesday, when everybody has read."""
    return midnight(company.closed_until + DAY) + WORKING


def _installed_at(company: Company) -> datetime:
    has_history = company.installed_on > company.start
    return midnight(company.installed_on + (DAY * 0 if has_history else INSTALLED_AFTER)) + NIGHT


def _season(
    world: World, upshot: Upshot, clock: SharedClock, readers: Readers, others: Errands
) -> Season:
    platform = InHousePlatform(company=world.company, ingest_url=f"{_door(world)}/ingest/usage")

    async def before(moment: datetime) -> None:
        await others.run(partial(world.advance, moment))
        if "in_house" in world.sources:
            await platform.send(moment)

    async def after(moment: datetime) -> None:
        await others.run(partial(readers.read, moment))

    return Season(
        clock,
        midnight(world.company.end + DAY) + WORKING,
        others=before,
        bot=partial(run_all_due, upshot.queue, upshot.tick),
        readers=after,
    )


@asynccontextmanager
async def _awake(world: World, urls: DatabaseUrls, clock: SharedClock) -> AsyncIterator[Upshot]:
    """The bot, answering at its port."""
    stop = asyncio.Event()
    async with open_upshot(world.settings, urls, clock) as upshot:
        answering = asyncio.create_task(running.web(upshot, stop))
        try:
            await opened(world.settings.port)
            yield upshot
        finally:
            stop.set()
            await answering


def _door(world: World) -> str:
    return f"http://{LOOPBACK}:{world.settings.port}"


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
