"""Signatures of the last minutes: a captured request works once and never again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from db.database import Database

KEEP = timedelta(minutes=10)

# A power cut may forget the last half second of signatures: no answer waits for the disk.
_REMEMBER = text(
    "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true)),"
    " outdated AS (SELECT signature FROM seen_requests WHERE seen_at < :outdated"
    "  LIMIT 100 FOR UPDATE SKIP LOCKED),"
    " forgotten AS (DELETE FROM seen_requests s USING outdated o WHERE s.signature = o.signature)"
    " INSERT INTO seen_requests (signature, seen_at)"
    " SELECT CAST(:signature AS text), CAST(:now AS timestamptz) FROM quick"
    " ON CONFLICT DO NOTHING"
)


class SeenRequests:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_new(self, signature: str, now: datetime) -> bool:
        """Whether *signature* is seen for the first time; *now* is real time.

        What is older than any request that is let in is forgotten on the way.
        """
        moments = {"now": now, "outdated": now - KEEP}
        async with self._database.for_one_statement() as connection:
            result = await connection.execute(_REMEMBER, {"signature": signature, **moments})
            return result.rowcount == 1
