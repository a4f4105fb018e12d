"""Keeping usage. A provider's day is replaced whole, so half a day never shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import text

from bot.domain.night import KnownDay
from bot.domain.usage import ProviderDay
from db.account_links import owned_on
from db.accounts import Told, keep_accounts
from db.bulk import Staging
from db.database import Database
from db.refusals import refused_accounts
from db.session_counts import replace_counts

_STAGING = Staging(
    "staging_usage",
    (
        ("account", "text"),
        ("product", "text"),
        ("model", "text"),
        ("cost_type", "text"),
        ("charge_category", "text"),
        ("currency", "text"),
        ("input_uncached", "bigint"),
        ("cache_read", "bigint"),
        ("cache_write", "bigint"),
        ("output", "bigint"),
        ("reasoning", "bigint"),
        ("requests", "bigint"),
        ("cost", "numeric"),
        ("cost_basis", "text"),
        ("foreign_cost", "numeric"),
    ),
)
_KEY = ("account", "product", "model", "cost_type", "charge_category", "currency")
IS_USE = (
    "(charge_category = 'usage' AND (requests > 0 OR cost > 0 OR foreign_cost > 0"
    " OR input_uncached + cache_read + cache_write + output > 0)) IS TRUE"
)
"""Of a record: that something was used, rather than paid for or told to be nothing."""
_STAGED = ", ".join(f"s.{name}" for name, _ in _STAGING.columns)
_FIGURES = [name for name, _ in _STAGING.columns if name not in _KEY]

_LATEST = text(
    "SELECT fetched_at, content FROM provider_days WHERE provider = :provider AND day = :day"
)
_MERGE = text(
    f"INSERT INTO usage_records (provider, day, person_id, {_STAGING.names})"
    f" SELECT :provider, :day, l.person_id, {_STAGED}"
    f" FROM pg_temp.staging_usage s {owned_on(':day', ':provider', 's.account')}"
    f" ON CONFLICT (workspace_id, provider, day, {', '.join(_KEY)}) DO UPDATE"
    f" SET {', '.join(f'{name} = excluded.{name}' for name in _FIGURES)},"
    " person_id = excluded.person_id"
    f" WHERE ({', '.join('usage_records.' + name for name in [*_FIGURES, 'person_id'])})"
    " IS DISTINCT FROM"
    f" ({', '.join('excluded.' + name for name in [*_FIGURES, 'person_id'])})"
)
_DELETE_VANISHED = text(
    "DELETE FROM usage_records u WHERE u.workspace_id = 1 AND u.provider = :provider"
    " AND u.day = :day AND NOT EXISTS (SELECT FROM pg_temp.staging_usage s"
    f" WHERE {' AND '.join(f's.{name} = u.{name}' for name in _KEY)})"
)
_REMEMBER_DAY = text(
    "INSERT INTO provider_days"
    " (provider, day, billed, unattributed, foreign_bills, oddities, data_through, fetched_at,"
    " content, unchanged_since) VALUES (:provider, :day, :billed, :unattributed,"
    " CAST(:foreign_bills AS jsonb), :oddities, :data_through, :fetched_at, :content, :fetched_at)"
    " ON CONFLICT (workspace_id, provider, day) DO UPDATE SET billed = excluded.billed,"
    " unattributed = excluded.unattributed, foreign_bills = excluded.foreign_bills,"
    " oddities = excluded.oddities, data_through = excluded.data_through,"
    " fetched_at = excluded.fetched_at, content = excluded.content, unchanged_since = CASE"
    " WHEN provider_days.content = excluded.content THEN provider_days.unchanged_since"
    " ELSE excluded.unchanged_since END"
)
# Most days say the same when they are asked for again, and one statement tells. Where somebody else
# writes that day, or wants nothing kept, there is more to it. Amounts stay as an erasure left them.
_SAID_AGAIN = text(
    "UPDATE provider_days SET oddities = :oddities, data_through = :data_through,"
    " fetched_at = :fetched_at WHERE workspace_id = 1 AND provider = :provider AND day = :day"
    " AND content = :content AND fetched_at <= :fetched_at AND NOT EXISTS (SELECT FROM refusals)"
    " AND pg_try_advisory_xact_lock(hashtextextended(:writing, 0))"
)
_KNOWN_DAYS = text(
    "SELECT provider, day, fetched_at, data_through >= (day + 1)::timestamp AT TIME ZONE 'UTC',"
    " unchanged_since FROM provider_days WHERE provider = ANY(CAST(:providers AS text[]))"
)


class UsageStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace_day(self, answer: ProviderDay, fetched_at: datetime) -> bool:
        """Keep *answer* in place of what was known; ``False`` where a newer one is there."""
        if await self._was_said_before(answer, fetched_at):
            return True
        database, key = self._database, {"provider": answer.provider, "day": answer.day}
        async with database.for_jobs() as connection:
            refused = await refused_accounts(
                connection,
                database.key,
                answer.provider,
                _accounts_of(answer),
                writing=_writing(answer),
            )
            answer = _without(answer, refused)
            content = _fingerprint(answer)
            latest = (await connection.execute(_LATEST, key)).first()
            if latest is not None and latest.fetched_at > fetched_at:
                return False
            if latest is None or latest.content != content:
                told = Told(source=answer.provider, emails=_accounts_of(answer))
                today = fetched_at.astimezone(UTC).date()
                await keep_accounts(connection, [told], database.claimed_domains, today)
                await _STAGING.fill(connection, _rows_of(answer))
                await connection.execute(_DELETE_VANISHED, key)
                await connection.execute(_MERGE, key)
                await replace_counts(connection, answer)
            figures = {
                "billed": answer.billed,
                "unattributed": answer.unattributed,
                "foreign_bills": _foreign_bills(answer),
                "oddities": list(answer.oddities),
                "data_through": answer.data_through,
                "fetched_at": fetched_at,
                "content": content,
            }
            await connection.execute(_REMEMBER_DAY, {**key, **figures})
        return True

    async def _was_said_before(self, answer: ProviderDay, fetched_at: datetime) -> bool:
        """Whether *answer* is the one that is kept, and nothing else is in the way."""
        said = {
            "provider": answer.provider,
            "day": answer.day,
            "oddities": list(answer.oddities),
            "data_through": answer.data_through,
            "fetched_at": fetched_at,
            "content": _fingerprint(answer),
            "writing": _writing(answer),
        }
        async with self._database.for_one_statement() as connection:
            again = await connection.execute(_SAID_AGAIN, said)
            return again.rowcount == 1

    async def known_days(self, providers: Sequence[str]) -> dict[str, dict[date, KnownDay]]:
        """What is kept of each of *providers*, by day."""
        days: dict[str, dict[date, KnownDay]] = {provider: {} for provider in providers}
        async with self._database.for_one_statement() as connection:
            for provider, day, *known in await connection.execute(
                _KNOWN_DAYS, {"providers": list(providers)}
            ):
                days[provider][day] = KnownDay(*known)
        return days


def _writing(answer: ProviderDay) -> str:
    """What only one may write at a time."""
    return f"usage {answer.provider}{answer.day}"


def _without(answer: ProviderDay, refused: frozenset[str]) -> ProviderDay:
    """*answer* as if it said nothing of *refused*; what they cost is the bill's, and nobody's."""
    if not refused:
        return answer
    return replace(
        answer,
        records=tuple(record for record in answer.records if record.account not in refused),
        sessions=tuple(count for count in answer.sessions if count.account not in refused),
        emails={who: email for who, email in answer.emails.items() if who not in refused},
    )


def _foreign_bills(answer: ProviderDay) -> str:
    """What is billed in other currencies, and what of it nobody is known for."""
    unattributed = answer.foreign_unattributed
    return json.dumps(
        {
            currency: {"billed": str(billed), "unattributed": str(unattributed[currency])}
            for currency, billed in answer.foreign_billed.items()
        }
    )


def _fingerprint(answer: ProviderDay) -> str:
    """Tells whether an answer says the same as the one before, as most of the asked-again do."""
    bills = (answer.billed, sorted(answer.foreign_billed.items()), sorted(answer.emails.items()))
    encode = msgspec.json.Encoder().encode
    digest = sha256(encode(bills))
    for row in _rows_of(answer):
        digest.update(encode(row))
    if answer.sessions:
        digest.update(encode(answer.sessions))
    return digest.hexdigest()


def _accounts_of(answer: ProviderDay) -> dict[str, str | None]:
    seen = {record.account: None for record in answer.records if record.account is not None}
    seen |= {count.account: None for count in answer.sessions}
    return {**seen, **answer.emails}


def _rows_of(answer: ProviderDay) -> Iterator[tuple[Any, ...]]:
    for record in answer.records:
        tokens = record.tokens
        yield (
            record.account or "",
            record.product or "",
            record.model or "",
            record.cost_type or "",
            record.charge_category.value,
            record.currency,
            tokens and tokens.input_uncached,
            tokens and tokens.cache_read,
            tokens and tokens.cache_write,
            tokens and tokens.output,
            tokens and tokens.reasoning,
            record.requests,
            record.cost,
            record.cost_basis and record.cost_basis.value,
            record.foreign_cost,
        )
