"""A bot of our own settings against a local Slack, for tests that need a whole one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import Upshot, open_upshot
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.stand_in import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.playground.world import WorldSettings
from bot.slack.config import Config as SlackConfig

ADA, BOB = "U0ADA", "U0BOB"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def make_slack(**changes: Any) -> SlackStandIn:
    users = [
        SlackUser(id=ADA, name="ada", email="ada@example.com"),
        SlackUser(id=BOB, name="bob", email="bob@example.com"),
    ]
    return SlackStandIn(users=users, **changes)


@asynccontextmanager
async def upshot_for(
    slack: SlackStandIn, urls: Any, folder: Path, *, by_socket: bool = False, **settings: Any
) -> AsyncIterator[Upshot]:
    config = SlackConfig(
        bot_token=SecretStr(BOT_TOKEN),
        signing_secret=None if by_socket else SecretStr(SIGNING_SECRET),
        app_token=SecretStr(APP_TOKEN) if by_socket else None,
        api_url=slack.api_url,
    )
    whole = WorldSettings(data_dir=folder, admins=(ADA,), slack=config, **settings)
    database = DatabaseUrls(owner=urls.owner, worker=urls.worker)
    async with open_upshot(whole, database, SetClock(NOON)) as upshot:
        yield upshot


def environ_of(slack: SlackStandIn, urls: Any, **more: str) -> Mapping[str, str]:
    return {
        "UPSHOT_DATABASE_URL": urls.worker,
        "UPSHOT_DATABASE_OWNER_URL": urls.owner,
        "UPSHOT_ADMINS": ADA,
        "UPSHOT_SLACK__BOT_TOKEN": BOT_TOKEN,
        "UPSHOT_SLACK__SIGNING_SECRET": SIGNING_SECRET,
        "UPSHOT_SLACK__API_URL": slack.api_url,
        **more,
    }
