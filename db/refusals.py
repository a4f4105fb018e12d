"""Who wants nothing kept: keyed tags, which tell nothing to whoever has the database alone.

Writers ask before they write, and wait for whoever is being forgotten at that moment; the tags are
read whole, as they are few, and most installations have none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.keyed import Key
from bot.domain.people import normalized_email
from bot.domain.rights import Refusal, Refuser

# A statement of its own: what it waited for would not show in a statement that began before.
_WAIT = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('refusals', 0))")
_WRITE_ALONE_AND_WAIT = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(:writing, 0)),"
    " pg_advisory_xact_lock_shared(hashtextextended('refusals', 0))"
)
_HOLD_WRITERS = text("SELECT pg_advisory_xact_lock(hashtextextended('refusals', 0))")
_ALL = text("SELECT tag, of_one, reason, since FROM refusals WHERE workspace_id = 1")
_ADD = text(
    "INSERT INTO refusals (tag, of_one, reason, since)"
    " SELECT * FROM unnest(CAST(:tags AS bytea[]), CAST(:of_ones AS uuid[]),"
    " CAST(:reasons AS text[]), CAST(:sinces AS date[]))"
    " ON CONFLICT (workspace_id, tag) DO UPDATE"
    " SET of_one = excluded.of_one, reason = excluded.reason"
    f" WHERE excluded.reason = '{Refusal.FORGOTTEN}'"
)
_OF_TAG = text("SELECT of_one, reason FROM refusals WHERE workspace_id = 1 AND tag = :tag")
_LIFT = text("DELETE FROM refusals WHERE workspace_id = 1 AND of_one = :of_one")


class _Told(NamedTuple):
    of_one: UUID
    reason: str
    since: date


async def hold_writers(connection: AsyncConnection) -> None:
    """Until this transaction ends nothing is written of accounts; first thing in a transaction."""
    await connection.execute(_HOLD_WRITERS)


async def refused_accounts(
    connection: AsyncConnection,
    key: Key,
    source: str,
    accounts: Mapping[str, str | None],
    *,
    writing: str | None = None,
) -> frozenset[str]:
    """Those of *source*'s accounts, with their addresses, of which nothing may be kept.

    One whose address is refused is from now on known by its name too. From here on until the
    transaction ends nobody else writes what is named by *writing*.
    """
    known = await _known(connection, writing)
    if not known:
        return frozenset()
    refused: set[str] = set()
    learned: dict[bytes, _Told] = {}
    for account, email in accounts.items():
        tag = account_tag(key, source, account)
        told = known.get(tag) or _told_of_address(key, known, email, account)
        if told is not None:
            refused.add(account)
            if tag not in known:
                learned[tag] = told
    await _keep(connection, learned)
    return frozenset(refused)


async def refused_users(
    connection: AsyncConnection, key: Key, slack_user_ids: Collection[str]
) -> frozenset[str]:
    """Those who were forgotten; whoever only opted out stays known, and is not among them."""
    known = await _known(connection)
    forgotten = {tag for tag, row in known.items() if row.reason == Refusal.FORGOTTEN}
    if not forgotten:
        return frozenset()
    return frozenset(user for user in slack_user_ids if user_tag(key, user) in forgotten)


async def refusal_of(connection: AsyncConnection, key: Key, slack_user_id: str) -> Refusal | None:
    row = (await connection.execute(_OF_TAG, {"tag": user_tag(key, slack_user_id)})).first()
    return None if row is None else Refusal(row.reason)


async def add_refusals(
    connection: AsyncConnection, key: Key, refuser: Refuser, reason: Refusal, since: date
) -> None:
    """Keep nothing of *refuser* any more; who opted out before can still be forgotten."""
    known = (
        await connection.execute(_OF_TAG, {"tag": user_tag(key, refuser.slack_user_id)})
    ).first()
    told = _Told(uuid4() if known is None else known.of_one, reason, since)
    await _keep(connection, dict.fromkeys(_tags(key, refuser), told))


async def lift(connection: AsyncConnection, key: Key, slack_user_id: str) -> bool:
    """Take all tags of one person away; whether there were any."""
    row = (await connection.execute(_OF_TAG, {"tag": user_tag(key, slack_user_id)})).first()
    if row is None:
        return False
    await connection.execute(_LIFT, {"of_one": row.of_one})
    return True


async def _known(connection: AsyncConnection, writing: str | None = None) -> dict[bytes, _Told]:
    if writing is None:
        await connection.execute(_WAIT)
    else:
        await connection.execute(_WRITE_ALONE_AND_WAIT, {"writing": writing})
    return {tag: _Told(*told) for tag, *told in await connection.execute(_ALL)}


async def _keep(connection: AsyncConnection, told: Mapping[bytes, _Told]) -> None:
    if told:
        of_ones, reasons, sinces = zip(*told.values(), strict=True)
        kept = {"of_ones": list(of_ones), "reasons": list(reasons), "sinces": list(sinces)}
        await connection.execute(_ADD, {"tags": list(told), **kept})


def _told_of_address(
    key: Key, known: Mapping[bytes, _Told], *addresses: str | None
) -> _Told | None:
    """An account may be named by its owner's address, whether or not the source says so."""
    for address in map(normalized_email, addresses):
        if address is not None and (told := known.get(address_tag(key, address))):
            return told
    return None


def _tags(key: Key, refuser: Refuser) -> Iterator[bytes]:
    yield user_tag(key, refuser.slack_user_id)
    for address in refuser.addresses:
        yield address_tag(key, address)
    for source, accounts in refuser.accounts.items():
        for account in accounts:
            yield account_tag(key, source, account)


def account_tag(key: Key, source: str, account: str) -> bytes:
    return key.tag("refused account", source, account)


def address_tag(key: Key, address: str) -> bytes:
    return key.tag("refused address", address)


def user_tag(key: Key, slack_user_id: str) -> bytes:
    return key.tag("refused user", slack_user_id)
