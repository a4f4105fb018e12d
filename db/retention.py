"""Deleting what was kept long enough: range by range, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.periods import midnight
from bot.domain.retention import DEPARTED, Cutoffs
from db.account_links import hold_links
from db.database import Database
from db.erasure import erase, note_accounts
from db.refusals import hold_writers

BATCH = 50_000
PEOPLE_AT_ONCE = 100

# Of work that never was finished, what counts is when it was begun.
_DONE = "coalesce(o.completed_at, o.opened_at) < :moment"
_FACTS: Mapping[str, str] = {
    "usage_records": "day < :day",
    "received_usage": "day < :day",
    "session_counts": "day < :day",
    "provider_days": "day < :day",
    "logged_outcomes": "done_on < :day",
    "tags": "last_day < :day",
    "shown_tips": "week < :day",
    "nudges": "last_day < :day",
    "budget_steps": "month < :day",
    "outcome_credits": (
        "EXISTS (SELECT FROM outcomes o WHERE (o.workspace_id, o.source, o.source_id)"
        f" = (t.workspace_id, t.source, t.source_id) AND {_DONE})"
    ),
    "outcomes": _DONE.replace("o.", ""),
    "team_members": "valid_to < :day",
    "account_links": "valid_to < :day",
}
"""Credits go before their outcomes, which tell how old they are."""
_BY_PROVIDER = ("usage_records", "session_counts")
# The large ones have an index that begins with the provider: provider by provider it is no search.
_OF_EACH_PROVIDER = (
    "(SELECT DISTINCT provider FROM provider_days) p, LATERAL (SELECT u.ctid FROM {table} u"
    " WHERE u.workspace_id = 1 AND u.provider = p.provider AND {which} LIMIT :batch)"
)
_RECORDS: Mapping[str, str] = {
    "deliveries": "planned_at < :moment",
    "assertions": "asserted_at < :moment",
    "team_budget_steps": "month < :day",
}
_BODIES = (
    "UPDATE deliveries SET text = '', blocks = '[]' WHERE ctid = ANY(ARRAY("
    "SELECT ctid FROM deliveries WHERE planned_at < :moment AND text <> ''"
    " AND state NOT IN ('planned', 'posting', 'ambiguous') LIMIT :batch))"
)
# Only ever from the oldest on: what is left of a chain holds, whatever it began with.
_CHAINS: Mapping[str, str] = {
    name: (
        f"DELETE FROM {name} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {name} WHERE id <"
        f" coalesce((SELECT min(id) FROM {name} WHERE {when} >= :moment),"
        f" (SELECT max(id) + 1 FROM {name})) ORDER BY id LIMIT :batch))"
    )
    for name, when in (("ledger", "released_at"), ("audit_log", "at"))
}
_NAMES_OF_NO_ENTRY = (
    "DELETE FROM audit_names n WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.actor = n.token"
    " OR strpos(a.detail::text, n.token) > 0)"
)
_SINCE_WHEN = text(
    "UPDATE people SET deactivated_on = :today WHERE NOT is_active AND deactivated_on IS NULL"
)
_DEPARTED = text(
    "SELECT id FROM people WHERE NOT is_active AND deactivated_on < :departed"
    f" ORDER BY id LIMIT {PEOPLE_AT_ONCE}"
)
_LEFT_BEHIND = text(
    "DELETE FROM first_uses f WHERE NOT EXISTS (SELECT FROM people p WHERE p.id = f.person_id)"
)

Scope = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class RetentionStore:
    def __init__(self, database: Database, *, batch: int = BATCH) -> None:
        self._database = database
        self._batch = batch

    async def delete_before(self, cutoffs: Cutoffs) -> Mapping[str, int]:
        """How many rows of each table were deleted, or of ``deliveries.text`` emptied."""
        jobs = self._database.for_jobs
        deleted = await self._delete_old(_FACTS, cutoffs.facts)
        deleted["people"] = await self._delete_departed(cutoffs.departed)
        deleted["deliveries.text"] = await self._in_batches(jobs, _BODIES, cutoffs.bodies)
        deleted |= await self._delete_old(_RECORDS, cutoffs.records)
        for name, chain in _CHAINS.items():
            deleted[name] = await self._in_batches(
                self._database.for_retention, chain, cutoffs.records
            )
        async with self._database.for_one_statement() as connection:
            names = await connection.execute(text(_NAMES_OF_NO_ENTRY))
            deleted["audit_names"] = names.rowcount
        return deleted

    async def _delete_old(self, tables: Mapping[str, str], first_kept: date) -> dict[str, int]:
        """From each of *tables*, of which most have nothing that old on most nights."""
        deleted = dict.fromkeys(tables, 0)
        async with self._database.for_jobs() as connection:
            probe = _which_have_old(tables)
            old = set(await connection.scalars(text(probe), self._asked(probe, first_kept)))
        for name, which in tables.items():
            if name in old:
                statement = _delete(name, which)
                deleted[name] = await self._in_batches(
                    self._database.for_jobs, statement, first_kept
                )
        return deleted

    async def _delete_departed(self, departed: date) -> int:
        """People who left, with all that is kept of them; they are strangers, should they return.

        Of whoever left before that was written down, it is written down now.
        """
        count = 0
        async with self._database.for_jobs() as connection:
            await connection.execute(_SINCE_WHEN, {"today": departed + DEPARTED})
            await connection.execute(_LEFT_BEHIND)
        while True:
            async with self._database.for_jobs() as connection:
                await hold_writers(connection)
                await hold_links(connection)
                people = list(await connection.scalars(_DEPARTED, {"departed": departed}))
                if not people:
                    return count
                await note_accounts(connection, people)
                await erase(connection, people)
                count += len(people)

    async def _in_batches(self, scope: Scope, statement: str, first_kept: date) -> int:
        """Each batch is a transaction of its own, so that nobody waits long for any."""
        count = 0
        while True:
            async with scope() as connection:
                asked = self._asked(statement, first_kept)
                deleted = await connection.execute(text(statement), asked)
            count += deleted.rowcount
            if deleted.rowcount < self._batch:
                return count

    def _asked(self, statement: str, first_kept: date) -> dict[str, Any]:
        given = {"day": first_kept, "moment": midnight(first_kept), "batch": self._batch}
        return {name: value for name, value in given.items() if f":{name}" in statement}


def _delete(table: str, which: str) -> str:
    old = _old(table, which)
    return f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT t.ctid FROM {old} LIMIT :batch))"


def _which_have_old(tables: Mapping[str, str]) -> str:
    probes = (
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {_old(table, which)})"
        for table, which in tables.items()
    )
    return " UNION ALL ".join(probes)


def _old(table: str, which: str) -> str:
    if table in _BY_PROVIDER:
        return _OF_EACH_PROVIDER.format(table=table, which=which) + " t"
    return f"{table} t WHERE {which}"
