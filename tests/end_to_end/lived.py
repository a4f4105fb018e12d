"""A small made-up company, lived through by the real bot, and a copy of what is kept then."""

from __future__ import annotations

import asyncio
import logging
import socket
from asyncio import Event, TaskGroup
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import psycopg
import structlog
from sqlalchemy import text

from bot import running
from bot.app import Upshot, open_upshot
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.domain.periods import days, midnight
from bot.ingest_door import PATH
from bot.listening import make_app_of_web
from bot.logs import configure_logs
from bot.playground.company import Company, make_company
from bot.playground.elsewhere import SharedClock
from bot.playground.in_house import InHousePlatform
from bot.playground.readers import Readers
from bot.playground.serving import opened
from bot.playground.slack.person import Ack, Person
from bot.playground.world import World, open_world
from db.migrate import driver_url
from jobs.once import run_all_due
from tests.db.server import TestUrls
from tests.end_to_end.planted import (
    SOURCE_OF_REVIEWS,
    planted_lines,
    planted_on,
    planted_reviews,
    send_usage,
    usage_line,
)

PEOPLE, WEEKS = 30, 7
ENDS = date(2026, 11, 16)
EVENTS = "http://upshot.example/slack/events"
INGEST = f"http://upshot.example{PATH}"
HOURS: dict[int, tuple[int, ...]] = {0: (6, 9, 20), 1: (9, 20), 3: (14,)}
"""When the clock looks, on which weekday: often enough for every message to come."""
FIRST_LOOK = timedelta(days=3)
SET = (
    ("monthly_budget", "100"),
    ("team_budget", "600"),
    ("adoption_target", "60"),
    ("dominance_share", "48"),
)
"""One of them guards privacy, so that the channels hear of it."""
LOOPS = 5
"""How many people's agents run away on one day."""
TELLING = 3
"""One in so many people logs something."""
LOGGED = "A checklist for the evening shift, point"
_EXCEPT = frozenset({"alembic_version"})


@dataclass(frozen=True, kw_only=True)
class Town:
    """The company after its weeks, with everybody at the keyboard."""

    world: World
    upshot: Upshot
    clock: SetClock
    person: Person
    web: httpx.AsyncClient
    kept: Kept
    log: StringIO
    """All that was logged in the weeks, down to the least of it."""

    @property
    def company(self) -> Company:
        return self.world.company

    async def rows(self, query: str, **asked: object) -> list[Any]:
        async with self.upshot.database.for_jobs() as connection:
            return list(await connection.execute(text(query), asked))

    async def numbers_of_people(self) -> dict[str, int]:
        """By their Slack ids."""
        return dict(await self.rows("SELECT slack_user_id, id FROM people WHERE is_active"))


@asynccontextmanager
async def lived_through(urls: TestUrls, folder: Path) -> AsyncIterator[Town]:
    company = make_company(people=PEOPLE, weeks=WEEKS, ends=ENDS, longest_revision_days=1)
    clock = SharedClock(midnight(company.start))
    given = DatabaseUrls(owner=urls.owner, worker=urls.worker)
    with open_world(company, folder, clock, port=_free_port()) as world:
        async with open_upshot(world.settings, given, clock) as upshot:
            web = httpx.ASGITransport(make_app_of_web(upshot))
            async with httpx.AsyncClient(transport=web, base_url=EVENTS) as client:
                person = Person(world.slack, EVENTS, client=client)
                with logged() as log:
                    await _live(world, upshot, clock, person, client)
                with copied(urls.superuser) as kept:
                    yield Town(
                        world=world,
                        upshot=upshot,
                        clock=clock,
                        person=person,
                        web=client,
                        kept=kept,
                        log=log,
                    )


@contextmanager
def logged() -> Iterator[StringIO]:
    """What is written to the log meanwhile, at the level that leaves nothing out."""
    level, handlers, structured = logging.root.level, logging.root.handlers, structlog.get_config()
    log = StringIO()
    configure_logs("DEBUG", stream=log)
    try:
        yield log
    finally:
        structlog.configure(**structured)
        logging.root.handlers = handlers
        logging.root.setLevel(level)


async def _live(
    world: World, upshot: Upshot, clock: SetClock, person: Person, client: httpx.AsyncClient
) -> None:
    """The weeks as the demo has them, with a monthly amount for all and a few costly days."""
    stop = Event()
    door = f"http://127.0.0.1:{world.settings.port}"
    platform = InHousePlatform(company=world.company, ingest_url=f"{door}{PATH}")
    readers = Readers(world=world)
    async with TaskGroup() as group:
        group.create_task(running.web(upshot, stop))
        await opened(world.settings.port)
        for moment in moments(world.company):
            clock.move_to(moment)
            world.advance(moment)
            await platform.send(moment)
            await _loop(world.company, client, moment)
            await _plant(world.company, upshot, client, moment)
            await run_all_due(upshot.queue, upshot.tick)
            readers.read(moment)
            if moment.date() == world.company.start + FIRST_LOOK:
                for name, value in SET:
                    words = f"thresholds set {name} {value}"
                    await person.command("/usageadmin", words, user_id=world.admin)
        stop.set()
    for number, user in enumerate(list(world.company.people)[::TELLING]):
        await _tell(world, person, user, number)


