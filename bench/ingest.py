"""From a day's parsed answer to committed rows, beside the raw path in the same server."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median

from msgspec import structs
from sqlalchemy import create_engine, delete
from sqlmodel import Session, col

from bench.pages.anthropic import MODELS_A_PERSON, anthropic_day
from bench.pages.wire import address_of
from bench.raw_ingest import RawTable, as_rows
from bench.results import Measurement
from bench.server import connect
from bot.domain.people import DirectoryMember
from bot.domain.usage import ProviderDay
from bot.providers.anthropic import Anthropic
from db.database import Database, make_engine
from db.embedded import Urls
from db.models import UsageRow
from db.people import PeopleStore
from db.usage import UsageStore

NAME = "parsed_page_to_committed_rows"
FLOOR = 0.60
FIRST_DAY = date(2026, 8, 24)
ORM_ROWS = 2000
_ASKED = datetime(2026, 11, 21, 2, tzinfo=UTC)

Seconds = defaultdict[tuple[str, str], list[float]]


async def measure_in(urls: Urls, rows: int, rounds: int) -> list[Measurement]:
    """A day of some *rows* after the other, each told twice, in an empty database."""
    database = Database(make_engine(urls.worker))
    try:
        return await _measure(urls, database, rows // MODELS_A_PERSON, rounds)
    finally:
        await database.close()


async def _measure(urls: Urls, database: Database, people: int, rounds: int) -> list[Measurement]:
    await enroll(database, people)
    first, second = (parsed(people, revision) for revision in (0, 1))
    seconds: Seconds = defaultdict(list)
    with RawTable(urls) as raw:
        for number in range(rounds + 1):
            day = FIRST_DAY + timedelta(days=number)
            for kind, answer in (("new", _on(first, day)), ("restated", _on(second, day))):
                took = await _round(kind, answer, UsageStore(database), raw, ours_first=number % 2)
                if number > 0:  # at first accounts are made, and plans and pages are cold
                    seconds[kind, "ours"].append(took["ours"])
                    seconds[kind, "raw"].append(took["raw"])
        count = len(first.records)
        _require_same(urls, count * (rounds + 1))
    orm = median(_orm_seconds(urls, first) for _ in range(3))
    return list(_results(seconds, count, orm_rows=ORM_ROWS / orm))


async def _round(
    kind: str, answer: ProviderDay, usage: UsageStore, raw: RawTable, *, ours_first: int
) -> dict[str, float]:
    rows = list(as_rows(answer))
    asked_at = _ASKED + timedelta(hours=kind == "restated")
    took = {}
    for path in ("ours", "raw") if ours_first else ("raw", "ours"):
        started = time.perf_counter()
        if path == "ours":
            await usage.replace_day(answer, asked_at)
        else:
            raw.merge(rows)
        took[path] = time.perf_counter() - started
    return took


def _results(seconds: Seconds, count: int, *, orm_rows: float) -> Iterator[Measurement]:
    for kind in ("new", "restated"):
        ours, raw = seconds[kind, "ours"], seconds[kind, "raw"]
        yield Measurement(
            measure=f"{NAME}_{kind}",
            value=count / median(ours),
            unit="rows/s",
            floor=FLOOR,
            ratio=median(bare / own for own, bare in zip(ours, raw, strict=True)),
        )
        yield Measurement(
            measure=f"raw_copy_and_merge_{kind}", value=count / median(raw), unit="rows/s"
        )
    yield Measurement(measure="orm_add_all", value=orm_rows, unit="rows/s")
    yield Measurement(
        measure="times_the_orm_path",
        value=count / median(seconds["new", "ours"]) / orm_rows,
        unit="times",
    )


async def enroll(database: Database, people: int) -> None:
    """Put everybody in the directory, so that each row has an owner to be found."""
    await PeopleStore(database).sync(
        [
            DirectoryMember(
                slack_user_id=f"U{number:08}",
                email=address_of(number),
                time_zone="Europe/London",
                locale="en-GB",
            )
            for number in range(people)
        ],
        today=FIRST_DAY,
    )


def parsed(people: int, revision: int) -> ProviderDay:
    pages = anthropic_day(FIRST_DAY, people, revision=revision)
    return Anthropic.parse(FIRST_DAY, [page.decode() for page in pages])


def _on(answer: ProviderDay, day: date) -> ProviderDay:
    return replace(
        answer, day=day, records=tuple(structs.replace(r, day=day) for r in answer.records)
    )


def _orm_seconds(urls: Urls, answer: ProviderDay) -> float:
    engine = create_engine(urls.superuser)
    rows = [dict(zip(UsageRow.model_fields, row, strict=True)) for row in as_rows(answer)]
    with Session(engine) as session:
        session.exec(delete(UsageRow).where(col(UsageRow.workspace_id) == 2))
        session.commit()
        started = time.perf_counter()
        session.add_all([UsageRow(**{**row, "workspace_id": 2}) for row in rows[:ORM_ROWS]])
        session.commit()
        elapsed = time.perf_counter() - started
    engine.dispose()
    return elapsed


def _require_same(urls: Urls, count: int) -> None:
    """Both ways must have kept the same, or their speeds mean nothing."""
    figures = "count(*), sum(input_uncached), sum(requests), sum(cost), count(person_id)"
    with connect(urls.superuser) as connection:
        [ours, raw] = [
            connection.execute(f"SELECT {figures} FROM {table}".encode()).fetchone()  # noqa: S608
            for table in ("usage_records", "raw_usage_records")
        ]
    if ours != raw or ours is None or ours[0] != count:
        raise AssertionError(f"kept {ours}, where the raw path kept {raw}")
