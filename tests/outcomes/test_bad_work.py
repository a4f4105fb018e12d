"""What people typed into a system of record, and what such a system should never say."""

from __future__ import annotations

import io
import itertools
import json
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from bot.app import usual_rates
from bot.clock import SetClock
from bot.domain.outcomes import LONGEST_TITLE, OutcomeState, link_of
from bot.errors import SourceError
from bot.logs import configure_logs
from bot.services.collect import Collector
from bot.services.price_levels import PriceLevels
from db.administration import AdministrationStore
from db.health import HealthStore
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.prices import PriceStore
from db.usage import UsageStore
from tests.outcomes.case import SECRET, cases
from tests.outcomes.recorded_work import (
    WINDOW_END,
    RecordedWork,
    collect,
    load_page,
    page_names,
    reading,
)
from tests.outcomes.spoiling import (
    beside_titles,
    leaves,
    repeated,
    rewritten,
    spoilt,
    with_texts,
)
from tests.providers.planting import in_every_object

TYPED = "letter about the takeover of Hooli"
TRACES = ("takeover", "hooli")
VOLUNTEERED = "the merger with initech"
IDENTIFIERS = {
    *("id", "Id", "gid", "key", "sys_id", "accountId", "identifier", "previousIdentifiers"),
    *("KnowledgeArticleId", "assigned_to", "resolved_by", "path_with_namespace"),
    *("sha", "merge_commit_sha", "squash_commit_sha"),
    *("email", "Email", "public_email"),
}
"""Fields that hold what something or somebody is called by, which is kept and never shown."""
NONSENSE = (
    "<!channel> <@U1> | ```",
    "\u202egnp.elif",
    "a\x00b",
    "x" * 5_000,
    "javascript:alert(1)",
    "https://ada:secret@evil.example.com/",
    "<https://evil.example.com|pay>",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "1969-07-20T20:17:40Z",
    "9999-12-31T23:59:59-14:00",
    "2026-11-19 10:00:00",
    "2026-11-19",
    "17",
    "-1",
    "²",
    "NaN",
    "",
    -1,
    1.5,
    10**25,
    True,
    None,
    [],
    {},
)
TITLES = (
    "<!channel> <@U1> <https://evil.example.com|pay>",
    "\u202eflip\u2066 \u200bzero",
    "a\x00b\r\nc",
    "``` | a | b | *bold*",
    "x" * 100_000,
    "\u202e\u2066\x07",
    "javascript:alert(1)",
)
LINKS = (
    "javascript:alert(1)",
    "https://ada:secret@evil.example.com/",
    "https://evil.example.com/<|>",
    "data:text/html,x",
    "https://evil.example.com/a b",
)
REAL_NOW = datetime(2026, 12, 29, 6, tzinfo=UTC)

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


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
        clock=SetClock(WINDOW_END),
        real_now=lambda: REAL_NOW,
    )


@pytest.fixture
def written():
    """All that is logged, as it is written."""
    stream = io.StringIO()
    configure_logs("DEBUG", stream=stream)
    return stream


async def every_column(database) -> dict[str, str]:
    """All that stands in the tables, by table and column."""
    async with database.for_jobs() as connection:
        columns = await connection.execute(
            text(
                "SELECT format('%I.%I', table_schema, table_name), quote_ident(column_name)"
                " FROM information_schema.columns JOIN information_schema.tables"
                " USING (table_schema, table_name) WHERE table_type = 'BASE TABLE'"
                " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
            )
        )
        found = {}
        for table, column in list(columns):
            values = await connection.scalars(text(f"SELECT {column}::text FROM {table}"))  # noqa: S608
            found[f"{table.removeprefix('public.')}.{column}"] = "\n".join(map(str, values))
    return found


def planted(case):
    """Makes a page of one in which every title, and whatever nobody asked for, was typed."""

    def plant(page):
        typed = with_texts(
            page, lambda value: f"{value} {TYPED}" if value in case.titles else value
        )
        return in_every_object(typed, case.maps)

    return plant


@every_case
async def test_what_somebody_typed_is_kept_as_a_title_and_nowhere_else(
    case, collector, database, written
):
    source = rewritten(case, planted(case))
    try:
        batch = await collector.collect_outcomes(source)
    finally:
        await source.close()
    await collector.settle()

    kept = await every_column(database)
    assert any(TYPED in outcome.title for outcome in batch.outcomes if outcome.title)
    assert TYPED in kept.pop("outcome_credits.title")
    assert "outcomes_collected" in written.getvalue()
    for place in (*kept.values(), written.getvalue(), beside_titles(batch)):
        assert not [t for t in (*TRACES, VOLUNTEERED, SECRET) if t.lower() in place.lower()]


@pytest.mark.no_cover  # hundreds of readings, which tracing would double
@every_case
async def test_wherever_it_was_typed_nothing_of_it_is_kept_but_what_something_is_called_by(case):
    """Each field of each recorded page in turn holds it."""
    kept = set()

    def typed(old):
        return f"{old} {TYPED}" if isinstance(old, str) else TYPED

    for page, path in leaves(case):
        told = await read(spoilt(case, page, path, typed))
        if any(trace in beside_titles(told).lower() for trace in TRACES):
            assert not isinstance(told, SourceError)
            kept.add([step for step in path if isinstance(step, str)][-1])

    assert kept <= IDENTIFIERS


