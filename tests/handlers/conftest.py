"""Upshot's web process beside a local Slack, with people of every kind at their keyboards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import Upshot, open_upshot
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.listening import make_app_of_web
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.person import Ack, Person
from bot.playground.slack.signing import HONEST, Tampering
from bot.playground.slack.stand_in import BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.settings import Settings
from bot.slack.config import Config
from tests.db.server import TestUrls
from tests.factories import NOON

NAMES = ("ada", "bob", "cyd", "dan", "eve", "fay", "boss")
MEMBERS = [
    SlackUser(id=f"U{name.upper()}", name=name, email=f"{name}@example.com") for name in NAMES
]
GUEST = SlackUser(id="UGUEST", name="guest", email="guest@example.com", is_restricted=True)
STRANGER = SlackUser(id="WOUT", name="out", team_id="T9OTHER", is_stranger=True)
EVENTS = "http://upshot.example/slack/events"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    stand_in = SlackStandIn(users=(*MEMBERS, GUEST, STRANGER))
    with stand_in.serving():
        yield stand_in


@pytest.fixture
def settings(slack: SlackStandIn, empty_folder: Path) -> Settings:
    config = Config.model_validate(
        {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET, "api_url": slack.api_url}
    )
    return Settings(admins=("UBOSS",), slack=config, data_dir=empty_folder)


@pytest.fixture
async def upshot(settings: Settings, urls: TestUrls) -> AsyncIterator[Upshot]:
    """Everything put together; the directory was read once."""
    database_urls = DatabaseUrls(urls.owner, urls.worker)
    async with open_upshot(settings, database_urls, SetClock(NOON)) as opened:
        assert opened.slack is not None
        await opened.slack.sync_directory()
        yield opened


@pytest.fixture
async def client(upshot: Upshot) -> AsyncIterator[httpx.AsyncClient]:
    """A way to the web process without a network in between."""
    transport = httpx.ASGITransport(make_app_of_web(upshot))
    before = asyncio.all_tasks()
    async with httpx.AsyncClient(transport=transport, base_url="http://upshot.example") as opened:
        yield opened
        # what follows an acknowledgement is let finish before the database goes
        if pending := asyncio.all_tasks() - before - {asyncio.current_task()}:
            await asyncio.wait(pending, timeout=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who typed a command got to see."""

    ack: Ack

    @property
    def text(self) -> str:
        return str(self.ack.body["text"])

    @property
    def is_private_and_whole(self) -> bool:
        body: dict[str, Any] = self.ack.body
        return (
            self.ack.status == 200
            and self.ack.violations == ()
            and body["response_type"] == "ephemeral"
            and bool(body["blocks"])
        )


class Keyboard:
    """Types commands as any member."""

    def __init__(self, person: Person) -> None:
        self.person = person

    async def __call__(
        self, command: str, user_id: str = "UADA", *, tampering: Tampering = HONEST
    ) -> Answer:
        word, _, text = command.partition(" ")
        return Answer(await self.person.command(word, text, user_id=user_id, tampering=tampering))


@pytest.fixture
async def person(slack: SlackStandIn, client: httpx.AsyncClient) -> Person:
    return Person(slack, EVENTS, client=client)


@pytest.fixture
def types(person: Person) -> Keyboard:
    return Keyboard(person)
