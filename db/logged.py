"""What people log themselves: each reads, changes and deletes through a door of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bot.domain.logged import Benefit, LoggedKind, LoggedOutcome, Visibility
from bot.domain.people import PersonId
from bot.domain.tiers import Tier
from db.database import Database

_COLUMNS = (
    "id, person_id, kind, what, done_on, logged_at, link, helped_by, benefit, tier, visibility,"
    " edited_at"
)
_KEEP = text(
    f"INSERT INTO logged_outcomes ({_COLUMNS}) VALUES (:id, :person, :kind, :what, :done_on,"
    " :logged_at, :link, :helped_by, :benefit, :tier, :visibility, :edited_at)"
    " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, what = excluded.what,"
    " done_on = excluded.done_on, link = excluded.link, helped_by = excluded.helped_by,"
    " benefit = excluded.benefit, tier = excluded.tier, visibility = excluded.visibility,"
    " edited_at = excluded.edited_at"
)
_FIND = text(f"SELECT {_COLUMNS} FROM logged_outcomes WHERE id = :id AND person_id = :person")
_DELETE = text("DELETE FROM logged_outcomes WHERE id = :id AND person_id = :person")
_BETWEEN = text(
    f"SELECT {_COLUMNS} FROM logged_outcomes"
    " WHERE person_id = :person AND done_on BETWEEN :first AND :last"
    " ORDER BY done_on DESC, logged_at DESC, id"
)


class LoggedStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, logged: LoggedOutcome) -> None:
        """New, or in place of what has the same id and is its owner's."""
        async with self._database.for_person(logged.owner) as connection:
            await connection.execute(_KEEP, _to_row(logged))

    async def find(self, person: PersonId, logged: UUID) -> LoggedOutcome | None:
        async with self._database.for_person(person) as connection:
            found = await connection.execute(_FIND, {"id": logged, "person": person})
            row = found.first()
            return _to_logged(row) if row else None

    async def delete(self, person: PersonId, logged: UUID) -> bool:
        """Whether there was something of *person*'s to delete."""
        async with self._database.for_person(person) as connection:
            gone = await connection.execute(_DELETE, {"id": logged, "person": person})
            return gone.rowcount > 0

    async def between(self, person: PersonId, first: date, last: date) -> list[LoggedOutcome]:
        """What was done from *first* to *last*, the latest first."""
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(
                _BETWEEN, {"person": person, "first": first, "last": last}
            )
            return [_to_logged(row) for row in rows]


def _to_row(logged: LoggedOutcome) -> dict[str, Any]:
    return {
        "id": logged.id,
        "person": logged.owner,
        "kind": logged.kind,
        "what": logged.what,
        "done_on": logged.done_on,
        "logged_at": logged.logged_at,
        "link": logged.link,
        "helped_by": list(logged.helped_by),
        "benefit": logged.benefit,
        "tier": logged.tier,
        "visibility": logged.visibility,
        "edited_at": logged.edited_at,
    }


def _to_logged(row: Sequence[Any]) -> LoggedOutcome:
    logged, owner, kind, what, done_on, at, link, tools, benefit, tier, visibility, edited = row
    return LoggedOutcome(
        id=logged,
        owner=PersonId(owner),
        kind=LoggedKind(kind),
        what=what,
        done_on=done_on,
        logged_at=at,
        link=link,
        helped_by=tuple(tools),
        benefit=None if benefit is None else Benefit(benefit),
        tier=Tier(tier),
        visibility=Visibility(visibility),
        edited_at=edited,
    )
