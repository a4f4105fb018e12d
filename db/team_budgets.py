"""Which shares of a month's amount each team's channel was told of: each of them once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from db.database import Database

_TOLD = text(
    "SELECT step FROM team_budget_steps"
    " WHERE workspace_id = 1 AND team_id = :team AND month = :month"
)
_KEEP = text(
    "INSERT INTO team_budget_steps (team_id, month, step, told_on)"
    " VALUES (:team, :month, :step, :on) ON CONFLICT DO NOTHING"
)


class TeamBudgetStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def told(self, team: int, month: date) -> frozenset[int]:
        """The steps (in percent) that were told in the month that *month* is in."""
        asked = {"team": team, "month": month.replace(day=1)}
        async with self._database.for_one_statement() as connection:
            return frozenset(await connection.scalars(_TOLD, asked))

    async def keep(self, team: int, month: date, step: int, on: date) -> None:
        kept = {"team": team, "month": month.replace(day=1), "step": step, "on": on}
        async with self._database.for_one_statement() as connection:
            await connection.execute(_KEEP, kept)
