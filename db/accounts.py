"""Accounts at the sources, and the addresses that the sources name for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Proof, normalized_email
from db.account_links import hold_links, relink, trust, wait_for_links
from db.bulk import JOIN_WHOLE_SETS

_SAID = "unnest(CAST(:accounts AS text[]), CAST(:emails AS text[])) AS said (account, email)"
# What anybody can type does not take the place of what an administrator vouches for.
_IS_NEWS = (
    "(a.account IS NULL OR (said.email IS NOT NULL"
    " AND (a.email IS NULL OR (a.email, a.proof) <> (said.email, :proof))"
    " AND (a.email IS NULL OR a.proof IS NULL"
    f"  OR {trust('CAST(:proof AS text)')} <= {trust('a.proof')})))"
)
_NEWS = text(
    "SELECT said.account, said.email, a.account IS NULL AS is_new,"
    " a.email IS NOT NULL AND a.email <> said.email AS is_renamed"
    f" FROM {_SAID} LEFT JOIN accounts a ON a.workspace_id = 1 AND a.source = :source"
    f" AND a.account = said.account WHERE {_IS_NEWS}"
)
_REMEMBER = text(
    "INSERT INTO accounts (source, account, email, proof)"
    " SELECT :source, said.account, said.email, CASE WHEN said.email IS NOT NULL THEN :proof END"
    f" FROM {_SAID} ON CONFLICT (workspace_id, source, account) DO UPDATE"
    " SET email = excluded.email, proof = excluded.proof"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The accounts of a source that something is said of, and the addresses it names for them.

    *proof* says what makes an address that account's. It stays with the address in ``accounts``;
    what made a person the owner stands with the link.
    """

    source: str
    emails: Mapping[str, str | None]
    proof: Proof = Proof.ADMIN_EMAIL


class _News(NamedTuple):
    account: str
    email: str | None
    is_new: bool
    is_renamed: bool


async def keep_accounts(
    connection: AsyncConnection, told: Sequence[Told], claimed: Collection[str], today: date
) -> None:
    """Take note of accounts and give them to whose address they have, never by a guess.

    From here on until the transaction ends nobody changes whose an account is.
    """
    await connection.execute(text(JOIN_WHOLE_SETS))
    if not any([await _news_in(connection, one) for one in told if one.emails]):
        await wait_for_links(connection)
        return
    # Nobody waits for this lock who holds it already, so it must be the first of the two kinds.
    await hold_links(connection)
    for one in told:
        await _keep(connection, one, claimed, today)


async def _keep(
    connection: AsyncConnection, told: Told, claimed: Collection[str], today: date
) -> None:
    news = await _news_in(connection, told)
    if not news:
        return
    accounts = [row.account for row in news]
    emails = [row.email for row in news]
    said = {"source": told.source, "accounts": accounts, "emails": emails, "proof": told.proof}
    await connection.execute(_REMEMBER, said)
    await relink(
        connection,
        told.source,
        accounts,
        renamed=[row.account for row in news if row.is_renamed],
        new=[row.account for row in news if row.is_new],
        claimed=claimed,
        today=today,
    )


async def _news_in(connection: AsyncConnection, told: Told) -> Sequence[_News]:
    said = {
        "source": told.source,
        "accounts": list(told.emails),
        "emails": [normalized_email(email) for email in told.emails.values()],
        "proof": told.proof,
    }
    return [_News(*row) for row in await connection.execute(_NEWS, said)]