async def _tell(world: World, person: Person, user: str, number: int) -> None:
    """*user* logs something, and says what this week is for."""
    await followed(person.command("/myusage", "log", user_id=user))
    given = {"log-kind": "document_published", "log-what": f"{LOGGED} {number + 23}"}
    await followed(person.fill(world.slack.modals_of(user)[-1], given))
    await followed(person.command("/myusage", "tag exploration", user_id=user))


async def followed(doing: Awaitable[Ack]) -> Ack:
    """What was answered at once, when all is over that follows it."""
    before = asyncio.all_tasks()
    ack = await doing
    if pending := asyncio.all_tasks() - before:
        await asyncio.wait(pending, timeout=5)
    return ack


def moments(company: Company) -> Iterator[datetime]:
    """From the middle of the first week on, or every tool would be new to everybody for weeks."""
    for day in days(company.start + FIRST_LOOK, company.end + timedelta(days=1)):
        for hour in HOURS.get(day.weekday(), ()):
            yield midnight(day) + timedelta(hours=hour)


async def _loop(company: Company, client: httpx.AsyncClient, moment: datetime) -> None:
    """In the last week but one, agents of some people run away for a day."""
    day = company.end - timedelta(days=13)
    if moment.date() != day + timedelta(days=2) or moment.hour != HOURS[3][0]:
        return
    looping = [person for person in company.employees if person.accounts][:LOOPS]
    lines = [
        usage_line(person, day, of="loop", requests=900 + number, amount=f"{700 + 41 * number}.37")
        for number, person in enumerate(looping)
    ]
    answer = await send_usage(client, INGEST, lines)
    assert answer["accepted"] == LOOPS, answer


async def _plant(
    company: Company, upshot: Upshot, client: httpx.AsyncClient, moment: datetime
) -> None:
    if moment.date() != planted_on(company) + timedelta(days=2) or moment.hour != HOURS[3][0]:
        return
    lines = planted_lines(company)
    answer = await send_usage(client, INGEST, lines)
    assert answer["accepted"] == len(lines), answer
    reviews = planted_reviews(company, upshot.clock.now())
    await upshot.collector.outcomes.replace(SOURCE_OF_REVIEWS, reviews)


class Kept:
    """A copy of all rows, to which the database can be set back.

    Nothing is left of others but the size of a share in common work, which is one's own figure.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._tables = self._named("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self._personal = self._named(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'person_id'"
        )
        self.run("CREATE SCHEMA kept")
        for table in self._tables:
            self.run(f"CREATE TABLE kept.{table} AS TABLE public.{table}")

    def set_back(self) -> None:
        """All rows as they were."""
        self.run(f"TRUNCATE {', '.join(self._tables)}")
        for table in self._tables:
            self.run(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept.{table}")

    def forget_all_but(self, person: int) -> None:
        """As if nobody else had ever been here; of common work *person*'s own credit stays."""
        for table in self._personal:
            self.run(f"DELETE FROM {table} WHERE person_id IS DISTINCT FROM {person}")  # noqa: S608
        self.run(f"DELETE FROM people WHERE id <> {person}")  # noqa: S608
        self.run(
            "DELETE FROM outcomes o WHERE NOT EXISTS (SELECT FROM outcome_credits c"
            " WHERE (c.source, c.source_id) = (o.source, o.source_id))"
        )

    def forget_what_was_said(self) -> None:
        """Nobody was told anything yet."""
        for table in ("deliveries", "shown_tips", "nudges", "budget_steps"):
            self.run(f"DELETE FROM {table}")  # noqa: S608

    def drop(self) -> None:
        self.run("DROP SCHEMA kept CASCADE")

    def _named(self, query: str) -> list[str]:
        rows = self._connection.execute(query.encode()).fetchall()
        return sorted({name for (name,) in rows} - _EXCEPT)

    def run(self, statement: str) -> None:
        """What only the operator of the database could do to it."""
        self._connection.execute(statement.encode())


@contextmanager
def copied(superuser: str) -> Iterator[Kept]:
    """Row-level security and foreign keys are nothing to whoever holds the copy."""
    with psycopg.connect(driver_url(superuser), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '10s'")
        kept = Kept(connection)
        try:
            yield kept
        finally:
            kept.drop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
