"""Whose each account was on which days: links begin, end and go on, and the rows follow them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Proof
from bot.domain.senders import INGEST, OTLP
from db.bulk import JOIN_WHOLE_SETS, Staging
from db.team_models import EVER, STILL

IS_OPEN = f"l.workspace_id = 1 AND l.valid_to = '{STILL}'"
_STILL_OPEN = "9999-12-30"
"""A day that only a link without an end has: what is not finished goes with the owner of now."""
COMPLETED_ON = f"coalesce((o.completed_at AT TIME ZONE 'UTC')::date, '{_STILL_OPEN}')"
"""The day whose owner is credited with an outcome."""

_NAMED = Staging(
    "staging_named",
    (
        ("source", "text"),
        ("account", "text"),
        ("is_renamed", "boolean"),
        ("proof", "text"),
        ("person_id", "bigint"),
    ),
)
_RELINKED = Staging("staging_relinked", (("source", "text"), ("account", "text")))

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('account links', 0))")
_WAIT = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('account links', 0))")


def owned_on(day: str, source: str, account: str) -> str:
    """Joins ``l``: the link that *account* of *source* had on *day*, if it was anybody's."""
    return (
        f"LEFT JOIN account_links l ON l.workspace_id = 1 AND l.source = {source}"
        f" AND l.account = {account} AND l.valid_from <= {day} AND {day} < l.valid_to"
    )


def owner_on(day: str, source: str, account: str) -> str:
    """The same person's id looked up by itself, for where few are asked for."""
    return (
        "(SELECT l.person_id FROM account_links l WHERE l.workspace_id = 1"
        f" AND l.source = {source} AND l.account = {account}"
        f" AND l.valid_from <= {day} AND {day} < l.valid_to)"
    )


def trust(proof: str) -> str:
    """How much *proof*, a column, is trusted: the lower the more."""
    every = ", ".join(f"'{one}'" for one in Proof)
    return f"array_position(ARRAY[{every}], {proof})"


