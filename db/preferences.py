"""What each person chose of Upshot, through that person's own door or for the jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import PersonId
from bot.domain.preferences import Cadence, Preferences
from db.database import Database

_SWITCHES = ("tips", "nudges", "budget_notes")
_CHOSEN = (*_SWITCHES, "budget", "usual_since", "muted_until")
_OF = text(
    "SELECT p.id, p.digest_cadence, p.digest_day,"
    f" {', '.join(f'coalesce(c.{name}, true)' for name in _SWITCHES)},"
    " c.budget, c.usual_since, c.muted_until"
    " FROM people p LEFT JOIN preferences c ON c.workspace_id = 1 AND c.person_id = p.id"
    " WHERE p.id = ANY(CAST(:people AS bigint[]))"
)
_KEEP_WHEN = text(
    "UPDATE people SET digest_cadence = :cadence, digest_day = :digest_day WHERE id = :person"
)
_KEEP = text(
    f"INSERT INTO preferences (person_id, {', '.join(_CHOSEN)})"
    f" VALUES (:person, {', '.join(f':{name}' for name in _CHOSEN)})"
    " ON CONFLICT (workspace_id, person_id) DO UPDATE SET"
    f" {', '.join(f'{name} = excluded.{name}' for name in _CHOSEN)}"
)


class PreferenceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, person: PersonId) -> Preferences:
        async with self._database.for_person(person) as connection:
            return (await _preferences(connection, [person]))[person]

    async def of(self, people: Sequence[PersonId]) -> dict[PersonId, Preferences]:
        """Everybody's of *people*; who chose nothing has everything as it comes."""
        async with self._database.for_jobs() as connection:
            return await _preferences(connection, people)

    async def keep(self, person: PersonId, chosen: Preferences) -> None:
        async with self._database.for_person(person) as connection:
            values = {**asdict(chosen), "person": person}
            await connection.execute(_KEEP_WHEN, values)
            await connection.execute(_KEEP, values)


async def _preferences(
    connection: AsyncConnection, people: Sequence[PersonId]
) -> dict[PersonId, Preferences]:
    rows = await connection.execute(_OF, {"people": list(people)})
    known = {owner: _to_preferences(*chosen) for owner, *chosen in rows}
    return {person: known.get(person, Preferences()) for person in people}


def _to_preferences(cadence: str, digest_day: int | None, *chosen: Any) -> Preferences:
    return Preferences(
        cadence=Cadence(cadence),
        digest_day=digest_day,
        **dict(zip(_CHOSEN, chosen, strict=True)),
    )
