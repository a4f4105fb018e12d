"""Keeping what tools count of their sessions: with a provider's day, or as it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.received import CountedEvent
from bot.domain.usage import ProviderDay, SessionCount
from db.account_links import owned_on
from db.bulk import Staging

_KEY = ("provider", "day", "account", "tool")
_COUNTS = ("sessions", "commits", "pull_requests", "offered", "accepted")
_STAGING = Staging(
    "staging_sessions",
    (
        ("event", "bytea"),
        ("provider", "text"),
        ("day", "date"),
        ("account", "text"),
        ("tool", "text"),
        *((name, "bigint") for name in _COUNTS),
    ),
)
_INTO = f"INSERT INTO session_counts AS c ({', '.join((*_KEY, 'person_id', *_COUNTS))})"
_STAGED = ", ".join(f"s.{name}" for name in _KEY)
_OWNED = owned_on("s.day", "s.provider", "s.account")
_FORGET = text(
    "DELETE FROM session_counts WHERE workspace_id = 1 AND provider = :provider AND day = :day"
)
_KEEP = text(
    f"{_INTO} SELECT {_STAGED}, l.person_id, {', '.join(f's.{name}' for name in _COUNTS)}"
    f" FROM pg_temp.staging_sessions s {_OWNED}"
)
_ADD = text(
    "WITH fresh AS (INSERT INTO seen_events (provider, event, seen_at)"
    "  SELECT provider, event, :now FROM pg_temp.staging_sessions"
    "  ON CONFLICT DO NOTHING RETURNING provider, event),"
    f" added AS ({_INTO} SELECT {_STAGED}, min(l.person_id),"
    f"  {', '.join(f'sum(s.{name})' for name in _COUNTS)}"
    f"  FROM pg_temp.staging_sessions s JOIN fresh USING (provider, event) {_OWNED}"
    f"  GROUP BY {_STAGED}"
    f"  ON CONFLICT (workspace_id, {', '.join(_KEY)}) DO UPDATE SET"
    f"  {', '.join(f'{n} = coalesce(c.{n} + excluded.{n}, c.{n}, excluded.{n})' for n in _COUNTS)},"
    "  person_id = excluded.person_id)"
    " SELECT count(*) FROM fresh"
)


async def replace_counts(connection: AsyncConnection, answer: ProviderDay) -> None:
    """Keep what *answer* tells of its day, in place of all that was told of it before."""
    await connection.execute(_FORGET, {"provider": answer.provider, "day": answer.day})
    if answer.sessions:
        rows = (_row(None, answer.provider, answer.day, count) for count in answer.sessions)
        await _STAGING.fill(connection, rows)
        await connection.execute(_KEEP)


async def add_counts(
    connection: AsyncConnection, events: Iterable[CountedEvent], now: datetime
) -> int:
    """Add what *events* tell of sessions, each once; how many were not known yet."""
    await _STAGING.fill(connection, _rows(events))
    return await connection.scalar(_ADD, {"now": now}) or 0


def _rows(events: Iterable[CountedEvent]) -> Iterator[tuple[Any, ...]]:
    for event in events:
        if event.sessions is not None:
            digest = sha256(event.event_id.encode()).digest()
            yield _row(digest, event.usage.provider, event.usage.day, event.sessions)


def _row(event: bytes | None, provider: str, day: date, count: SessionCount) -> tuple[Any, ...]:
    counts = (getattr(count, name) for name in _COUNTS)
    return (event, provider, day, count.account, count.tool, *counts)
