"""What somebody typed is dropped before storing and logging, whoever volunteers it and wherever."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.periods import midnight
from bot.errors import SourceError
from bot.logs import configure_logs
from bot.pricing import usual_rates
from bot.services.collect import Collector
from bot.services.price_levels import PriceLevels
from db.administration import AdministrationStore
from db.health import HealthStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.prices import PriceStore
from db.usage import UsageStore
from tests.providers.case import CASES
from tests.providers.planting import TRACES, TYPED, planted, planted_adapter
from tests.providers.recorded import (
    DAY,
    FIXTURES,
    Recorded,
    load_answer,
    load_page,
    read_day,
    reading,
)

NOW = midnight(DAY) + timedelta(days=40, hours=6)
REAL_NOW = datetime(2026, 12, 29, 6, tzinfo=UTC)
HTTP_CASES = [case for case in CASES.values() if case.is_http]

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_http_case = pytest.mark.parametrize("case", HTTP_CASES, ids=lambda case: case.name)


@pytest.fixture
def collector(database):
    return Collector(
        usage=UsageStore(database),
        outcomes=OutcomeStore(database),
        links=LinkStore(database),
        prices=PriceLevels(store=PriceStore(database), rates=usual_rates),
        people=PeopleStore(database),
        administration=AdministrationStore(database),
        health=HealthStore(database),
        clock=SetClock(NOW),
        real_now=lambda: REAL_NOW,
    )


@pytest.fixture
def written():
    """All that is logged, as it is written."""
    stream = io.StringIO()
    configure_logs("DEBUG", stream=stream)
    return stream


async def every_text(database) -> str:
    """All that stands in any column of any table."""
    async with database.for_jobs() as connection:
        tables = await connection.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        )
        found = []
        for table in list(tables):
            found += await connection.scalars(text(f"SELECT t::text FROM {table} t"))  # noqa: S608
    return "\n".join(found)


@every_http_case
def test_every_recorded_page_has_something_planted(case):
    pages = [path.stem for path in (FIXTURES / case.name).iterdir()]

    told = [planted(load_answer(case.name, page), case.maps).text.lower() for page in pages]

    assert pages
    assert all(trace in page for page in told for trace in TRACES)


@every_case
async def test_what_a_source_volunteers_reaches_neither_database_nor_log(
    case, collector, database, written, tmp_path
):
    adapter = planted_adapter(case, tmp_path)

    answer = await collector.collect_day(adapter, DAY)
    await adapter.close()

    assert answer.records == (await read_day(_plain(case))).records
    everything = await every_text(database)
    assert case.name in everything
    assert "day_collected" in written.getvalue()
    for place in (everything, written.getvalue(), repr(answer)):
        assert not [trace for trace in TRACES if trace in place.lower()]


def _plain(case):
    return reading(case.provider, Recorded(case.name) if case.is_http else None)


@pytest.mark.no_cover  # hundreds of readings, which tracing would double
@every_http_case
async def test_what_stands_in_the_place_of_a_figure_is_not_told_in_the_error(case, written):
    """Each field of each recorded page in turn holds what somebody typed."""
    told = [error async for error in _errors(case)]

    assert told
    assert not [error for error in told if not error.startswith(f"{case.name} 2026-11-19: ")]
    for place in (*told, written.getvalue()):
        assert not [trace for trace in TRACES if trace in place.lower()]


async def _errors(case):
    """What is said of each page that has something typed in one of its fields."""
    for name, path in _leaves(case):
        page = load_page(case.name, name)
        _put(page, path, TYPED)
        adapter = reading(case.provider, _or_nothing(Recorded(case.name, **{name: page})))
        try:
            await read_day(adapter)
        except SourceError as error:
            yield f"{error} {error!r} {error.__cause__!r}"


def _or_nothing(recorded):
    """A name that is none leads to a page that nobody has."""

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            return recorded(request)
        except ValueError:
            return httpx.Response(404)

    return answer


def _leaves(case):
    """One path to each field that a recorded page has, by the names on the way."""
    seen = set()
    for path in sorted((FIXTURES / case.name).glob("*.json")):
        for steps in _paths(json.loads(path.read_text())):
            key = (path.stem, *(step for step in steps if isinstance(step, str)))
            if key not in seen:
                seen.add(key)
                yield path.stem, steps


def _paths(value, steps=()):
    match value:
        case dict():
            for key, inner in value.items():
                yield from _paths(inner, (*steps, key))
        case list():
            for number, inner in enumerate(value):
                yield from _paths(inner, (*steps, number))
        case _:
            yield steps


def _put(page, path, value):
    *parents, last = path
    for step in parents:
        page = page[step]
    page[last] = value
