"""A made-up quarter of a company's use and work in the database, written by the server itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import psycopg

from bench.server import connect
from bot.domain.periods import days
from db.embedded import Urls

TODAY = datetime(2026, 11, 21, 10, tzinfo=UTC)
LAST_DAY = date(2026, 11, 20)
DAYS = 90
ROWS_A_DAY = 4
OUTCOMES_A_PERSON = 26
PROVIDERS = ("anthropic", "openai")
WORK_SOURCE = "git"

_PEOPLE = (
    "INSERT INTO people (slack_user_id, email, time_zone, locale, is_active, welcomed_at)"
    " SELECT 'U' || lpad(n::text, 8, '0'), 'person' || n || '@example.com', 'America/New_York',"
    " 'en-US', true, now() FROM generate_series(1, %(people)s) n"
)
_ACCOUNTS = (
    "INSERT INTO accounts (source, account, email, person_id, proof)"
    " SELECT source, email, email, id, 'admin_email' FROM people,"
    " unnest(CAST(%(sources)s AS text[])) source"
)
# A day at a time, as it comes in: one person's rows lie apart on the disk.
_USAGE = (
    "INSERT INTO usage_records (provider, day, account, product, model, cost_type, person_id,"
    " charge_category, currency,"
    " input_uncached, cache_read, cache_write, output, requests, cost, cost_basis)"
    " SELECT m.provider, %(day)s, p.email, m.product, m.model, 'tokens', p.id, 'usage', 'USD',"
    " 1000 + (89000 * random())::int, 1000 + (899000 * random())::int, (9000 * random())::int,"
    " 100 + (20000 * random())::int, 1 + (300 * random())::int,"
    " round((0.05 + 9 * random())::numeric, 6), 'billed'"
    " FROM (VALUES ('anthropic', 'claude_code', 'claude-opus-5'),"
    " ('anthropic', 'claude_code', 'claude-sonnet-5'), ('openai', '', 'gpt-6-astra'),"
    " ('openai', '', 'gpt-6-nova')) m (provider, product, model), people p"
    " ORDER BY m.provider, p.id"
)
_OUTCOMES = (
    "INSERT INTO outcomes (source, source_id, kind, opened_at, completed_at, state, size, evidence)"
    " SELECT 'git', 'app#' || n, 'merged_change', NULL, %(last)s - floor(%(days)s * random())"
    " * interval '1 day', 'settled', 1 + (400 * random())::int,"
    " CASE n %% 3 WHEN 0 THEN ARRAY['claude:trailer'] ELSE '{}' END"
    " FROM generate_series(1, CAST(%(people)s AS int) * %(each)s) n"
)
_CREDITS = (
    "INSERT INTO outcome_credits (source, source_id, account, role, person_id)"
    " SELECT 'git', 'app#' || row_number() OVER (ORDER BY n, id), email, 'author', id"
    " FROM people, generate_series(1, %(each)s) n"
)
_HEALTH = (
    "INSERT INTO source_health (source, data_through, last_success_at)"
    " SELECT source, %(today)s, %(today)s FROM unnest(CAST(%(sources)s AS text[])) source"
)
_PROVIDER_DAYS = (
    "INSERT INTO provider_days"
    " (provider, day, data_through, fetched_at, content, unchanged_since)"
    " SELECT provider, CAST(%(last)s AS date) - n, %(today)s, %(today)s, '', %(today)s"
    " FROM unnest(CAST(%(providers)s AS text[])) provider, generate_series(0, %(days)s - 1) n"
)
_FIRST_USES = (
    "INSERT INTO first_uses (person_id, provider, first_day)"
    " SELECT id, provider, CAST(%(last)s AS date) - %(days)s + 1"
    " FROM people, unnest(CAST(%(providers)s AS text[])) provider"
)
_PRICES = (
    "INSERT INTO price_levels (provider, model, first_day, level)"
    " SELECT 'openai', 'gpt-6-nova', CAST(%(last)s AS date) - back, level"
    " FROM (VALUES (600, 1.0), (30, 0.8)) change (back, level)"
)
_STATEMENTS = (
    _PEOPLE,
    _ACCOUNTS,
    _OUTCOMES,
    _CREDITS,
    _HEALTH,
    _PROVIDER_DAYS,
    _FIRST_USES,
    _PRICES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    id: int
    slack_user_id: str


def fill(urls: Urls, usage_rows: int) -> list[Reader]:
    """Some *usage_rows* of a quarter, and whose they are."""
    facts = {
        "people": max(usage_rows // (DAYS * ROWS_A_DAY), 1),
        "each": OUTCOMES_A_PERSON,
        "days": DAYS,
        "last": LAST_DAY,
        "today": TODAY,
        "providers": list(PROVIDERS),
        "sources": [*PROVIDERS, WORK_SOURCE],
    }
    # The superuser: row-level security would take its time, and is not what is measured here.
    with connect(urls.superuser, autocommit=True) as connection:
        connection.execute("SELECT setseed(0.5)")
        for statement in _STATEMENTS:
            connection.execute(statement.encode(), facts)
        _fill_usage(connection)
        connection.execute("VACUUM (ANALYZE)")
        people = connection.execute("SELECT id, slack_user_id FROM people ORDER BY id")
        return [Reader(id=number, slack_user_id=user) for number, user in people]


def _fill_usage(connection: psycopg.Connection) -> None:
    with connection.transaction():
        for day in days(LAST_DAY - timedelta(days=DAYS - 1), LAST_DAY):
            connection.execute(_USAGE.encode(), {"day": day})
