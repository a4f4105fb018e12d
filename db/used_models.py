"""The models that a person used."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from bot.domain.people import PersonId
from db.database import Database
from db.usage import IS_USE

MOST_MODELS = 12
_MODELS = text(
    "SELECT model FROM usage_records WHERE person_id = :person AND day >= :first"
    f" AND model <> '' AND {IS_USE} GROUP BY model"
    " ORDER BY sum(cost) DESC NULLS LAST, max(day) DESC, model LIMIT :most"
)


class UsedModelStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def models_of(self, person: PersonId, first: date) -> list[str]:
        """Those that *person* used since *first*, the one with the largest spend first."""
        values = {"person": person, "first": first, "most": MOST_MODELS}
        async with self._database.for_person(person) as connection:
            return list(await connection.scalars(_MODELS, values))
