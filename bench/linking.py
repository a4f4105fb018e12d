"""Linking one night's work for 100,000 people, beside a bare reading of the same tables."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import psycopg

from bench.memory import peak_mb
from bench.results import Measurement
from bench.season import LAST_DAY, TODAY
from bench.server import connect
from bot.logs import configure_logs
from db.database import Database, make_engine
from db.embedded import Urls
from db.linking import LinkStore

NAME = "linking_a_night"
LONGEST = 60.0
"""Seconds; it is the floor, whatever the bare reading takes."""
RECORDS_A_PERSON = 12.6
OUTCOMES_A_PERSON = 3
SETTLE = timedelta(days=7)

_PEOPLE = (
    "INSERT INTO people (slack_user_id, email, time_zone, locale, is_active)"
    " SELECT 'U' || n, 'person' || n || '@example.com', 'Europe/London', 'en-GB', true"
    " FROM generate_series(0, %(people)s - 1) n"
)
_USAGE = (
    "INSERT INTO usage_records (provider, day, account, product, model, cost_type,"
    " charge_category, currency, person_id, input_uncached, cache_read, cache_write, output,"
    " requests, cost, cost_basis) SELECT (ARRAY['anthropic', 'openai', 'copilot'])[1 + n %% 3],"
    " %(last)s - n / %(people)s, 'person' || n %% %(people)s, '', 'large', 'tokens', 'usage',"
    " 'USD', 1 + n %% %(people)s, 1000, 90000, 500, 2000, n %% 7, 1.25, 'billed'"
    " FROM generate_series(0, %(records)s - 1) n"
)
# Of ten: five changes on the forge, two of them in git too; three tickets, of which two are closed.
_OUTCOMES = (
    "INSERT INTO outcomes (source, source_id, kind, completed_at, state, evidence, reopened_at,"
    " reverted_at, project, names, closes)"
    " SELECT (ARRAY['github', 'github', 'github', 'github', 'github', 'git', 'git', 'jira', 'jira',"
    "  'jira'])[1 + n %% 10], 'app#' || n,"
    " CASE WHEN n %% 10 < 7 THEN 'merged_change' ELSE 'task_done' END,"
    " %(today)s - n %% 20 * interval '1 day', 'done',"
    " (CASE n %% 9 WHEN 0 THEN ARRAY['claude:session_link', 'claude:coauthor']"
    "  WHEN 3 THEN ARRAY['claude:coauthor'] WHEN 6 THEN ARRAY['copilot:coauthor'] ELSE '{}' END),"
    " CASE WHEN n %% 250 = 8 THEN %(today)s - interval '1 hour' END,"
    " CASE WHEN n %% 100 = 1 THEN %(today)s - interval '1 hour' END, 'app' || n %% 100,"
    " CASE WHEN n %% 10 < 5 THEN ARRAY['commit:' || n, 'github:app#' || n]"
    "  WHEN n %% 10 < 7 THEN ARRAY['commit:' || n - 5] ELSE ARRAY['ticket:APP-' || n] END,"
    " CASE WHEN n %% 10 IN (3, 4) THEN ARRAY['ticket:APP-' || n + 5] ELSE '{}' END"
    " FROM generate_series(0, %(outcomes)s - 1) n"
)
_CREDITS = (
    "INSERT INTO outcome_credits (source, source_id, account, role, person_id)"
    " SELECT source, source_id, 'person' || who.person, who.role, 1 + who.person"
    " FROM (SELECT *, substr(source_id, 5)::int AS n FROM outcomes) o, LATERAL (VALUES"
    "  (0, n %% %(people)s, 'author'), (1, (n + 1) %% %(people)s, 'coauthor')"
    " ) who(place, person, role) WHERE place = 0 OR n / 10 %% 10 = 0"
)
_SESSIONS = (
    "INSERT INTO session_counts (provider, day, account, tool, person_id, sessions, commits)"
    " SELECT 'anthropic', %(last)s - n %% 5, 'person' || n, 'claude_code', 1 + n, 3, n %% 2"
    " FROM generate_series(0, %(people)s - 1) n"
)
_FORBIDDEN = (
    "INSERT INTO source_projects (source, project, forbidden_since)"
    " SELECT 'github', 'app' || n, CASE WHEN n = 7 THEN CAST(%(today)s AS timestamptz) END"
    " FROM generate_series(0, 99) n"
)
_BARE = "SELECT count(*), count(DISTINCT h) FROM (SELECT hashtext(r::text) AS h FROM {} r) hashed"
_TABLES = ("outcomes", "outcome_credits", "usage_records")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``again`` is what it takes when nothing is new."""

    first: float
    again: float
    changed: int
    changed_again: int
    idle_mb: float
    peak_mb: float


def measure_in(urls: Urls, records: int) -> list[Measurement]:
    people = max(round(records / RECORDS_A_PERSON), 20)
    outcomes = people * OUTCOMES_A_PERSON
    with connect(urls.superuser, autocommit=True) as connection:
        _fill(connection, {"people": people, "records": records, "outcomes": outcomes})
        bare = _read_bare(connection)
    told = _told_by_child(urls)
    if not told.changed or told.changed_again:
        raise AssertionError("a second linking has nothing to change, and the first has")
    floor = bare / LONGEST
    return [
        Measurement(measure="linked_outcomes", value=outcomes, unit="rows"),
        Measurement(measure=NAME, value=told.first, unit="s", ratio=bare / told.first, floor=floor),
        Measurement(
            measure="linking_again",
            value=told.again,
            unit="s",
            ratio=bare / told.again,
            floor=floor,
        ),
        Measurement(measure="linking_raw_read_and_hash", value=bare, unit="s"),
        Measurement(measure="linking_idle_memory_mb", value=told.idle_mb, unit="MB"),
        Measurement(measure="linking_peak_memory_mb", value=told.peak_mb, unit="MB"),
    ]


def _fill(connection: psycopg.Connection, sizes: Mapping[str, int]) -> None:
    facts = {**sizes, "last": LAST_DAY, "today": TODAY}
    for statement in (_PEOPLE, _USAGE, _OUTCOMES, _CREDITS, _SESSIONS, _FORBIDDEN):
        connection.execute(statement.encode(), facts)
    connection.execute("VACUUM (ANALYZE)")


def _read_bare(connection: psycopg.Connection) -> float:
    started = time.perf_counter()
    for table in _TABLES:
        connection.execute(_BARE.format(table).encode())
    return time.perf_counter() - started


def _told_by_child(urls: Urls) -> Told:
    # Over standard input: the URL holds a password, and arguments are for all to see.
    child = subprocess.run(
        [sys.executable, "-m", "bench.linking"],
        input=urls.worker.encode(),
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(child.stdout, type=Told)


async def _link_twice(url: str) -> Told:
    idle = peak_mb()
    database = Database(make_engine(url))
    try:
        first, changed = await _link(database)
        again, changed_again = await _link(database)
    finally:
        await database.close()
    return Told(
        first=first,
        again=again,
        changed=changed,
        changed_again=changed_again,
        idle_mb=idle,
        peak_mb=peak_mb(),
    )


async def _link(database: Database) -> tuple[float, int]:
    started = time.perf_counter()
    changed = await LinkStore(database).link(TODAY, SETTLE)
    return time.perf_counter() - started, changed


if __name__ == "__main__":
    configure_logs("WARNING")
    print(msgspec.json.encode(asyncio.run(_link_twice(sys.stdin.read()))).decode())
