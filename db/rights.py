"""What people may have done with what is kept of them: told, stopped, deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import SOMEBODY, Action, AuditEntry
from bot.domain.delivery import DeliveryState
from bot.domain.people import Person, PersonId
from bot.domain.preferences import Cadence
from bot.domain.rights import Refusal, Refuser
from db.account_links import hold_links
from db.audit import append_in, token_of
from db.database import Database
from db.erasure import OWN_ACCOUNTS, erase, note_accounts, tables_with
from db.refusals import add_refusals, hold_writers, lift, refusal_of, user_tag

_ANYBODY = text(
    "SELECT id, slack_user_id, time_zone, locale FROM people"
    " WHERE workspace_id = 1 AND slack_user_id = :user"
)
_LET_LINKING_END = text("LOCK TABLE outcomes IN ROW EXCLUSIVE MODE")
_ADDRESSES = text(
    "SELECT email FROM people WHERE id = :person AND email IS NOT NULL"
    " UNION SELECT email FROM accounts WHERE email IS NOT NULL"
    f" AND (source, account) IN {OWN_ACCOUNTS}"
)
_STOP = (
    text(
        "UPDATE people SET opted_out_on = coalesce(opted_out_on, :today),"
        f" digest_cadence = '{Cadence.OFF}' WHERE id = :person"
    ),
    text(
        "INSERT INTO preferences (person_id, nudges, budget_notes, tips)"
        " VALUES (:person, false, false, false) ON CONFLICT (workspace_id, person_id)"
        " DO UPDATE SET nudges = false, budget_notes = false, tips = false"
    ),
    text(
        f"UPDATE deliveries SET state = '{DeliveryState.SKIPPED}' WHERE person_id = :person"
        f" AND state = '{DeliveryState.PLANNED}'"
    ),
)
_START = (
    text(
        f"UPDATE people SET opted_out_on = NULL, digest_cadence = '{Cadence.WEEKLY}'"
        " WHERE slack_user_id = :user"
    ),
    text(
        "UPDATE preferences SET nudges = true, budget_notes = true, tips = true"
        " WHERE person_id IN (SELECT id FROM people WHERE slack_user_id = :user)"
    ),
)

_PART = (
    "concat_ws(', ', CASE WHEN actor IN (:token, :user) THEN 'actor' END,"
    " (SELECT string_agg(key, ', ') FROM jsonb_each_text(coalesce(detail -> 'people', detail))"
    "  WHERE value IN (:token, :user)))"
)
_ELSEWHERE: Mapping[str, str] = {
    "people": "SELECT * FROM people WHERE id = :person",
    "teams": (
        "SELECT id, name FROM teams WHERE id IN"
        " (SELECT team_id FROM team_members WHERE person_id = :person) ORDER BY id"
    ),
    "admins": "SELECT * FROM admins WHERE slack_user_id = :user",
    "refusals": (
        "SELECT DISTINCT reason, since FROM refusals WHERE of_one ="
        " (SELECT of_one FROM refusals WHERE tag = :tag)"
    ),
    "audit_names": "SELECT * FROM audit_names WHERE slack_user_id = :user",
    "audit_log": (
        "SELECT at, action, part, told AS detail FROM (SELECT id, at, action,"
        f" {_PART} AS part, coalesce(detail -> 'detail', detail) AS told FROM audit_log) entries"
        " WHERE part <> '' ORDER BY id"
    ),
    "outcomes": (
        "SELECT o.* FROM outcomes o WHERE EXISTS (SELECT FROM outcome_credits c"
        " WHERE (c.workspace_id, c.source, c.source_id) = (o.workspace_id, o.source, o.source_id)"
        " AND c.person_id = :person) ORDER BY o.source, o.source_id"
    ),
}
"""What is about somebody in tables that have no column for whose a row is."""
_BY_SIZE = ("session_counts", "outcome_credits", "outcomes", "received_usage", "usage_records")
"""The large ones, which come last."""


def _queries() -> dict[str, str]:
    queries = dict(_ELSEWHERE)
    for table in tables_with("person_id"):
        order = ", ".join(column.name for column in table.primary_key)
        query = f"SELECT * FROM {table.name} WHERE person_id = :person ORDER BY {order}"
        queries[table.name] = query
    first = [name for name in queries if name not in _BY_SIZE]
    return {name: queries[name] for name in (*first, *_BY_SIZE)}


EVERYTHING: Mapping[str, str] = _queries()
"""By the table: what finds one person's rows. Small ones first, so that they are read first."""


class RightsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, slack_user_id: str) -> Person | None:
        """Somebody of whom something is kept, whether or not they are still here."""
        async with self._database.for_slack_user(slack_user_id) as connection:
            row = (await connection.execute(_ANYBODY, {"user": slack_user_id})).first()
        if row is None:
            return None
        return Person(
            id=PersonId(row.id),
            slack_user_id=row.slack_user_id,
            time_zone=row.time_zone,
            locale=row.locale,
        )

    async def everything(self, person: Person) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
        """Every row about *person*, with its table's name, through that person's own door."""
        of = {
            "person": person.id,
            "user": person.slack_user_id,
            "token": token_of(self._database.key, person.slack_user_id),
            "tag": user_tag(self._database.key, person.slack_user_id),
        }
        async with self._database.for_person(person.id) as connection:
            for table, query in EVERYTHING.items():
                asked = {name: value for name, value in of.items() if f":{name}" in query}
                async for row in (await connection.stream(text(query), asked)).mappings():
                    yield table, {k: v for k, v in row.items() if k != "workspace_id"}

    async def forget(self, person: Person, at: datetime) -> None:
        """Delete all of *person* in one transaction, and know them only as not to be known."""
        async with self._database.for_jobs() as connection:
            await hold_writers(connection)
            await hold_links(connection)
            await connection.execute(_LET_LINKING_END)
            refuser = await _refuser(connection, person)
            await erase(connection, [person.id])
            await add_refusals(
                connection, self._database.key, refuser, Refusal.FORGOTTEN, at.date()
            )
            await self._note(connection, Action.FORGOTTEN, SOMEBODY, at)

    async def opt_out(self, person: Person, at: datetime) -> None:
        """From now on nothing is added to what is kept of *person*, and no message is sent."""
        async with self._database.for_jobs() as connection:
            await hold_writers(connection)
            refuser = await _refuser(connection, person)
            await add_refusals(
                connection, self._database.key, refuser, Refusal.OPTED_OUT, at.date()
            )
            await _run(connection, _STOP, {"person": person.id, "today": at.date()})
            await self._note(connection, Action.OPTED_OUT, person.slack_user_id, at)

    async def opt_in(self, slack_user_id: str, at: datetime) -> bool:
        """Whether there was anything to take back; from now on they are known like anybody."""
        async with self._database.for_jobs() as connection:
            await hold_writers(connection)
            if not await lift(connection, self._database.key, slack_user_id):
                return False
            await _run(connection, _START, {"user": slack_user_id})
            await self._note(connection, Action.OPTED_IN, slack_user_id, at)
        return True

    async def refusal_of(self, slack_user_id: str) -> Refusal | None:
        async with self._database.for_one_statement() as connection:
            return await refusal_of(connection, self._database.key, slack_user_id)

    async def _note(
        self, connection: AsyncConnection, action: Action, actor: str, at: datetime
    ) -> None:
        entry = AuditEntry(at=at, actor=actor, action=action)
        await append_in(connection, self._database.key, entry)


async def _refuser(connection: AsyncConnection, person: Person) -> Refuser:
    """Every name by which *person* would be met again."""
    await note_accounts(connection, [person.id])
    accounts: dict[str, set[str]] = {}
    for source, account in await connection.execute(text(OWN_ACCOUNTS[1:-1])):
        accounts.setdefault(source, set()).add(account)
    addresses = await connection.scalars(_ADDRESSES, {"person": person.id})
    return Refuser(
        slack_user_id=person.slack_user_id,
        addresses=frozenset(addresses),
        accounts={source: frozenset(names) for source, names in accounts.items()},
    )


async def _run(connection: AsyncConnection, statements: Any, of: Mapping[str, Any]) -> None:
    for statement in statements:
        await connection.execute(
            statement, {k: v for k, v in of.items() if k in statement.compile().params}
        )