# What anybody may type who has a token proves nothing of an account, unless that is the address.
_MAY_NAME = (
    f"(a.proof <> '{Proof.ASSERTED}' OR a.account = a.email"
    f" OR NOT (starts_with(a.source, '{OTLP}') OR starts_with(a.source, '{INGEST}')))"
)
_OWNERS = (
    "SELECT email, min(id) AS id FROM people WHERE workspace_id = 1 AND email IS NOT NULL"
    " AND is_active AND (cardinality(CAST(:claimed AS text[])) = 0"
    "  OR split_part(email, '@', -1) = ANY(CAST(:claimed AS text[])))"
    " GROUP BY email HAVING count(*) = 1"
)
_NAME = (
    f"INSERT INTO pg_temp.staging_named ({_NAMED.names})"
    " SELECT a.source, a.account, {is_renamed}, a.proof, o.id FROM accounts a"
    f" LEFT JOIN ({_OWNERS}) o ON o.email = a.email AND {_MAY_NAME}"
    " WHERE a.workspace_id = 1 AND {those}"
)
_NAME_SOME = text(
    _NAME.format(
        is_renamed="a.account = ANY(CAST(:renamed AS text[]))",
        those="a.source = :source AND a.account = ANY(CAST(:accounts AS text[]))",
    )
)
_NAME_ALL = text(_NAME.format(is_renamed="false", those="true"))
# An address that an admin API names is looked at anew every time. Any other proof holds until it
# says something else itself, or a stronger one does.
_END = text(
    "WITH ending AS (SELECT l.* FROM account_links l"
    " JOIN pg_temp.staging_named n USING (source, account) JOIN people p ON p.id = l.person_id"
    f" WHERE {IS_OPEN} AND (NOT p.is_active OR (n.person_id IS DISTINCT FROM l.person_id"
    f"  AND (l.proof = '{Proof.ADMIN_EMAIL}' OR (n.is_renamed AND l.proof = '{Proof.IDP}')))"
    f"  OR (n.person_id <> l.person_id AND {trust('n.proof')} < {trust('l.proof')}))),"
    " undone AS (DELETE FROM account_links l USING ending e WHERE e.valid_from >= :today"
    "  AND (l.workspace_id, l.source, l.account, l.valid_from)"
    "  = (e.workspace_id, e.source, e.account, e.valid_from) RETURNING l.source, l.account),"
    " ended AS (UPDATE account_links l SET valid_to = :today FROM ending e"
    "  WHERE e.valid_from < :today AND (l.workspace_id, l.source, l.account, l.valid_from)"
    "  = (e.workspace_id, e.source, e.account, e.valid_from) RETURNING l.source, l.account)"
    f" INSERT INTO pg_temp.staging_relinked ({_RELINKED.names})"
    " SELECT * FROM undone UNION ALL SELECT * FROM ended"
)
_HAS_OPEN_LINK = (
    f"EXISTS (SELECT FROM account_links l WHERE {IS_OPEN}"
    " AND l.source = n.source AND l.account = n.account)"
)
_GO_ON = text(
    "WITH latest AS (SELECT DISTINCT ON (l.source, l.account) l.*, n.person_id AS named"
    " FROM account_links l JOIN pg_temp.staging_named n USING (source, account)"
    f" WHERE l.workspace_id = 1 AND NOT {_HAS_OPEN_LINK}"
    " ORDER BY l.source, l.account, l.valid_from DESC),"
    f" again AS (UPDATE account_links l SET valid_to = '{STILL}' FROM latest, people p"
    "  WHERE (l.workspace_id, l.source, l.account, l.valid_from)"
    "  = (latest.workspace_id, latest.source, latest.account, latest.valid_from)"
    "  AND p.id = latest.person_id AND p.is_active AND p.opted_out_on IS NULL"
    "  AND (latest.named = p.id OR (latest.named IS NULL"
    f"   AND latest.proof IN ('{Proof.OAUTH}', '{Proof.ASSERTED}')))"
    "  RETURNING l.source, l.account)"
    f" INSERT INTO pg_temp.staging_relinked ({_RELINKED.names}) SELECT * FROM again"
)
_FROM_EVER_OR_TODAY = (
    "CASE WHEN EXISTS (SELECT FROM account_links l WHERE l.workspace_id = 1"
    " AND l.source = n.source AND l.account = n.account)"
    f" THEN CAST(:today AS date) ELSE '{EVER}' END"
)
_BEGIN = text(
    "WITH begun AS (INSERT INTO account_links (source, account, person_id, proof, valid_from)"
    f" SELECT n.source, n.account, n.person_id, n.proof, {_FROM_EVER_OR_TODAY}"
    " FROM pg_temp.staging_named n JOIN people p ON p.id = n.person_id"
    f" WHERE p.opted_out_on IS NULL AND NOT {_HAS_OPEN_LINK} RETURNING source, account)"
    f" INSERT INTO pg_temp.staging_relinked ({_RELINKED.names}) SELECT * FROM begun"
)
_STRENGTHEN = text(
    "UPDATE account_links l SET proof = n.proof FROM pg_temp.staging_named n"
    f" WHERE {IS_OPEN} AND (l.source, l.account, l.person_id) = (n.source, n.account, n.person_id)"
    f" AND {trust('n.proof')} < {trust('l.proof')}"
)
_GIVE_TO = text(
    "WITH ended AS (UPDATE account_links l SET valid_to = :today"
    f" WHERE {IS_OPEN} AND l.source = :source AND l.account = :account AND l.valid_from < :today),"
    " undone AS (DELETE FROM account_links l"
    f" WHERE {IS_OPEN} AND l.source = :source AND l.account = :account AND l.valid_from >= :today)"
    f" INSERT INTO pg_temp.staging_relinked ({_RELINKED.names}) VALUES (:source, :account)"
)
_ADD = text(
    "INSERT INTO account_links (source, account, person_id, proof, valid_from)"
    " VALUES (:source, :account, :person, :proof, :today)"
)
# Accounts that are seen for the first time have no rows that could follow.
_LEAVE_OUT_NEW = text(
    "DELETE FROM pg_temp.staging_relinked WHERE source = :source"
    " AND account = ANY(CAST(:new AS text[]))"
)
_ARE_ANY = text("SELECT EXISTS (SELECT FROM pg_temp.staging_relinked)")
_OWNER_NOW = text(
    "UPDATE accounts a SET person_id = (SELECT l.person_id FROM account_links l"
    f" WHERE {IS_OPEN} AND l.source = a.source AND l.account = a.account)"
    " FROM (SELECT DISTINCT source, account FROM pg_temp.staging_relinked) r"
    " WHERE a.workspace_id = 1 AND a.source = r.source AND a.account = r.account"
)
_FOLLOW = (
    "UPDATE {table} t SET person_id = l.person_id{also}"
    " FROM (SELECT DISTINCT source, account FROM pg_temp.staging_relinked) r"
    " JOIN account_links l USING (source, account){of_outcome}"
    " WHERE l.workspace_id = 1 AND t.workspace_id = 1"
    " AND t.{source} = r.source AND t.account = r.account{is_of_outcome}"
    " AND l.valid_from <= {day} AND {day} < l.valid_to"
    " AND t.person_id IS DISTINCT FROM l.person_id"
)
_LET_GO = (
    "UPDATE {table} t SET person_id = NULL{also}"
    " FROM (SELECT DISTINCT source, account FROM pg_temp.staging_relinked) r{of_outcome}"
    " WHERE t.workspace_id = 1 AND t.{source} = r.source AND t.account = r.account{is_of_outcome}"
    " AND t.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM account_links l"
    "  WHERE l.workspace_id = 1 AND l.source = t.{source} AND l.account = t.account"
    "  AND l.valid_from <= {day} AND {day} < l.valid_to)"
)
_BY_DAY = {"source": "provider", "day": "t.day", "also": "", "of_outcome": "", "is_of_outcome": ""}
_BY_OUTCOME = {
    "source": "source",
    "day": COMPLETED_ON,
    # What the one said it was for is not the other's to read.
    "also": ", tier = NULL",
    "of_outcome": " CROSS JOIN outcomes o",
    "is_of_outcome": " AND (o.workspace_id, o.source, o.source_id)"
    " = (t.workspace_id, t.source, t.source_id)",
}
_ROWS = {
    "received_usage": _BY_DAY,
    "session_counts": _BY_DAY,
    "usage_records": _BY_DAY,
    "outcome_credits": _BY_OUTCOME,
}


