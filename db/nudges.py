"""The nudges that each person was told, and what was answered; anybody else learns of counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from bot.domain.coaching.nudges import Answer, Nudge, NudgeKind
from bot.domain.people import PersonId
from db.database import Database

_TOLD = text(
    "SELECT person_id, max(told_on) FROM nudges WHERE workspace_id = 1"
    " AND person_id = ANY(CAST(:people AS bigint[])) AND told_on >= :since GROUP BY person_id"
)
_KEEP = text(
    "INSERT INTO nudges (person_id, kind, first_day, last_day, told_on)"
    " SELECT person, kind, first_day, last_day, :on FROM unnest(CAST(:people AS bigint[]),"
    " CAST(:kinds AS text[]), CAST(:first_days AS date[]), CAST(:last_days AS date[]))"
    " AS n(person, kind, first_day, last_day) ON CONFLICT DO NOTHING"
)
_IS_IT = "workspace_id = 1 AND person_id = :person AND kind = :kind AND first_day = :first_day"
_FIND = text(f"SELECT first_day, last_day FROM nudges WHERE {_IS_IT}")
# Looking at what ran is no answer: one that was given before stays.
_ANSWER = text(
    "UPDATE nudges SET"
    f" answer = CASE :answer WHEN '{Answer.CHECKED}' THEN coalesce(answer, :answer)"
    f" ELSE :answer END, answered_at = :at WHERE {_IS_IT}"
)
_PEOPLE_NUDGED = text("SELECT count(DISTINCT person_id) FROM nudges WHERE told_on >= :since")


class NudgeStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def told(self, people: Sequence[PersonId], since: date) -> dict[PersonId, date]:
        """When each of *people* who had a nudge on *since* or later had the last one."""
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(_TOLD, {"people": list(people), "since": since})
            return {PersonId(person): day for person, day in rows}

    async def keep(self, told: Sequence[tuple[PersonId, Nudge]], on: date) -> None:
        """Each of the same kind and first day once."""
        if not told:
            return
        values = {
            "people": [person for person, _ in told],
            "kinds": [nudge.kind for _, nudge in told],
            "first_days": [nudge.first_day for _, nudge in told],
            "last_days": [nudge.last_day for _, nudge in told],
            "on": on,
        }
        async with self._database.for_jobs() as connection:
            await connection.execute(_KEEP, values)

    async def find(
        self, person: PersonId, kind: NudgeKind, first_day: date
    ) -> tuple[date, date] | None:
        """The first and the last day that a nudge of *person*'s is about."""
        async with self._database.for_person(person) as connection:
            found = await connection.execute(_FIND, _key(person, kind, first_day))
            row = found.first()
            return (row.first_day, row.last_day) if row else None

    async def answer(
        self, person: PersonId, kind: NudgeKind, first_day: date, answer: Answer, at: datetime
    ) -> bool:
        """Whether *person* had such a nudge to answer."""
        values = {**_key(person, kind, first_day), "answer": answer, "at": at}
        async with self._database.for_person(person) as connection:
            answered = await connection.execute(_ANSWER, values)
            return answered.rowcount > 0

    async def people_nudged(self, since: date) -> int:
        """How many people had any since then: a count, to be told from five up."""
        async with self._database.for_jobs() as connection:
            return await connection.scalar(_PEOPLE_NUDGED, {"since": since}) or 0


def _key(person: PersonId, kind: NudgeKind, first_day: date) -> dict[str, object]:
    return {"person": person, "kind": kind, "first_day": first_day}
