"""The tips that each person was shown, how they went, and those that are not wanted any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.coaching.rules import ShownTip, Verdict
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from db.database import Database

_SHOWN = text(
    "SELECT person_id, week, rule, saving, measure, goal, after, verdict, judged_in"
    " FROM shown_tips WHERE workspace_id = 1 AND person_id = ANY(CAST(:people AS bigint[]))"
    " ORDER BY person_id, week"
)
_MUTED = text(
    "SELECT person_id, rule FROM muted_tips"
    " WHERE workspace_id = 1 AND person_id = ANY(CAST(:people AS bigint[]))"
)
_COLUMNS = {
    "person_id": "bigint",
    "week": "date",
    "rule": "text",
    "saving": "numeric",
    "measure": "numeric",
    "goal": "numeric",
    "after": "numeric",
    "verdict": "text",
    "judged_in": "date",
}
# What was shown was shown, and what was said of it was said: a second plan changes neither.
_KEEP = text(
    f"INSERT INTO shown_tips ({', '.join(_COLUMNS)})"
    f" SELECT * FROM unnest({', '.join(f'CAST(:{n} AS {kind}[])' for n, kind in _COLUMNS.items())})"
    " ON CONFLICT (workspace_id, person_id, week) DO UPDATE SET"
    " after = excluded.after, verdict = excluded.verdict, judged_in = excluded.judged_in"
    " WHERE shown_tips.rule = excluded.rule AND shown_tips.verdict IS NULL"
)
_MUTE = text(
    "INSERT INTO muted_tips (person_id, rule, muted_at) VALUES (:person, :rule, :at)"
    " ON CONFLICT DO NOTHING"
)
_UNMUTE = text(
    "DELETE FROM muted_tips WHERE workspace_id = 1 AND person_id = :person AND rule = :rule"
)


class TipStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def own_shown(self, person: PersonId) -> tuple[ShownTip, ...]:
        """What *person* was shown, the oldest first."""
        async with self._database.for_person(person) as connection:
            return (await _shown(connection, [person]))[person]

    async def own_muted(self, person: PersonId) -> frozenset[str]:
        async with self._database.for_person(person) as connection:
            return (await _muted(connection, [person]))[person]

    async def shown(self, people: Sequence[PersonId]) -> dict[PersonId, tuple[ShownTip, ...]]:
        """The same of each of *people*."""
        async with self._database.for_jobs() as connection:
            return await _shown(connection, people)

    async def muted(self, people: Sequence[PersonId]) -> dict[PersonId, frozenset[str]]:
        async with self._database.for_jobs() as connection:
            return await _muted(connection, people)

    async def keep(self, shown: Sequence[tuple[PersonId, ShownTip]]) -> None:
        """Each once a week and person: the first that is kept stays, and so does its verdict."""
        rows = [_to_row(person, tip) for person, tip in shown]
        columns = zip(*rows, strict=True) if rows else ([] for _ in _COLUMNS)
        values = {name: list(column) for name, column in zip(_COLUMNS, columns, strict=True)}
        async with self._database.for_jobs() as connection:
            await connection.execute(_KEEP, values)

    async def mute(self, person: PersonId, rule: str, at: datetime) -> None:
        async with self._database.for_person(person) as connection:
            await connection.execute(_MUTE, {"person": person, "rule": rule, "at": at})

    async def unmute(self, person: PersonId, rule: str) -> None:
        async with self._database.for_person(person) as connection:
            await connection.execute(_UNMUTE, {"person": person, "rule": rule})


async def _shown(
    connection: AsyncConnection, people: Sequence[PersonId]
) -> dict[PersonId, tuple[ShownTip, ...]]:
    found: defaultdict[int, list[ShownTip]] = defaultdict(list)
    for owner, *facts in await connection.execute(_SHOWN, {"people": list(people)}):
        found[owner].append(_to_tip(*facts))
    return {person: tuple(found[person]) for person in people}


async def _muted(
    connection: AsyncConnection, people: Sequence[PersonId]
) -> dict[PersonId, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for owner, rule in await connection.execute(_MUTED, {"people": list(people)}):
        found[owner].add(rule)
    return {person: frozenset(found[person]) for person in people}


def _to_row(person: PersonId, tip: ShownTip) -> tuple[object, ...]:
    return (
        person,
        tip.week.monday,
        tip.rule,
        tip.saving,
        tip.measure,
        tip.goal,
        tip.after,
        tip.verdict,
        tip.judged_in and tip.judged_in.monday,
    )


def _to_tip(
    week: date,
    rule: str,
    saving: Decimal | None,
    measure: Decimal | None,
    goal: Decimal | None,
    after: Decimal | None,
    verdict: str | None,
    judged_in: date | None,
) -> ShownTip:
    return ShownTip(
        week=IsoWeek.of(week),
        rule=rule,
        saving=saving,
        measure=measure,
        goal=goal,
        after=after,
        verdict=None if verdict is None else Verdict(verdict),
        judged_in=None if judged_in is None else IsoWeek.of(judged_in),
    )
