"""The audit log: who changed what, in a chain of seals; people are in it as tokens only."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import SOMEBODY, Action, AuditEntry
from bot.domain.keyed import Key
from bot.domain.ledger import BEGINNING, Sealed, seal
from db.database import Database

CHAIN = "audit"
_NAMED_BYTES = 8
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('upshot audit', 0))")
_LAST = text("SELECT seal FROM audit_log WHERE seal IS NOT NULL ORDER BY id DESC LIMIT 1")
_NAME = text(
    "INSERT INTO audit_names (token, slack_user_id) VALUES (:token, :user) ON CONFLICT DO NOTHING"
)
_APPEND = text(
    "INSERT INTO audit_log (at, actor, action, detail, previous, seal)"
    " VALUES (:at, :actor, :action, CAST(:detail AS jsonb), :previous, :seal)"
)
_FIRST_SEALED = "(SELECT min(id) FROM audit_log WHERE seal IS NOT NULL)"
# What is not sealed and yet follows a seal was put there by somebody else: it is never listed.
_LATEST = text(
    "SELECT at, actor, action, detail, seal IS NOT NULL FROM audit_log"
    f" WHERE action = ANY(CAST(:actions AS text[])) AND (seal IS NOT NULL OR id <"
    f" coalesce({_FIRST_SEALED}, id + 1)) ORDER BY id DESC LIMIT :most"
)
_NAMES = text(
    "SELECT token, slack_user_id FROM audit_names WHERE token = ANY(CAST(:tokens AS text[]))"
)
_ROWS = text(
    "SELECT at, actor, action, detail, previous, seal FROM audit_log"
    f" WHERE id >= {_FIRST_SEALED} ORDER BY id"
)
_ACTIONS = frozenset(Action)


class AuditStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, entry: AuditEntry) -> None:
        async with self._database.unscoped() as connection:
            await append_in(connection, self._database.key, entry)

    async def latest(self, most: int) -> list[AuditEntry]:
        """Newest first, with the names of whoever was not forgotten."""
        async with self._database.unscoped() as connection:
            asked = {"most": most, "actions": sorted(_ACTIONS)}
            rows = [_Row(*row) for row in await connection.execute(_LATEST, asked)]
            tokens = sorted({token for row in rows for token in row.tokens})
            names = (await connection.execute(_NAMES, {"tokens": tokens})).all()
        known: dict[str, str] = {name.token: name.slack_user_id for name in names}
        return [row.entry(known) for row in rows]

    async def chain(self) -> AsyncIterator[Sealed]:
        """Oldest first, from the first that was sealed on; one without a seal does not hold."""
        async with self._database.unscoped() as connection:
            async for at, actor, action, detail, previous, sealed in await connection.stream(_ROWS):
                body = _canonical(at, actor, action, detail)
                yield Sealed(body=body, previous=previous or b"", seal=sealed or b"")


async def append_in(connection: AsyncConnection, key: Key, entry: AuditEntry) -> None:
    """Append *entry* in the transaction of *connection*, which is committed with it or not at all.

    Best the last thing that a transaction does: until it ends, every other entry has to wait. It
    has to be READ COMMITTED, as all are that do not say otherwise, to see the seal before its own.
    """
    await connection.execute(_LOCK)
    previous: bytes = await connection.scalar(_LAST) or BEGINNING
    people = {part: token_of(key, user) for part, user in entry.people.items()}
    detail = {"detail": dict(entry.detail), "people": people}
    actor = token_of(key, entry.actor)
    body = _canonical(entry.at, actor, entry.action, detail)
    await connection.execute(
        _APPEND,
        {
            "at": entry.at,
            "actor": actor,
            "action": entry.action.value,
            "detail": json.dumps(detail),
            "previous": previous,
            "seal": seal(key, CHAIN, previous, body),
        },
    )
    if entry.action is not Action.FORGOTTEN:  # a name that comes after the forgetting would stay
        for user in filter(None, (entry.actor, *entry.people.values())):
            await connection.execute(_NAME, {"token": token_of(key, user), "user": user})


def token_of(key: Key, slack_user_id: str | None) -> str:
    """What stands for somebody in the log; nothing for Upshot itself."""
    if slack_user_id is None:
        return ""
    return key.tag("audit name", slack_user_id)[:_NAMED_BYTES].hex()


def _canonical(at: datetime, actor: str, action: str, detail: Mapping[str, Any]) -> str:
    row = {
        "at": at.astimezone(UTC).isoformat(),
        "actor": actor,
        "action": action,
        "detail": detail,
    }
    return json.dumps(row, sort_keys=True, separators=(",", ":"))


class _Row(NamedTuple):
    """Those from before the seals hold Slack users' ids, the other one as ``admin``."""

    at: datetime
    actor: str
    action: str
    held: dict[str, Any]
    is_sealed: bool

    @property
    def detail(self) -> dict[str, Any]:
        if self.is_sealed:
            return dict(self.held["detail"])
        return {name: value for name, value in self.held.items() if name != "admin"}

    @property
    def people(self) -> dict[str, str]:
        if self.is_sealed:
            return dict(self.held["people"])
        return {name: who for name, who in self.held.items() if name == "admin"}

    @property
    def tokens(self) -> set[str]:
        return {self.actor, *self.people.values()} if self.is_sealed else set()

    def entry(self, names: Mapping[str, str]) -> AuditEntry:
        def named(who: str) -> str | None:
            return names.get(who) if self.is_sealed else who

        return AuditEntry(
            at=self.at,
            actor=named(self.actor) or SOMEBODY if self.actor else None,
            action=Action(self.action),
            detail=self.detail,
            people={part: named(who) for part, who in self.people.items()},
        )
