"""Who is in the workspace, and what each chose."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from bot.domain.people import DirectoryMember, Person, PersonId, normalized_email
from db.accounts import relink_all
from db.database import Database

_SYNC = text(
    "INSERT INTO people (slack_user_id, email, time_zone, locale, is_active)"
    " SELECT slack_user_id, email, time_zone, locale, true"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS r(slack_user_id text, email text, time_zone text, locale text)"
    " ON CONFLICT (workspace_id, slack_user_id) DO UPDATE SET is_active = true,"
    " email = excluded.email, time_zone = excluded.time_zone, locale = excluded.locale"
    " WHERE (people.email, people.time_zone, people.locale, people.is_active) IS DISTINCT FROM"
    " (excluded.email, excluded.time_zone, excluded.locale, true)"
)
_DEACTIVATE_OTHERS = text(
    "UPDATE people SET is_active = false WHERE is_active"
    " AND NOT slack_user_id = ANY(CAST(:present AS text[]))"
)
_FIND = text(
    "SELECT id, slack_user_id, time_zone, locale FROM people"
    " WHERE workspace_id = 1 AND slack_user_id = :slack_user_id AND is_active"
)
_HAS_SOMETHING_TO_SHOW = "EXISTS (SELECT FROM accounts a WHERE a.person_id = p.id)"
_UNWELCOMED = text(
    "SELECT p.id, p.slack_user_id, p.time_zone, p.locale FROM people p"
    " WHERE p.is_active AND p.welcomed_at IS NULL AND p.digest_cadence <> 'off'"
    f" AND {_HAS_SOMETHING_TO_SHOW}"
    " AND NOT EXISTS (SELECT FROM deliveries d WHERE d.person_id = p.id AND d.kind = 'welcome')"
    " ORDER BY p.id"
)
_WITHOUT_DIGEST = text(
    "SELECT p.id FROM people p WHERE p.is_active AND p.digest_cadence = 'weekly'"
    " AND p.time_zone = ANY(CAST(:zones AS text[])) AND p.welcomed_at <= :week_start"
    " AND NOT EXISTS (SELECT FROM deliveries d WHERE d.person_id = p.id AND d.kind = 'digest'"
    " AND d.period_start >= :monday) ORDER BY p.id"
)


class PeopleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def sync(self, members: Sequence[DirectoryMember]) -> int:
        """Make the directory's eligible members ours; whoever is missing is no longer active."""
        rows = [_to_row(member) for member in members if member.is_eligible]
        async with self._database.for_jobs() as connection:
            await connection.execute(_SYNC, {"rows": json.dumps(rows)})
            present = [row["slack_user_id"] for row in rows]
            await connection.execute(_DEACTIVATE_OTHERS, {"present": present})
            await relink_all(connection)
        return len(rows)

    async def find(self, slack_user_id: str) -> Person | None:
        """The active person behind a Slack user, ``None`` for guests, strangers and unknowns."""
        async with self._database.for_slack_user(slack_user_id) as connection:
            row = (await connection.execute(_FIND, {"slack_user_id": slack_user_id})).first()
            return _to_person(row) if row else None

    async def set_cadence(self, person: PersonId, cadence: str) -> None:
        async with self._database.for_person(person) as connection:
            await connection.execute(
                text("UPDATE people SET digest_cadence = :cadence WHERE id = :id"),
                {"cadence": cadence, "id": person},
            )

    async def unwelcomed(self) -> list[Person]:
        """Whoever has an account and has not been told yet what Upshot is."""
        async with self._database.for_jobs() as connection:
            return [_to_person(row) for row in await connection.execute(_UNWELCOMED)]

    async def time_zones(self) -> list[str]:
        async with self._database.for_jobs() as connection:
            rows = await connection.scalars(
                text("SELECT DISTINCT time_zone FROM people WHERE is_active")
            )
            return list(rows)

    async def without_digest(
        self, monday: date, week_start: datetime, zones: Sequence[str]
    ) -> list[PersonId]:
        """Those in *zones* whose digest of the week is not planned, welcomed before it began."""
        async with self._database.for_jobs() as connection:
            rows = await connection.scalars(
                _WITHOUT_DIGEST,
                {"zones": list(zones), "week_start": week_start, "monday": monday},
            )
            return [PersonId(row) for row in rows]

    async def by_ids(self, ids: Sequence[PersonId]) -> list[Person]:
        async with self._database.for_jobs() as connection:
            rows = await connection.execute(
                text(
                    "SELECT id, slack_user_id, time_zone, locale FROM people"
                    " WHERE id = ANY(CAST(:ids AS bigint[])) AND is_active ORDER BY id"
                ),
                {"ids": list(ids)},
            )
            return [_to_person(row) for row in rows]

    async def count(self) -> int:
        async with self._database.for_jobs() as connection:
            return await connection.scalar(text("SELECT count(*) FROM people WHERE is_active")) or 0

    async def addresses(self) -> frozenset[str]:
        """Every address of the directory, lower-cased."""
        async with self._database.for_jobs() as connection:
            rows = await connection.scalars(text("SELECT email FROM people WHERE email <> ''"))
            return frozenset(rows)


def _to_row(member: DirectoryMember) -> dict[str, str | None]:
    return {
        "slack_user_id": member.slack_user_id,
        "email": normalized_email(member.email),
        "time_zone": member.time_zone or "UTC",
        "locale": member.locale or "en-US",
    }


def _to_person(row: Sequence[Any]) -> Person:
    person_id, slack_user_id, time_zone, locale = row
    return Person(
        id=PersonId(person_id), slack_user_id=slack_user_id, time_zone=time_zone, locale=locale
    )
