"""Keeping usage. A provider's day is replaced whole, so half a day never shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import text

from bot.domain.night import KnownDay
from bot.domain.usage import ProviderDay
from db.accounts import link_new_accounts, remember_accounts
from db.bulk import Staging
from db.database import Database

_STAGING = Staging(
    "staging_usage",
    (
        ("account", "text"),
        ("product", "text"),
        ("model", "text"),
        ("cost_type", "text"),
        ("input_uncached", "bigint"),
        ("cache_read", "bigint"),
        ("cache_write", "bigint"),
        ("output", "bigint"),
        ("reasoning", "bigint"),
        ("requests", "bigint"),
        ("cost", "numeric"),
        ("cost_basis", "text"),
    ),
)
_KEY = ("account", "product", "model", "cost_type")
_KEY_OF_ROW = itemgetter(*range(len(_KEY)))
_STAGED = ", ".join(f"s.{name}" for name, _ in _STAGING.columns)
_FIGURES = [name for name, _ in _STAGING.columns if name not in _KEY]

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('usage ' || :provider || :day, 0))")
_LATEST = text(
    "SELECT fetched_at, content FROM provider_days WHERE provider = :provider AND day = :day"
)
_MERGE = text(
    f"INSERT INTO usage_records (provider, day, person_id, {_STAGING.names})"
    f" SELECT :provider, :day, a.person_id, {_STAGED}"
    " FROM pg_temp.staging_usage s"
    " LEFT JOIN accounts a ON a.workspace_id = 1 AND a.source = :provider"
    " AND a.account = s.account"
    " ON CONFLICT (workspace_id, provider, day, account, product, model, cost_type) DO UPDATE"
    f" SET {', '.join(f'{name} = excluded.{name}' for name in _FIGURES)},"
    " person_id = excluded.person_id"
    f" WHERE ({', '.join('usage_records.' + name for name in [*_FIGURES, 'person_id'])})"
    " IS DISTINCT FROM"
    f" ({', '.join('excluded.' + name for name in [*_FIGURES, 'person_id'])})"
)
_DELETE_VANISHED = text(
    "DELETE FROM usage_records u WHERE u.workspace_id = 1 AND u.provider = :provider"
    " AND u.day = :day AND NOT EXISTS (SELECT FROM pg_temp.staging_usage s"
    " WHERE s.account = u.account AND s.product = u.product AND s.model = u.model"
    " AND s.cost_type = u.cost_type)"
)
_REMEMBER_DAY = text(
    "INSERT INTO provider_days"
    " (provider, day, billed, unattributed, data_through, fetched_at, content)"
    " VALUES (:provider, :day, :billed, :unattributed, :data_through, :fetched_at, :content)"
    " ON CONFLICT (workspace_id, provider, day) DO UPDATE SET billed = excluded.billed,"
    " unattributed = excluded.unattributed, data_through = excluded.data_through,"
    " fetched_at = excluded.fetched_at, content = excluded.content"
)


class UsageStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace_day(self, answer: ProviderDay, fetched_at: datetime) -> bool:
        """Keep *answer* in place of what was known; ``False`` where a newer one is there."""
        key = {"provider": answer.provider, "day": answer.day}
        rows = sorted(_rows_of(answer), key=_KEY_OF_ROW)
        content = _fingerprint(answer, rows)
        async with self._database.for_jobs() as connection:
            await connection.execute(_LOCK, {**key, "day": str(answer.day)})
            latest = (await connection.execute(_LATEST, key)).first()
            if latest is not None and latest.fetched_at > fetched_at:
                return False
            if latest is None or latest.content != content:
                await remember_accounts(connection, answer.provider, _accounts_of(answer))
                await link_new_accounts(connection, answer.provider)
                await _STAGING.fill(connection, rows)
                await connection.execute(_DELETE_VANISHED, key)
                await connection.execute(_MERGE, key)
            figures = {
                "billed": answer.billed,
                "unattributed": answer.unattributed,
                "data_through": answer.data_through,
                "fetched_at": fetched_at,
                "content": content,
            }
            await connection.execute(_REMEMBER_DAY, {**key, **figures})
        return True

    async def known_days(self, provider: str) -> dict[date, KnownDay]:
        async with self._database.unscoped() as connection:
            rows = await connection.execute(
                text(
                    "SELECT day, fetched_at, data_through >= (day + 1)::timestamp AT TIME ZONE"
                    " 'UTC' FROM provider_days WHERE provider = :provider"
                ),
                {"provider": provider},
            )
            return {day: KnownDay(fetched_at, complete) for day, fetched_at, complete in rows}


def _fingerprint(answer: ProviderDay, rows: list[tuple[Any, ...]]) -> str:
    """Tells whether an answer says the same as the one before, as most of the asked-again do."""
    said = (rows, sorted(answer.emails.items()), answer.billed)
    return sha256(msgspec.json.encode(said)).hexdigest()


def _accounts_of(answer: ProviderDay) -> dict[str, str | None]:
    seen = {record.account: None for record in answer.records if record.account is not None}
    return {**seen, **answer.emails}


def _rows_of(answer: ProviderDay) -> Iterator[tuple[Any, ...]]:
    for record in answer.records:
        tokens = record.tokens
        yield (
            record.account or "",
            record.product or "",
            record.model or "",
            record.cost_type or "",
            tokens and tokens.input_uncached,
            tokens and tokens.cache_read,
            tokens and tokens.cache_write,
            tokens and tokens.output,
            tokens and tokens.reasoning,
            record.requests,
            record.cost,
            record.cost_basis and record.cost_basis.value,
        )
