"""Keeping finished work, and how it stands as time goes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outcomes import Outcome, OutcomeState, link_of, title_of
from bot.domain.people import Proof
from bot.ports import OutcomeBatch
from db.account_links import COMPLETED_ON, owned_on
from db.accounts import Told, keep_accounts
from db.bulk import Staging
from db.database import Database
from db.refusals import refused_accounts

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
        ("restored_at", "timestamptz"),
        ("reopened_at", "timestamptz"),
        ("project", "text"),
        ("names", "text[]"),
        ("closes", "text[]"),
        ("closed_by", "text[]"),
    ),
)
_CREDITS = Staging(
    "staging_credits",
    (
        ("source_id", "text"),
        ("account", "text"),
        ("role", "text"),
        ("title", "text"),
        ("url", "text"),
    ),
)
_FACTS = [name for name, _ in _STAGING.columns if name not in ("source_id", "state")]

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
    "INSERT INTO outcome_credits (source, source_id, account, role, person_id, title, url)"
    " SELECT :source, s.source_id, s.account, s.role, l.person_id, s.title, s.url"
    " FROM pg_temp.staging_credits s JOIN pg_temp.staging_outcomes o USING (source_id)"
    f" {owned_on(COMPLETED_ON, ':source', 's.account')}"
    " ON CONFLICT (workspace_id, source, source_id, account, role) DO UPDATE"
    " SET person_id = excluded.person_id, title = excluded.title, url = excluded.url,"
    # What the one said it was for is not the other's to read.
    " tier = CASE WHEN outcome_credits.person_id IS NOT DISTINCT FROM excluded.person_id"
    "  THEN outcome_credits.tier END"
    " WHERE (outcome_credits.person_id, outcome_credits.title, outcome_credits.url)"
    " IS DISTINCT FROM (excluded.person_id, excluded.title, excluded.url)"
)
_REOPEN = text(
    "UPDATE outcomes SET reopened_at = :at WHERE source = :source AND reopened_at IS NULL"
    " AND source_id = ANY(CAST(:unfinished AS text[]))"
)
_WITHDRAW = text(
    "DELETE FROM outcomes WHERE source = :source AND source_id = ANY(CAST(:withdrawn AS text[]))"
)
_PROJECTS = text(
    "INSERT INTO source_projects (source, project)"
    " SELECT :source, project FROM (SELECT project FROM outcomes"
    "  WHERE source = :source AND project IS NOT NULL"
    "  UNION SELECT unnest(CAST(:readable AS text[]))) known(project)"
    " ON CONFLICT DO NOTHING"
)
_FORBIDDEN = text(
    "UPDATE source_projects SET forbidden_since = CASE WHEN project = ANY(CAST(:readable"
    " AS text[])) THEN NULL ELSE coalesce(forbidden_since, :at) END WHERE source = :source"
    " AND (forbidden_since IS NULL) <> (project = ANY(CAST(:readable AS text[])))"
)
_KNOWN = text("SELECT project, forbidden_since FROM source_projects WHERE source = :source")


class OutcomeStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, source: str, batch: OutcomeBatch) -> None:
        """Keep *batch* in place of what *source* said before of the same work."""
        database = self._database
        async with database.for_jobs() as connection:
            refused = await refused_accounts(
                connection,
                database.key,
                source,
                _accounts_in(batch),
                writing=f"outcomes {source}",
            )
            batch = _without(batch, refused)
            today = batch.data_through.astimezone(UTC).date()
            told = list(_told_of(source, batch))
            await keep_accounts(connection, told, database.claimed_domains, today)
            for step in (_keep_work, _keep_credits, _keep_projects):
                await step(connection, source, batch)

    async def known_projects(self, source: str) -> dict[str, datetime | None]:
        """Where *source* found work; since when it may not read there any more, if it may not."""
        async with self._database.for_one_statement() as connection:
            rows = await connection.execute(_KNOWN, {"source": source})
            return {row.project: row.forbidden_since for row in rows}


async def _keep_work(connection: AsyncConnection, source: str, batch: OutcomeBatch) -> None:
    key = {"source": source}
    await _STAGING.fill(connection, _rows_of(batch))
    await connection.execute(_MERGE, key)
    if batch.complete:
        await connection.execute(_DELETE_VANISHED, key)
    if batch.withdrawn:
        await connection.execute(_WITHDRAW, {**key, "withdrawn": sorted(batch.withdrawn)})
    if batch.unfinished:
        unfinished = {"unfinished": sorted(batch.unfinished), "at": batch.data_through}
        await connection.execute(_REOPEN, {**key, **unfinished})


async def _keep_credits(connection: AsyncConnection, source: str, batch: OutcomeBatch) -> None:
    key = {"source": source}
    await connection.execute(_DELETE_ORPHANED_CREDITS, key)
    await _CREDITS.fill(connection, _credits_of(batch))
    source_ids = [outcome.source_id for outcome in batch.outcomes]
    await connection.execute(_DELETE_OLD_CREDITS, {**key, "source_ids": source_ids})
    await connection.execute(_MERGE_CREDITS, key)


async def _keep_projects(connection: AsyncConnection, source: str, batch: OutcomeBatch) -> None:
    if batch.readable is None:
        return
    readable = {"source": source, "readable": sorted(batch.readable)}
    await connection.execute(_PROJECTS, readable)
    await connection.execute(_FORBIDDEN, {**readable, "at": batch.data_through})


def _accounts_in(batch: OutcomeBatch) -> dict[str, str | None]:
    credited = {credit.account for outcome in batch.outcomes for credit in outcome.credits}
    unnamed: dict[str, str | None] = dict.fromkeys(sorted(credited - batch.identities.keys()))
    return {**unnamed, **{who: known.email for who, known in batch.identities.items()}}


def _without(batch: OutcomeBatch, refused: frozenset[str]) -> OutcomeBatch:
    """*batch* without the work of *refused*, and without their part in others'."""
    if not refused:
        return batch
    outcomes = tuple(
        replace(outcome, credits=tuple(c for c in outcome.credits if c.account not in refused))
        for outcome in batch.outcomes
        # Work of theirs alone would be known by their names: where it lies, what it is called by.
        if not outcome.credits or any(c.account not in refused for c in outcome.credits)
    )
    known = {who: known for who, known in batch.identities.items() if who not in refused}
    return replace(batch, outcomes=outcomes, identities=known)


def _told_of(source: str, batch: OutcomeBatch) -> Iterator[Told]:
    """Accounts with the addresses that were named for them, by what makes an address theirs."""
    named: dict[Proof, dict[str, str | None]] = {proof: {} for proof in Proof}
    for account, email in _accounts_in(batch).items():
        known = batch.identities.get(account)
        named[Proof.ADMIN_EMAIL if known is None else known.proof][account] = email
    for proof, emails in named.items():
        yield Told(source=source, emails=emails, proof=proof)


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
            outcome.restored_at,
            outcome.reopened_at,
            outcome.project,
            sorted(outcome.names),
            sorted(outcome.closes),
            sorted(outcome.closed_by),
        )


def _first_state(outcome: Outcome, batch: OutcomeBatch) -> OutcomeState:
    """Until the night settles it with the threshold in force, finished work is just done."""
    return outcome.state_at(batch.data_through, timedelta.max)


def _credits_of(batch: OutcomeBatch) -> Iterator[tuple[str | None, ...]]:
    for outcome in batch.outcomes:
        title, url = title_of(outcome.title), link_of(outcome.url)
        for credit in outcome.credits:
            yield (outcome.source_id, credit.account, credit.role.value, title, url)
