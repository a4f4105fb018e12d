"""Taking everything of some people out of every table, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

import db.coaching_models
import db.models
import db.team_models
import db.work_models  # noqa: F401 - each makes its tables known
from db.bulk import Staging

NOBODY = "—"
"""What stands where a name was, in what is not theirs alone."""

_ACCOUNTS = Staging("staging_own_accounts", (("source", "text"), ("account", "text")))
OWN_ACCOUNTS = f"(SELECT source, account FROM pg_temp.{_ACCOUNTS.name})"
_ADDRESSES = (
    "SELECT p.email FROM people p WHERE p.id = ANY(CAST(:people AS bigint[])) AND NOT EXISTS"
    " (SELECT FROM people o WHERE o.email = p.email AND NOT o.id = ANY(CAST(:people AS bigint[])))"
)
# An account that left its owner for nobody is its last owner's; one with a new owner is not.
_NOTE_ACCOUNTS = text(
    f"INSERT INTO pg_temp.{_ACCOUNTS.name} (source, account)"
    " SELECT source, account FROM accounts WHERE person_id = ANY(CAST(:people AS bigint[]))"
    " UNION SELECT source, account FROM accounts WHERE person_id IS NULL"
    f"  AND (email IN ({_ADDRESSES}) OR lower(account) IN ({_ADDRESSES}))"
    " UNION SELECT l.source, l.account FROM account_links l"
    "  JOIN accounts a USING (workspace_id, source, account)"
    "  WHERE l.person_id = ANY(CAST(:people AS bigint[])) AND a.person_id IS NULL"
)
_GONE = (
    "SELECT provider, day, currency, cost, foreign_cost FROM usage_records"
    " WHERE cost_basis IS DISTINCT FROM 'provider_estimate'"
)
_GONE = (
    f"({_GONE} AND person_id = ANY(CAST(:people AS bigint[])) UNION ALL"
    f" {_GONE} AND person_id IS NULL AND (provider, account) IN {OWN_ACCOUNTS})"
)
_KEEP_BILLS_WHOLE = text(
    "UPDATE provider_days d SET unattributed = d.unattributed + g.cost"
    f" FROM (SELECT provider, day, sum(cost) AS cost FROM {_GONE} GROUP BY provider, day) g"
    " WHERE d.workspace_id = 1 AND d.provider = g.provider AND d.day = g.day"
    " AND d.unattributed IS NOT NULL AND g.cost IS NOT NULL"
)
_KEEP_FOREIGN_BILLS_WHOLE = text(
    "UPDATE provider_days d SET foreign_bills = d.foreign_bills || g.bills FROM"
    " (SELECT provider, day, jsonb_object_agg(currency, bill || jsonb_build_object('unattributed',"
    "  ((bill ->> 'unattributed')::numeric + amount)::text)) AS bills FROM"
    "  (SELECT g.provider, g.day, g.currency, k.foreign_bills -> g.currency AS bill,"
    f"   sum(g.foreign_cost) AS amount FROM {_GONE} g JOIN provider_days k"
    "   ON k.workspace_id = 1 AND k.provider = g.provider AND k.day = g.day"
    "   WHERE g.foreign_cost IS NOT NULL AND k.foreign_bills ? g.currency"
    "   GROUP BY g.provider, g.day, g.currency, k.foreign_bills) changed"
    "  GROUP BY provider, day) g"
    " WHERE d.workspace_id = 1 AND d.provider = g.provider AND d.day = g.day"
)
_IS_OWN = (
    "(c.person_id = ANY(CAST(:people AS bigint[]))"
    f" OR (c.person_id IS NULL AND (c.source, c.account) IN {OWN_ACCOUNTS}))"
)
_OF_OUTCOME = (
    "FROM outcome_credits c WHERE (c.workspace_id, c.source, c.source_id)"
    " = (o.workspace_id, o.source, o.source_id)"
)
_WORK_OF_THEIRS_ALONE = text(
    "DELETE FROM outcomes o USING (SELECT DISTINCT c.source, c.source_id FROM outcome_credits c"
    f"  WHERE {_IS_OWN}) own"
    " WHERE o.workspace_id = 1 AND (o.source, o.source_id) = (own.source, own.source_id)"
    f" AND NOT EXISTS (SELECT {_OF_OUTCOME} AND {_IS_OWN} IS NOT TRUE)"
    " RETURNING o.source, o.project"
)
_PLACES = text(
    "DELETE FROM source_projects p USING"
    " unnest(CAST(:sources AS text[]), CAST(:projects AS text[])) AS left_alone(source, project)"
    " WHERE p.source = left_alone.source AND p.project = left_alone.project"
    " AND NOT EXISTS (SELECT FROM outcomes o WHERE o.source = p.source AND o.project = p.project)"
)
_SLACK_USERS = text("SELECT slack_user_id FROM people WHERE id = ANY(CAST(:people AS bigint[]))")
_BY_SLACK_USER = (
    text("DELETE FROM admins WHERE slack_user_id = ANY(CAST(:users AS text[]))"),
    text("DELETE FROM audit_names WHERE slack_user_id = ANY(CAST(:users AS text[]))"),
    text("DELETE FROM deliveries WHERE channel = ANY(CAST(:users AS text[]))"),
    text(
        f"UPDATE assertions SET asserted_by = '{NOBODY}'"
        " WHERE asserted_by = ANY(CAST(:users AS text[]))"
    ),
)
_UNSAY = text(
    "UPDATE deliveries SET text = replace(text, :mention, :nobody),"
    " blocks = replace(blocks::text, :mention, :nobody)::jsonb"
    " WHERE strpos(text, :mention) > 0 OR strpos(blocks::text, :mention) > 0"
)
# Rows from before there were seals hold the names themselves, and no seal is lost with them.
_SCOPE = text("SELECT set_config('upshot.scope', :scope, true)")
_UNSEALED = text(
    "DELETE FROM audit_log WHERE seal IS NULL AND (actor = ANY(CAST(:users AS text[]))"
    " OR detail ->> 'admin' = ANY(CAST(:users AS text[])))"
)


def tables_with(column: str) -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if column in table.columns]


async def note_accounts(connection: AsyncConnection, people: Sequence[int]) -> None:
    """Remember which accounts are *people*'s, for ``OWN_ACCOUNTS`` of this transaction."""
    await _ACCOUNTS.fill(connection, ())
    await connection.execute(_NOTE_ACCOUNTS, {"people": list(people)})


