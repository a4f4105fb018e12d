"""The in-house platform sends its usage to the real door, and what is kept is the truth."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
import uvicorn
from jsonschema import Draft202012Validator
from pydantic import SecretStr
from sqlalchemy import text

from bot.app import Upshot, open_upshot
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.domain.people import DirectoryMember
from bot.domain.periods import midnight
from bot.ingest import Config
from bot.listening import make_app_of_web
from bot.playground.company import ToolFact, make_company
from bot.playground.company.delivery import delivery_of
from bot.playground.in_house import INGEST_TOKEN, SOURCE, InHousePlatform
from bot.playground.looks import NIGHT
from bot.playground.world import WorldSettings
from bot.quiet_server import QuietServer
from tests.shared_data import shared

COMPANY = make_company(people=60, weeks=3, seed=9, ends=date(2026, 11, 16), longest_revision_days=1)
DAY = timedelta(days=1)
START = midnight(COMPANY.start)
SENDER = f"ingest:{SOURCE}"

Row = tuple[date, str, Decimal | None, int | None, int | None, int | None, int | None, int | None]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


@pytest.fixture
async def upshot(urls, tmp_path, clock) -> AsyncIterator[Upshot]:
    settings = WorldSettings(data_dir=tmp_path, ingest=Config(token=SecretStr(INGEST_TOKEN)))
    database = DatabaseUrls(owner=urls.owner, worker=urls.worker)
    async with open_upshot(settings, database, clock) as opened:
        yield opened


@pytest.fixture
async def platform(upshot) -> AsyncIterator[InHousePlatform]:
    async with door_of(upshot) as url:
        yield InHousePlatform(company=COMPANY, ingest_url=f"{url}/ingest/usage")


@asynccontextmanager
async def door_of(upshot: Upshot) -> AsyncIterator[str]:
    """The web process, in this loop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(make_app_of_web(upshot), log_config=None, lifespan="off")
        server = QuietServer(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


@pytest.fixture
def at(clock, platform):
    async def send_at(now: datetime) -> int:
        clock.move_to(now)
        return await platform.send(now)

    return send_at


@pytest.fixture
def kept(upshot):
    async def rows(day: date | None = None) -> set[Row]:
        query = text(
            "SELECT day, account, cost, requests, input_uncached, cache_read, cache_write, output"
            " FROM usage_records WHERE provider = :sender"
            " AND (CAST(:day AS date) IS NULL OR day = :day)"
        )
        async with upshot.database.for_jobs() as connection:
            found = await connection.execute(query, {"sender": SENDER, "day": day})
            return {tuple(row) for row in found}  # type: ignore[misc]

    return rows


def truth(day: date, as_of: datetime) -> set[Row]:
    return {row_of(fact) for fact in COMPANY.tool_facts("in_house", day, as_of)}


def row_of(fact: ToolFact) -> Row:
    tokens = (fact.input_uncached, fact.cache_read, fact.cache_write, fact.output)
    return (fact.day, fact.user.email, fact.charged, fact.requests, *tokens)


def corrected_day() -> tuple[date, datetime]:
    """A day whose figures change after they were told whole, and when."""
    for day in COMPANY.days:
        course = delivery_of("in_house", day, COMPANY.seed, 1, days_late=1)
        revised_at = course.revised_at
        if revised_at is not None and truth(day, revised_at) != truth(day, course.complete_at):
            return day, revised_at
    raise AssertionError("No day was corrected.")


async def test_what_is_kept_after_weeks_of_nights_is_the_truth(at, kept):
    nights = [midnight(day) + NIGHT for day in COMPANY.days]
    sent = [await at(night) for night in (*nights, *(nights[-1] + n * DAY for n in range(1, 6)))]

    assert sum(sent) > 0
    assert await kept() == {row for day in COMPANY.days for row in truth(day, COMPANY.settled_at)}


async def test_what_is_sent_again_takes_the_place_of_what_was_sent(at, kept):
    now = START + 6 * DAY + NIGHT

    first, once = await at(now), await kept()
    again, twice = await at(now), await kept()

    assert first == again > 0
    assert once == twice


async def test_a_correction_takes_the_place_of_what_was_told_before(at, kept):
    day, revised_at = corrected_day()

    await at(revised_at - timedelta(minutes=1))
    before = await kept(day)
    await at(revised_at)

    assert before == truth(day, revised_at - timedelta(minutes=1))
    assert await kept(day) == truth(day, COMPANY.settled_at) != before


async def test_who_slack_knows_by_the_address_is_whose_it_is(at, upshot):
    await upshot.stores.people.sync(
        [
            DirectoryMember(slack_user_id=p.slack_id, email=p.email, time_zone=None, locale=None)
            for p in COMPANY.employees
        ],
        today=START.date(),
    )
    await at(START + 6 * DAY + NIGHT)

    async with upshot.database.for_jobs() as connection:
        query = (
            "SELECT account, person_id > 0 AS is_linked FROM usage_records WHERE provider = :sender"
        )
        rows = (await connection.execute(text(query), {"sender": SENDER})).all()
        found = {row.account: row.is_linked for row in rows}
    assert found
    assert all(bool(is_linked) == is_known(email) for email, is_linked in found.items())


def is_known(email: str) -> bool:
    return email in {person.email for person in COMPANY.employees}


async def test_nothing_to_tell_is_nothing_sent(at):
    assert await at(START - 10 * DAY) == 0


async def test_another_token_is_refused_and_nothing_is_kept(urls, tmp_path, clock, kept):
    settings = WorldSettings(
        data_dir=tmp_path, ingest=Config(token=SecretStr("another-token-of-24-characters"))
    )
    database = DatabaseUrls(owner=urls.owner, worker=urls.worker)
    now = START + 6 * DAY
    clock.move_to(now)
    async with open_upshot(settings, database, clock) as other, door_of(other) as url:
        platform = InHousePlatform(company=COMPANY, ingest_url=f"{url}/ingest/usage")
        with pytest.raises(httpx.HTTPStatusError, match="401"):
            await platform.send(now)

    assert await kept() == set()


async def test_every_record_is_what_the_published_form_says():
    schema = json.loads(shared("specs/neutral-usage-record.schema.json").read_text())
    bodies: list[bytes] = []

    async def keep(scope, receive, send) -> None:
        bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"accepted": 0}'})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = QuietServer(uvicorn.Config(keep, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        await InHousePlatform(company=COMPANY, ingest_url=url).send(START + 6 * DAY)
        server.should_exit = True
        await serving

    lines = b"".join(bodies).splitlines()
    assert lines
    for line in lines:
        Draft202012Validator(schema).validate(json.loads(line))
