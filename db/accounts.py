"""Accounts at the sources, and whose they are: by the address that the source's admin API names."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Proof, normalized_email
from db.bulk import JOIN_WHOLE_SETS

_TRUST = "coalesce(-array_position(ARRAY['" + "', '".join(Proof) + "'], {}.proof), -9)"
_REMEMBER = text(
    "INSERT INTO accounts (source, account, email, proof)"
    " SELECT :source, said.account, said.email, CASE WHEN said.email IS NOT NULL THEN :proof END"
    " FROM unnest(CAST(:accounts AS text[]), CAST(:emails AS text[])) AS said(account, email)"
    # A conflict locks the row even where there is nothing to change: most are known, and left out.
    " WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.workspace_id = 1 AND a.source = :source"
    " AND a.account = said.account"
    " AND (said.email IS NULL OR (a.email, a.proof) = (said.email, :proof)))"
    " ON CONFLICT (workspace_id, source, account) DO UPDATE"
    " SET email = excluded.email, proof = excluded.proof"
    # What anybody can type does not take the place of what an administrator vouches for.
    " WHERE excluded.email IS NOT NULL AND (accounts.email IS NULL"
    f" OR {_TRUST.format('excluded')} >= {_TRUST.format('accounts')})"
)
_OWNERS = (
    "SELECT email, min(id) AS id FROM people WHERE email IS NOT NULL"
    " GROUP BY email HAVING count(*) = 1"
)
_LINK_NEW = text(
    "UPDATE accounts a SET person_id = p.id, proof = coalesce(a.proof, :proof)"
    f" FROM ({_OWNERS}) p"
    " WHERE a.source = :source AND a.person_id IS NULL AND a.email = p.email"
)
_RELINK_ALL = text(
    "UPDATE accounts a SET person_id = owner.id, proof = coalesce(a.proof, :proof)"
    " FROM (SELECT a2.source, a2.account, p.id FROM accounts a2"
    f" LEFT JOIN ({_OWNERS}) p ON p.email = a2.email) owner"
    " WHERE a.source = owner.source AND a.account = owner.account"
    " AND a.person_id IS DISTINCT FROM owner.id"
    " AND (a.proof IS NULL OR a.proof = ANY(CAST(:by_address AS text[])))"
)
_BY_ADDRESS = [Proof.ADMIN_EMAIL, Proof.IDP, Proof.ASSERTED]
_FOLLOW = {
    "received_usage": "provider",
    "session_counts": "provider",
    "usage_records": "provider",
    "outcome_credits": "source",
}


async def remember_accounts(
    connection: AsyncConnection,
    source: str,
    emails: Mapping[str, str | None],
    proof: Proof = Proof.ADMIN_EMAIL,
) -> bool:
    """Take note of *source*'s accounts and of the addresses it names for them; whether any is new.

    *proof* says what makes an address that account's.
    """
    if not emails:
        return False
    said = {
        "source": source,
        "accounts": list(emails),
        "emails": [normalized_email(email) for email in emails.values()],
        "proof": proof,
    }
    return (await connection.execute(_REMEMBER, said)).rowcount > 0


async def link_new_accounts(
    connection: AsyncConnection, source: str, proof: Proof = Proof.ADMIN_EMAIL
) -> None:
    """Give the accounts that are nobody's yet to whoever's address they have, never by a guess."""
    await connection.execute(text(JOIN_WHOLE_SETS))
    await connection.execute(_LINK_NEW, {"source": source, "proof": proof})


async def relink_all(connection: AsyncConnection) -> None:
    """Do it again for every account, after the directory changed; the rows follow."""
    await connection.execute(text(JOIN_WHOLE_SETS))
    said = {"proof": Proof.ADMIN_EMAIL, "by_address": _BY_ADDRESS}
    await connection.execute(_RELINK_ALL, said)
    for table, source in _FOLLOW.items():
        await connection.execute(
            text(
                f"UPDATE {table} t SET person_id = a.person_id FROM accounts a"
                f" WHERE a.source = t.{source} AND a.account = t.account"
                " AND a.workspace_id = t.workspace_id"
                " AND t.person_id IS DISTINCT FROM a.person_id"
            )
        )