async def hold_links(connection: AsyncConnection) -> None:
    """Nobody else changes a link or writes a row by one until this transaction ends."""
    await connection.execute(_LOCK)


async def wait_for_links(connection: AsyncConnection) -> None:
    """Links stay as they are until this transaction ends."""
    await connection.execute(_WAIT)


async def relink_all(connection: AsyncConnection, claimed: Collection[str], today: date) -> None:
    """Look at every account anew, after the directory changed; the links have to be held."""
    await _begin(connection)
    await connection.execute(_NAME_ALL, {"claimed": sorted(claimed)})
    await _settle(connection, today)
    await _finish(connection)


async def relink(
    connection: AsyncConnection,
    source: str,
    accounts: Sequence[str],
    *,
    renamed: Sequence[str],
    new: Sequence[str],
    claimed: Collection[str],
    today: date,
) -> None:
    """Look at *accounts* anew, of which *renamed* have another address; the links are held."""
    await _begin(connection)
    some = {"source": source, "accounts": list(accounts), "renamed": list(renamed)}
    await connection.execute(_NAME_SOME, {**some, "claimed": sorted(claimed)})
    await _settle(connection, today)
    await connection.execute(_OWNER_NOW)
    await connection.execute(_LEAVE_OUT_NEW, {"source": source, "new": list(new)})
    await _finish(connection)


async def give_to(
    connection: AsyncConnection, source: str, account: str, person: int, proof: Proof, today: date
) -> None:
    """Whoever has *account* had it up to *today*; from then on it is *person*'s.

    Never what was before: nobody can be asked whose that was.
    """
    await _begin(connection)
    which = {"source": source, "account": account, "today": today}
    await connection.execute(_GIVE_TO, which)
    await connection.execute(_ADD, {**which, "person": person, "proof": proof})
    await _finish(connection)


async def _begin(connection: AsyncConnection) -> None:
    for staging in (_NAMED, _RELINKED):
        await staging.fill(connection, ())
        await connection.execute(text(f"DELETE FROM pg_temp.{staging.name}"))
    await connection.execute(text(JOIN_WHOLE_SETS))


async def _settle(connection: AsyncConnection, today: date) -> None:
    await connection.execute(_END, {"today": today})
    await connection.execute(_GO_ON)
    await connection.execute(_BEGIN, {"today": today})
    await connection.execute(_STRENGTHEN)


async def _finish(connection: AsyncConnection) -> None:
    """Let the accounts and the rows follow the links that changed."""
    if not await connection.scalar(_ARE_ANY):
        return
    await connection.execute(_OWNER_NOW)
    for table, how in _ROWS.items():
        for statement in (_LET_GO, _FOLLOW):
            await connection.execute(text(statement.format(table=table, **how)))
