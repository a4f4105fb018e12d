"""``/myusage`` from the signed request to the answer, over a million rows."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from bench.raw_answer import Overheard, RawAnswers
from bench.results import Measurement, quantile
from bench.season import TODAY, Reader
from bot.app import Upshot, open_upshot
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.listening import make_app_of_web
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.person import Ack, Person
from bot.playground.slack.stand_in import BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.playground.world import WorldSettings
from bot.providers.anthropic import Config as AnthropicConfig
from bot.providers.openai import Config as OpenAIConfig
from bot.running import QuietServer
from bot.slack.config import Config
from db.embedded import Urls

NAME = "myusage"
SHARES = {"p50": 0.50, "p99": 0.99}
FLOORS = {"p50": 0.25, "p99": 0.10}
WARM_UP = 50
PATH = "/slack/events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    upshot: Upshot
    app: Starlette
    slack: SlackStandIn


async def measure(urls: Urls, readers: Sequence[Reader], requests: int) -> list[Measurement]:
    """Distinct people in random order: what was just read for one is no help for the next."""
    warm_up = min(WARM_UP, len(readers) // 4)
    chosen = random.Random(2026).sample(readers, min(requests + warm_up, len(readers)))
    with TemporaryDirectory() as folder:
        async with _bot(urls, chosen, Path(folder)) as bot:
            in_process = await _in_process(bot, urls, chosen, warm_up)
            over_http = await _over_http(bot, chosen[warm_up:])
    return [*in_process, *over_http]


async def _in_process(
    bot: Bot, urls: Urls, readers: Sequence[Reader], warm_up: int
) -> Iterator[Measurement]:
    ours, raw = [], []
    client = httpx.AsyncClient(transport=httpx.ASGITransport(bot.app))
    with RawAnswers(urls.worker) as raw_answers, Overheard(bot.upshot.database.engine) as overheard:
        async with client:
            person = Person(bot.slack, f"http://upshot.example.com{PATH}", client=client)
            for reader in readers:
                ack = await _ask(person, reader)
                ours.append(ack.seconds)
                raw.append(raw_answers.seconds(ack.request, overheard.since_last_time()))
    return _beside(ours[warm_up:], raw[warm_up:])


async def _over_http(bot: Bot, readers: Sequence[Reader]) -> Iterator[Measurement]:
    async with _served(bot.app) as address, httpx.AsyncClient(trust_env=False) as client:
        person = Person(bot.slack, f"{address}{PATH}", client=client)
        seconds = [(await _ask(person, reader)).seconds for reader in readers]
    return (
        Measurement(
            measure=f"{NAME}_over_loopback_{title}_ms",
            value=1000 * quantile(seconds, share),
            unit="ms",
        )
        for title, share in SHARES.items()
    )


async def _ask(person: Person, reader: Reader) -> Ack:
    ack = await person.command("/myusage", user_id=reader.slack_user_id)
    if ack.status != 200 or ack.violations or "Spent: $" not in json.dumps(ack.body):
        raise AssertionError(f"no answer to measure: {ack.status} {ack.violations}")
    return ack


def _beside(ours: Sequence[float], raw: Sequence[float]) -> Iterator[Measurement]:
    for title, share in SHARES.items():
        own, bare = quantile(ours, share), quantile(raw, share)
        yield Measurement(
            measure=f"{NAME}_{title}_ms",
            value=1000 * own,
            unit="ms",
            floor=FLOORS[title],
            ratio=bare / own,
        )
        yield Measurement(measure=f"raw_queries_{title}_ms", value=1000 * bare, unit="ms")


@asynccontextmanager
async def _bot(urls: Urls, readers: Sequence[Reader], folder: Path) -> AsyncIterator[Bot]:
    """The real bot, with a Slack that knows its *readers*."""
    users = [SlackUser(id=reader.slack_user_id, name=reader.slack_user_id) for reader in readers]
    slack = SlackStandIn(users=users)
    with slack.serving():
        config = Config(
            bot_token=SecretStr(BOT_TOKEN),
            signing_secret=SecretStr(SIGNING_SECRET),
            api_url=slack.api_url,
        )
        settings = WorldSettings(data_dir=folder, slack=config, **_sources())
        given = DatabaseUrls(urls.owner, urls.worker)
        async with open_upshot(settings, given, SetClock(TODAY)) as upshot:
            yield Bot(upshot=upshot, app=make_app_of_web(upshot), slack=slack)


def _sources() -> dict[str, Any]:
    """Sources that are on, so that what is known of them shows; nothing is asked of them here."""
    nowhere = {"admin_key": SecretStr("unused"), "base_url": "http://127.0.0.1:9"}
    return {"anthropic": AnthropicConfig(**nowhere), "openai": OpenAIConfig(**nowhere)}


@asynccontextmanager
async def _served(app: Starlette) -> AsyncIterator[str]:
    """By uvicorn on loopback; in this event loop, to which the bot's connections belong."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off")
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
