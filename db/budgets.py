"""Which shares of a month's amount each person was told of: each of them once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from bot.domain.people import PersonId
from db.database import Database

_TOLD = text(
    "SELECT person_id, step FROM budget_steps WHERE workspace_id = 1"
    " AND person_id = ANY(CAST(:people AS bigint[])) AND month = :month"
)
_KEEP = text(
    "INSERT INTO budget_steps (person_id, month, step, told_on)"
    " SELECT person, :month, step, :on"
    " FROM unnest(CAST(:people AS bigint[]), CAST(:steps AS smallint[])) AS s(person, step)"
    " ON CONFLICT DO NOTHING"
)


class BudgetStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def told(self, people: Sequence[PersonId], month: date) -> dict[PersonId, frozenset[int]]:
        """The steps (in percent) that each of *people* was told in the month that *month* is in."""
        steps: defaultdict[int, set[int]] = defaultdict(set)
        async with self._database.for_jobs() as connection:
            asked = {"people": list(people), "month": month.replace(day=1)}
            for owner, step in await connection.execute(_TOLD, asked):
                steps[owner].add(step)
        return {person: frozenset(steps[person]) for person in people}

    async def keep(self, told: Sequence[tuple[PersonId, int]], month: date, on: date) -> None:
        if not told:
            return
        values = {
            "people": [person for person, _ in told],
            "steps": [step for _, step in told],
            "month": month.replace(day=1),
            "on": on,
        }
        async with self._database.for_jobs() as connection:
            await connection.execute(_KEEP, values)
