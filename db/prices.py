"""How far list prices moved: a few rows that every night writes anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from bot.domain.price_levels import PriceLevel
from db.database import Database

# Each price in one row with its end: looked up for every day by itself it would take seconds.
LEVELS = (
    "SELECT provider, model, first_day, level,"
    " lead(first_day, 1, 'infinity') OVER (PARTITION BY provider, model ORDER BY first_day) AS ends"
    " FROM price_levels WHERE workspace_id = 1"
)
_MODELS_USED = text(
    "SELECT DISTINCT provider, model FROM usage_records"
    " WHERE day >= :first AND model <> '' AND cost IS NOT NULL ORDER BY provider, model"
)
_INSERT = text(
    "INSERT INTO price_levels (provider, model, first_day, level)"
    " SELECT * FROM unnest(CAST(:providers AS text[]), CAST(:models AS text[]),"
    " CAST(:days AS date[]), CAST(:levels AS numeric[]))"
)


class PriceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def models_used(self, first: date) -> list[tuple[str, str]]:
        """Each provider and model with a known cost since *first*."""
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(_MODELS_USED, {"first": first})
            return [(provider, model) for provider, model in rows]

    async def replace(self, levels: Sequence[PriceLevel]) -> None:
        columns = {
            "providers": [level.provider for level in levels],
            "models": [level.model for level in levels],
            "days": [level.first_day for level in levels],
            "levels": [level.level for level in levels],
        }
        async with self._database.unscoped() as connection:
            await connection.execute(text("DELETE FROM price_levels"))
            await connection.execute(_INSERT, columns)
