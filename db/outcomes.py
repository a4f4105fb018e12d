"""Keeping finished work, and how it stands as time goes by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.outcomes import Outcome, OutcomeState
from bot.ports import OutcomeBatch
from db.accounts import link_new_accounts, remember_accounts
from db.bulk import Staging
from db.database import Database

_STAGING = Staging(
    "staging_outcomes",
    (
        ("source_id", "text"),
        ("kind", "text"),
        ("opened_at", "timestamptz"),
        ("completed_at", "timestamptz"),
        ("reverted_at", "timestamptz"),
        ("state", "text"),
        ("size", "bigint"),
        ("evidence", "text[]"),
    ),
)
_CREDITS = Staging(
    "staging_credits", (("source_id", "text"), ("account", "text"), ("role", "text"))
)
_FACTS = [name for name, _ in _STAGING.columns if name not in ("source_id", "state")]

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('outcomes ' || :source, 0))")
_MERGE = text(
    f"INSERT INTO outcomes (source, {_STAGING.names})"
    f" SELECT :source, {_STAGING.names} FROM pg_temp.staging_outcomes"
    " ON CONFLICT (workspace_id, source, source_id) DO UPDATE"
    f" SET {', '.join(f'{name} = excluded.{name}' for name in _FACTS)}"
    f" WHERE ({', '.join('outcomes.' + name for name in _FACTS)})"
    f" IS DISTINCT FROM ({', '.join('excluded.' + name for name in _FACTS)})"
)
_DELETE_VANISHED = text(
    "DELETE FROM outcomes o WHERE o.source = :source AND NOT EXISTS"
    " (SELECT FROM pg_temp.staging_outcomes s WHERE s.source_id = o.source_id)"
)
_DELETE_ORPHANED_CREDITS = text(
    "DELETE FROM outcome_credits c WHERE c.source = :source AND NOT EXISTS (SELECT FROM outcomes o"
    " WHERE o.source = c.source AND o.source_id = c.source_id)"
)
_DELETE_OLD_CREDITS = text(
    "DELETE FROM outcome_credits c WHERE c.source = :source"
    " AND c.source_id = ANY(CAST(:source_ids AS text[])) AND NOT EXISTS"
    " (SELECT FROM pg_temp.staging_credits s WHERE s.source_id = c.source_id"
    " AND s.account = c.account AND s.role = c.role)"
)
_MERGE_CREDITS = text(
    "INSERT INTO outcome_credits (source, source_id, account, role, person_id)"
    " SELECT :source, s.source_id, s.account, s.role, a.person_id FROM pg_temp.staging_credits s"
    " LEFT JOIN accounts a ON a.source = :source AND a.account = s.account"
    " ON CONFLICT (workspace_id, source, source_id, account, role) DO UPDATE"
    " SET person_id = excluded.person_id"
    " WHERE outcome_credits.person_id IS DISTINCT FROM excluded.person_id"
)
_SETTLE = text(
    "UPDATE outcomes SET state = next.state FROM ("
    " SELECT source, source_id, CASE"
    "  WHEN reverted_at <= :now THEN 'reverted'"
    "  WHEN completed_at IS NULL OR completed_at > :now THEN 'open'"
    "  WHEN completed_at <= :settled_before THEN 'settled' ELSE 'done' END AS state"
    " FROM outcomes) next"
    " WHERE next.source = outcomes.source AND next.source_id = outcomes.source_id"
    " AND next.state <> outcomes.state"
)


class OutcomeStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, source: str, batch: OutcomeBatch) -> None:
        """Keep *batch* in place of what *source* said before of the same work."""
        key = {"source": source}
        async with self._database.for_jobs() as connection:
            await connection.execute(_LOCK, key)
            await remember_accounts(connection, source, _accounts_of(batch))
            await link_new_accounts(connection, source)
            await _STAGING.fill(connection, _rows_of(batch))
            await connection.execute(_MERGE, key)
            if batch.complete:
                await connection.execute(_DELETE_VANISHED, key)
                await connection.execute(_DELETE_ORPHANED_CREDITS, key)
            await _CREDITS.fill(connection, _credits_of(batch))
            source_ids = [outcome.source_id for outcome in batch.outcomes]
            await connection.execute(_DELETE_OLD_CREDITS, {**key, "source_ids": source_ids})
            await connection.execute(_MERGE_CREDITS, key)

    async def settle(self, now: datetime, settle: timedelta) -> int:
        """Bring every outcome's state up to *now*; how many changed."""
        async with self._database.for_jobs() as connection:
            result = await connection.execute(_SETTLE, {"now": now, "settled_before": now - settle})
            return result.rowcount


def _accounts_of(batch: OutcomeBatch) -> Mapping[str, str | None]:
    seen: dict[str, str | None] = {
        credit.account: None for outcome in batch.outcomes for credit in outcome.credits
    }
    return {**seen, **batch.emails}


def _rows_of(batch: OutcomeBatch) -> Iterator[tuple[Any, ...]]:
    for outcome in batch.outcomes:
        yield (
            outcome.source_id,
            outcome.kind.value,
            outcome.opened_at,
            outcome.completed_at,
            outcome.reverted_at,
            _first_state(outcome, batch).value,
            outcome.size,
            sorted(f"{found.tool}:{found.mark}" for found in outcome.evidence),
        )


def _first_state(outcome: Outcome, batch: OutcomeBatch) -> OutcomeState:
    """Until the night settles it with the threshold in force, finished work is just done."""
    return outcome.state_at(batch.data_through, timedelta.max)


def _credits_of(batch: OutcomeBatch) -> Iterator[tuple[str, str, str]]:
    for outcome in batch.outcomes:
        for credit in outcome.credits:
            yield (outcome.source_id, credit.account, credit.role.value)
