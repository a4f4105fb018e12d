"""A night of 100,000 people: pages come in, are understood and kept; beside bare COPY and merge."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from bench.memory import peak_mb
from bench.pages.anthropic import anthropic_day
from bench.pages.openai import openai_day
from bench.pages.wire import reading
from bench.raw_ingest import RawTable
from bench.results import Measurement
from bot.clock import SetClock
from bot.domain.people import DirectoryMember
from bot.http import real_now
from bot.logs import configure_logs
from bot.pricing import usual_rates
from bot.providers.anthropic import Anthropic
from bot.providers.openai import OpenAI
from bot.providers.openai.pages import UsersPage
from bot.services.collect import Collector
from bot.services.price_levels import PriceLevels
from db.administration import AdministrationStore
from db.database import Database, make_engine
from db.embedded import Urls
from db.health import HealthStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.prices import PriceStore
from db.usage import UsageStore

NAME = "a_night"
FLOOR = 0.12
"""Half of the lowest that was seen: how fast the disk is differs from one moment to the next."""
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 22, 5, tzinfo=UTC)
PEOPLE_A_PAGE = 250
RECORDS_A_PERSON = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    url: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    seconds: float
    peak_mb: float
    records: int


def measure_in(urls: Urls, rows: int) -> list[Measurement]:
    """Some *rows* records in three provider-days, by a process of its own."""
    people = rows // (RECORDS_A_PERSON * len(PROVIDER_DAYS))
    people -= people % PEOPLE_A_PAGE
    asyncio.run(_enroll(urls, people))
    child = subprocess.run(
        [sys.executable, "-m", "bench.night"],
        input=msgspec.json.encode(Order(url=urls.worker, people=people)),
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        check=True,
    )
    told = msgspec.json.decode(child.stdout, type=Told)
    with tempfile.TemporaryFile() as dump, RawTable(urls) as raw:
        raw.dump(dump)
        started = time.perf_counter()
        raw.merge_text(dump)
        bare = time.perf_counter() - started
    return [
        Measurement(measure="night_records", value=told.records, unit="rows"),
        Measurement(
            measure=NAME, value=told.seconds, unit="s", ratio=bare / told.seconds, floor=FLOOR
        ),
        Measurement(measure="night_raw_copy_and_merge", value=bare, unit="s"),
        Measurement(measure="night_peak_memory_mb", value=told.peak_mb, unit="MB"),
    ]


async def _enroll(urls: Urls, people: int) -> None:
    database = Database(make_engine(urls.worker))
    try:
        await PeopleStore(database).sync(
            [
                DirectoryMember(
                    slack_user_id=f"U{number:08}",
                    email=_address(number),
                    time_zone="Europe/London",
                    locale="en-GB",
                )
                for number in range(people)
            ],
            today=DAY,
        )
    finally:
        await database.close()


def _address(number: int) -> str:
    page, inside = divmod(number, PEOPLE_A_PAGE)
    return f"person{page:03}{inside}@example.com"


Pages = Callable[[date, int], Iterator[Any]]


def _anthropic_pages(day: date, people: int) -> Iterator[Any]:
    """One page over and over, each time about other people."""
    for page in list(anthropic_day(day, PEOPLE_A_PAGE)):
        for number in range(people // PEOPLE_A_PAGE):
            content = page.content.replace(b'"user_000', b'"user_%03d' % number)
            content = content.replace(b'"person', b'"person%03d' % number)
            yield page.read(content)


def _openai_pages(day: date, people: int) -> Iterator[Any]:
    for page in list(openai_day(day, PEOPLE_A_PAGE)):
        for number in range(people // PEOPLE_A_PAGE):
            content = page.content.replace(b'"user-000', b'"user-%03d' % number)
            content = content.replace(b'"key_000', b'"key_%03d' % number)
            yield page.read(content)
    for first in range(0, people, PEOPLE_A_PAGE):
        users = [
            {"id": f"user-{first + n:06}", "email": _address(first + n)}
            for n in range(PEOPLE_A_PAGE)
        ]
        listed = msgspec.json.encode({"data": users, "has_more": False})
        yield reading(UsersPage)(listed)


def _fed(provider: type[Any], pages: Pages, people: int) -> Any:
    """*provider*, to whom the network gives made-up pages."""

    class Fed(provider):  # type: ignore[misc]
        name: ClassVar[str] = provider.name

        def __init__(self) -> None:
            pass

        async def fetch(self, day: date) -> AsyncIterator[Any]:
            for page in pages(day, people):
                yield page

    return Fed()


PROVIDER_DAYS: tuple[tuple[type[Any], Pages, date], ...] = (
    (Anthropic, _anthropic_pages, DAY),
    (OpenAI, _openai_pages, DAY),
    (Anthropic, _anthropic_pages, DAY - timedelta(days=1)),
)


async def _night(order: Order) -> Told:
    database = Database(make_engine(order.url))
    collector = Collector(
        usage=UsageStore(database),
        outcomes=OutcomeStore(database),
        links=LinkStore(database),
        prices=PriceLevels(store=PriceStore(database), rates=usual_rates),
        people=PeopleStore(database),
        administration=AdministrationStore(database),
        health=HealthStore(database),
        clock=SetClock(AT),
        real_now=real_now,
    )
    records, started = 0, time.perf_counter()
    try:
        for provider, pages, day in PROVIDER_DAYS:
            answer = await collector.collect_day(_fed(provider, pages, order.people), day)
            records += len(answer.records)
            del answer
    finally:
        await database.close()
    seconds = time.perf_counter() - started
    return Told(seconds=seconds, peak_mb=peak_mb(), records=records)


if __name__ == "__main__":
    configure_logs("WARNING")
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    print(msgspec.json.encode(asyncio.run(_night(order))).decode())