@pytest.mark.no_cover  # as above
@every_case
async def test_nonsense_is_kept_as_what_it_may_be_or_fails_loudly(case):
    """Each field of each recorded page in turn holds some of it, each time another."""
    rest = itertools.cycle(NONSENSE)
    for page, path in leaves(case):
        for nonsense in itertools.islice(rest, 2):
            assert_sane(await read(spoilt(case, page, path, lambda _, new=nonsense: new)))


async def read(source):
    """What *source* knows, or the error that it fails with, which must be one of ours."""
    try:
        return await collect(source)
    except SourceError as error:
        return error


def assert_sane(batch):
    if isinstance(batch, SourceError):
        assert batch.hint
        assert len(str(batch)) < 500
        return
    for outcome in batch.outcomes:
        moments = (outcome.opened_at, outcome.completed_at, outcome.reopened_at)
        assert all(m.utcoffset() == timedelta(0) for m in moments if m is not None)
        assert outcome.opened_at is None or outcome.opened_at <= outcome.completed_at
        assert outcome.reopened_at is None or outcome.reopened_at >= outcome.completed_at
        assert outcome.completed_at <= WINDOW_END
        assert outcome.state_at(WINDOW_END, timedelta(days=7)) in OutcomeState
        assert outcome.title is None or len(outcome.title) <= LONGEST_TITLE
        assert outcome.title is None or outcome.title.isprintable()
        assert outcome.url == link_of(outcome.url)
        assert outcome.size is None or 0 <= outcome.size < 2**63
        words = (outcome.source_id, outcome.project or "none", *outcome.names, *outcome.closes)
        assert all(word.isprintable() and 0 < len(word) <= 500 for word in words)
    ids = [outcome.source_id for outcome in batch.outcomes]
    assert len(set(ids)) == len(ids)
    json.dumps(batch.report)


@every_case
async def test_hostile_titles_are_kept_in_one_line_that_fits(case, collector, database):
    hostile = dict(zip(case.titles, itertools.cycle(TITLES), strict=False))
    source = rewritten(case, lambda page: with_texts(page, lambda old: hostile.get(old, old)))
    plain = await collect(reading(case, RecordedWork(case)))

    batch = await collector.collect_outcomes(source)
    await source.close()

    assert {o.source_id for o in batch.outcomes} >= {o.source_id for o in plain.outcomes}
    for title in (await every_column(database))["outcome_credits.title"].split("\n"):
        assert title.isprintable()
        assert len(title) <= LONGEST_TITLE


@every_case
async def test_a_link_that_leads_astray_is_kept_by_nobody(case, collector, database):
    links = itertools.cycle(LINKS)

    def astray(page):
        return with_texts(page, lambda old: next(links) if "://" in old else old)

    source = rewritten(case, astray)
    try:
        await collector.collect_outcomes(source)
    except SourceError:
        pass
    finally:
        await source.close()

    kept = await every_column(database)
    assert "evil" not in " ".join(kept.values())
    assert "javascript" not in " ".join(kept.values())


@every_case
async def test_half_a_character_is_no_text(case, collector, written):
    """A lone surrogate, which JSON can write and nothing can keep."""
    name = next(n for n in sorted(page_names(case.name)) if case.titles[0] in _content(case, n))
    content = _content(case, name).replace(case.titles[0], r"half \ud800 a takeover")
    source = reading(case, RecordedWork(case, **{name: _answer(content)}))

    with pytest.raises(SourceError) as caught:
        await collector.collect_outcomes(source)
    await source.close()

    assert "takeover" not in f"{beside_titles(caught.value)} {written.getvalue()}"


@every_case
async def test_a_number_that_is_none_is_no_json_and_fails_the_reading(case):
    name = min(page_names(case.name))
    content = f'{{"x": NaN, "y": {_content(case, name)}}}'

    with pytest.raises(SourceError):
        await collect(reading(case, RecordedWork(case, **{name: _answer(content)})))


@every_case
async def test_what_comes_again_and_again_is_one(case):
    once = await collect(reading(case, RecordedWork(case)))

    def told(page):
        return any(title in json.dumps(page, ensure_ascii=False) for title in case.titles)

    again = await collect(rewritten(case, lambda page: repeated(page, 200) if told(page) else page))

    assert len(again.outcomes) == len(once.outcomes)
    assert set(again.outcomes) == set(once.outcomes)


@every_case
async def test_work_of_before_all_calendars_is_nobodys_week(case, collector, database):
    """Absurd times that can be kept are, and show in no week that anybody looks at."""

    def long_ago(page):
        return with_texts(page, lambda old: f"0001{old[4:]}" if old[:3] == "202" else old)

    source = rewritten(case, long_ago)
    try:
        await collector.collect_outcomes(source)
        await collector.settle()
    except SourceError:
        return
    finally:
        await source.close()

    async with database.for_jobs() as connection:
        days = await connection.scalars(
            text("SELECT (completed_at AT TIME ZONE 'UTC')::date FROM outcomes")
        )
        assert all(date.min <= day <= WINDOW_END.date() for day in days)


def _content(case, name):
    return json.dumps(load_page(case.name, name), ensure_ascii=False)


def _answer(content):
    return httpx.Response(200, content=content.encode())
