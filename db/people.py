"""Who is in the workspace, and what each chose."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import DirectoryMember, Person, PersonId, normalized_email
from bot.domain.periods import IsoWeek, Period, midnight
from bot.domain.preferences import Cadence
from bot.domain.schedule import DigestTime
from db.account_links import hold_links, relink_all
from db.database import Database
from db.deliveries import DIGEST_END
from db.digest_times import IS_READ_THEN, TIMES, as_arrays
from db.refusals import refused_users
from db.usage import IS_USE

_SYNC = text(
    "INSERT INTO people (slack_user_id, email, time_zone, locale, is_active)"
    " SELECT slack_user_id, email, time_zone, locale, true"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS r(slack_user_id text, email text, time_zone text, locale text)"
    " ON CONFLICT (workspace_id, slack_user_id) DO UPDATE SET is_active = true,"
    " deactivated_on = NULL, email = excluded.email, time_zone = excluded.time_zone,"
    " locale = excluded.locale"
    " WHERE (people.email, people.time_zone, people.locale, people.is_active) IS DISTINCT FROM"
    " (excluded.email, excluded.time_zone, excluded.locale, true)"
)
_DEACTIVATE_OTHERS = text(
    "UPDATE people SET is_active = false, deactivated_on = :today WHERE is_active"
    " AND NOT slack_user_id = ANY(CAST(:present AS text[]))"
)
_FIND = text(
    "SELECT id, slack_user_id, time_zone, locale FROM people"
    " WHERE workspace_id = 1 AND slack_user_id = :slack_user_id AND is_active"
)
# Their days are not kept any more: what is left is nothing to write to them about.
_IS_IN = "p.is_active AND p.opted_out_on IS NULL"
_DIGEST_TIMES = text("SELECT DISTINCT time_zone, digest_day FROM people WHERE is_active")
_HAS_LEFT = text(
    "SELECT NOT is_active FROM people WHERE workspace_id = 1 AND slack_user_id = :slack_user_id"
)
_HAS_SOMETHING_TO_SHOW = "EXISTS (SELECT FROM accounts a WHERE a.person_id = p.id)"
_UNWELCOMED = text(
    "SELECT p.id, p.slack_user_id, p.time_zone, p.locale FROM people p"
    f" WHERE {_IS_IN} AND p.welcomed_at IS NULL AND p.digest_cadence <> 'off'"
    f" AND {_HAS_SOMETHING_TO_SHOW}"
    " AND NOT EXISTS (SELECT FROM deliveries d WHERE d.person_id = p.id AND d.kind = 'welcome')"
    " ORDER BY p.id"
)
_HAS_DIGEST = "EXISTS (SELECT FROM deliveries d WHERE d.person_id = p.id AND d.kind = 'digest'{})"
_WORK_IS_THEIRS = (
    "SELECT FROM outcome_credits c JOIN outcomes o USING (workspace_id, source, source_id)"
    " WHERE c.person_id = p.id AND c.counts"
)
# Whoever changes how often it comes has been told up to where the last digest ended, whatever its
# length; and has long known of digests in the middle of a month.
_WITHOUT_DIGEST = text(
    f"SELECT p.id FROM people p WHERE {_IS_IN} AND p.digest_cadence = :cadence"
    f" AND EXISTS (SELECT FROM unnest({TIMES}) AS due(zone, own_day) WHERE {IS_READ_THEN})"
    f" AND (p.welcomed_at <= :start OR {_HAS_DIGEST.format('')})"
    f" AND NOT {_HAS_DIGEST.format(f' AND {DIGEST_END} >= :end_day')}"
    f" AND (:cadence <> '{Cadence.DAILY}'"
    f"  OR EXISTS (SELECT FROM usage_records u WHERE u.person_id = p.id AND {IS_USE}"
    "   AND u.day = :first_day)"
    f"  OR EXISTS ({_WORK_IS_THEIRS} AND o.completed_at >= :start AND o.completed_at < :end))"
    " ORDER BY p.id"
)
# Whoever pressed Stop before there were settings has no row of them: off is off for everything.
_UNWATCHED = text(
    "SELECT p.id FROM people p"
    " LEFT JOIN preferences c ON c.workspace_id = 1 AND c.person_id = p.id"
    f" WHERE {_IS_IN} AND p.welcomed_at <= :week_start"
    " AND (p.watched_through IS NULL OR p.watched_through < :through)"
    " AND coalesce(c.nudges OR c.budget_notes, p.digest_cadence <> 'off')"
    f" AND {_HAS_SOMETHING_TO_SHOW} ORDER BY p.id"
)
_WATCHED = text(
    "UPDATE people SET watched_through = :through WHERE id = ANY(CAST(:ids AS bigint[]))"
    " AND (watched_through IS NULL OR watched_through < :through)"
)


class PeopleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def sync(self, members: Sequence[DirectoryMember], *, today: date) -> int:
        """Make the directory's eligible members ours; whoever is missing is no longer active.

        Of whoever was forgotten nothing is kept. From *today* on accounts are whose they are now.
        """
        eligible = [member for member in members if member.is_eligible]
        database = self._database
        async with database.for_jobs() as connection:
            ids = [member.slack_user_id for member in eligible]
            forgotten = await refused_users(connection, database.key, ids)
            rows = [_to_row(m) for m in eligible if m.slack_user_id not in forgotten]
            await hold_links(connection)
            await connection.execute(_SYNC, {"rows": json.dumps(rows)})
            present = {"present": [row["slack_user_id"] for row in rows], "today": today}
            await connection.execute(_DEACTIVATE_OTHERS, present)
            await relink_all(connection, database.claimed_domains, today)
        return len(rows)

    async def find(self, slack_user_id: str) -> Person | None:
        """The active person behind a Slack user, ``None`` for guests, strangers and unknowns."""
        async with self._database.for_slack_user(slack_user_id) as connection:
            row = (await connection.execute(_FIND, {"slack_user_id": slack_user_id})).first()
            return _to_person(row) if row else None

    async def has_left(self, slack_user_id: str) -> bool:
        """Whether somebody who was here has left, or is a guest now."""
        async with self._database.for_slack_user(slack_user_id) as connection:
            return await connection.scalar(_HAS_LEFT, {"slack_user_id": slack_user_id}) is True

    async def unwelcomed(self) -> list[Person]:
        """Whoever has an account and has not been told yet what Upshot is."""
        async with self._database.for_jobs() as connection:
            return [_to_person(row) for row in await connection.execute(_UNWELCOMED)]

    async def digest_times(self) -> list[DigestTime]:
        """At which digests are read here, each once."""
        async with self._database.for_jobs() as connection:
            return [DigestTime(*row) for row in await connection.execute(_DIGEST_TIMES)]

    async def without_digest(
        self, due: Mapping[tuple[Cadence, Period], Sequence[DigestTime]]
    ) -> dict[tuple[Cadence, Period], list[PersonId]]:
        """Those with the times of each period that is *due* who were told of nothing up to its end,
        and welcomed before it began.

        A day of which nothing is recorded has no digest.
        """
        async with self._database.for_jobs() as connection:
            return {
                (cadence, period): await _without_digest(connection, cadence, period, times)
                for (cadence, period), times in due.items()
            }

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

    async def unwatched(self, through: date) -> list[PersonId]:
        """Whose days up to *through* are to be looked at: welcomed before that week, and willing.

        Those who want neither nudges nor budget notes are left alone.
        """
        week_start = midnight(IsoWeek.of(through).monday)
        async with self._database.for_jobs() as connection:
            rows = await connection.scalars(
                _UNWATCHED, {"through": through, "week_start": week_start}
            )
            return [PersonId(row) for row in rows]

    async def watched(self, people: Sequence[PersonId], through: date) -> None:
        """Take note that *people*'s days up to *through* were looked at."""
        async with self._database.for_jobs() as connection:
            await connection.execute(_WATCHED, {"ids": list(people), "through": through})

    async def count(self) -> int:
        async with self._database.for_jobs() as connection:
            return await connection.scalar(text("SELECT count(*) FROM people WHERE is_active")) or 0

    async def addresses(self) -> frozenset[str]:
        """Every address of the directory, lower-cased."""
        async with self._database.for_jobs() as connection:
            rows = await connection.scalars(text("SELECT email FROM people WHERE email <> ''"))
            return frozenset(rows)


async def _without_digest(
    connection: AsyncConnection, cadence: Cadence, period: Period, times: Sequence[DigestTime]
) -> list[PersonId]:
    rows = await connection.scalars(
        _WITHOUT_DIGEST,
        {
            "cadence": cadence.value,
            **as_arrays(times),
            "start": period.start,
            "end": period.end,
            "first_day": period.first_day,
            "end_day": period.end.date(),
        },
    )
    return [PersonId(row) for row in rows]


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
