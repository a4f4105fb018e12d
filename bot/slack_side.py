"""What Upshot has of Slack: somebody to post, a directory to read, and a way to listen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.delivery import stamp, stamp_of, without_native_blocks
from bot.http import real_now
from bot.ports import Clock
from bot.services.deliver import Sender
from bot.services.directory import DirectorySync
from bot.services.planning import Stores
from bot.services.team_lists import TeamLists
from bot.settings import Settings
from bot.slack.config import Config
from bot.slack.directory import SlackDirectory
from bot.slack.files import SlackFiles
from bot.slack.home import SlackHome
from bot.slack.messenger import SlackMessenger
from bot.slack.patient import PatientClient
from bot.team_side import team_side
from db.database import Database
from db.rates import RateStore

TIMEOUT_SECONDS = 30
AT_ONCE_SECONDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSide:
    config: Config
    directory: SlackDirectory
    sync_directory: Callable[[], Awaitable[int]]
    sender: Sender
    home: SlackHome
    messenger: SlackMessenger
    files: SlackFiles
    team_lists: TeamLists


@asynccontextmanager
async def open_slack(
    settings: Settings, database: Database, stores: Stores, clock: Clock
) -> AsyncIterator[SlackSide]:
    """Slack for as long as it is wanted; posting and reading have clients of their own."""
    config = settings.slack
    assert config is not None
    async with aiohttp.ClientSession() as session:
        directory = SlackDirectory(PatientClient(_client(config, session)))
        teams = team_side(
            settings,
            database,
            stores,
            clock,
            by_night=_client(config, session),
            for_admins=_client(config, session, timeout=AT_ONCE_SECONDS),
        )
        messenger = SlackMessenger(
            _client(config, session),
            stamp=stamp,
            stamp_of=stamp_of,
            without_native_blocks=without_native_blocks,
        )
        yield SlackSide(
            config=config,
            directory=directory,
            sync_directory=DirectorySync(
                directory=directory,
                people=stores.people,
                upkeep=teams.upkeep,
                health=stores.health,
                clock=clock,
                real_now=real_now,
            ).run,
            sender=Sender(
                deliveries=stores.deliveries,
                messenger=messenger,
                rate=RateStore(database, "chat.postMessage", settings.delivery.per_minute),
                clock=clock,
                real_now=real_now,
                sleep=asyncio.sleep,
            ),
            home=SlackHome(_client(config, session), without_native_blocks=without_native_blocks),
            messenger=messenger,
            files=SlackFiles(_client(config, session), session),
            team_lists=teams.lists,
        )


def _client(
    config: Config, session: aiohttp.ClientSession, *, timeout: int = TIMEOUT_SECONDS
) -> AsyncWebClient:
    return AsyncWebClient(
        token=config.bot_token.get_secret_value(),
        base_url=config.api_url,
        timeout=timeout,
        session=session,
    )