async def erase(connection: AsyncConnection, people: Sequence[int]) -> None:
    """Delete all rows of *people*, whose accounts were noted; the bills keep adding up.

    Work that others are credited for as well stays theirs; nothing else of it does.
    """
    of = {"people": list(people)}
    users = list(await connection.scalars(_SLACK_USERS, of))
    await connection.execute(_KEEP_BILLS_WHOLE, of)
    await connection.execute(_KEEP_FOREIGN_BILLS_WHOLE, of)
    await _erase_work(connection, of)
    for statement in _DELETES:
        await connection.execute(statement, of)
    await _erase_names(connection, users)
    await connection.execute(
        text("DELETE FROM people WHERE id = ANY(CAST(:people AS bigint[]))"), of
    )


async def _erase_work(connection: AsyncConnection, of: dict[str, Any]) -> None:
    gone = (await connection.execute(_WORK_OF_THEIRS_ALONE, of)).all()
    places = sorted({(source, project) for source, project in gone if project is not None})
    if places:
        sources, projects = zip(*places, strict=True)
        await connection.execute(_PLACES, {"sources": list(sources), "projects": list(projects)})


async def _erase_names(connection: AsyncConnection, users: list[str]) -> None:
    for statement in _BY_SLACK_USER:
        await connection.execute(statement, {"users": users})
    for user in users:
        await connection.execute(_UNSAY, {"mention": f"<@{user}>", "nobody": NOBODY})
    await connection.execute(_SCOPE, {"scope": "retention"})
    await connection.execute(_UNSEALED, {"users": users})
    await connection.execute(_SCOPE, {"scope": "jobs"})


def _deletes_of(table: Table) -> list[str]:
    """By whose a row is, and where that is open, by the account that it is of."""
    deletes = [f"DELETE FROM {table.name} WHERE person_id = ANY(CAST(:people AS bigint[]))"]
    if table.columns["person_id"].nullable and "account" in table.columns:
        source = "provider" if "provider" in table.columns else "source"
        deletes.append(
            f"DELETE FROM {table.name} WHERE person_id IS NULL"
            f" AND ({source}, account) IN {OWN_ACCOUNTS}"
        )
    return deletes


_DELETES = [
    text(statement) for table in tables_with("person_id") for statement in _deletes_of(table)
]
