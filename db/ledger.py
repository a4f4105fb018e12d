"""The ledger of releases: rows are added, a whole week at once, and sealed one over the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from sqlalchemy import text

from bot.domain.delivery import DeliveryKind
from bot.domain.disclosure.parameters import p_of
from bot.domain.keyed import Key
from bot.domain.ledger import BEGINNING, LedgerEntry, Scope, Sealed, seal
from bot.domain.ledger_entries import as_kept, released_week
from bot.domain.periods import IsoWeek
from bot.domain.teams import ReleasedWeek
from db.database import Database

CHAIN = "ledger"

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('upshot ledger', 0))")
_KEPT = "EXISTS (SELECT FROM ledger WHERE workspace_id = 1 AND week = :monday)"
_IS_KEPT = text(f"SELECT {_KEPT}")
# Of a week that an earlier version told of without noise, another figure would tell the noise.
_IS_RELEASED = text(
    f"SELECT {_KEPT} OR EXISTS (SELECT FROM deliveries WHERE workspace_id = 1"
    f" AND kind = '{DeliveryKind.TEAM_SUMMARY}' AND period_start = :monday)"
)
_LAST = text("SELECT seal FROM ledger ORDER BY id DESC LIMIT 1")
_APPEND = text(
    "INSERT INTO ledger (week, scope, team_id, released_at, body, previous, seal)"
    " VALUES (:monday, :scope, :team, :released_at, :body, :previous, :seal)"
)
_OF_TEAM = text(
    "SELECT own.body, other.body FROM ledger own JOIN ledger other"
    " ON other.workspace_id = own.workspace_id AND other.week = own.week"
    f" AND other.scope = '{Scope.OTHER}' AND other.team_id = 0"
    f" WHERE own.workspace_id = 1 AND own.scope = '{Scope.TEAM}' AND own.team_id = :team"
    " AND own.week <= :until ORDER BY own.week DESC LIMIT :most"
)
_TO_TELL = text(
    "SELECT l.team_id FROM ledger l JOIN teams t ON t.id = l.team_id"
    f" WHERE l.workspace_id = 1 AND l.week = :monday AND l.scope = '{Scope.TEAM}'"
    " AND t.channel IS NOT NULL AND t.channel_problem IS NULL"
    " AND NOT EXISTS (SELECT FROM deliveries d WHERE d.dedup_key"
    f" = concat_ws(':', t.channel, '{DeliveryKind.TEAM_SUMMARY}', l.week, t.id))"
)
_ROWS = text(
    "SELECT week, scope, team_id, released_at, body, previous, seal FROM ledger ORDER BY id"
)


class LedgerStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def released(self, week: IsoWeek) -> bool:
        """Whether anything was told of *week*: then nothing else will be."""
        async with self._database.for_jobs() as connection:
            return await connection.scalar(_IS_RELEASED, {"monday": week.monday}) is True

    async def keep(self, entries: Sequence[LedgerEntry]) -> bool:
        """Append a whole week; ``False``, and nothing is kept, where that week is there already."""
        [week] = {entry.week for entry in entries}
        async with self._database.unscoped() as connection:
            # One at a time: each seal is made over the one before it.
            await connection.execute(_LOCK)
            if await connection.scalar(_IS_KEPT, {"monday": week.monday}):
                return False
            previous: bytes = await connection.scalar(_LAST) or BEGINNING
            await connection.execute(_APPEND, list(_rows(self._database.key, previous, entries)))
        return True

    async def of_team(self, team: int, until: IsoWeek, most: int) -> list[ReleasedWeek]:
        """The latest released weeks of *team* up to *until*, newest first."""
        asked = {"team": team, "until": until.monday, "most": most}
        p = p_of(self._database.key)
        async with self._database.for_one_statement() as connection:
            return [
                released_week(own, other, p)
                for own, other in await connection.execute(_OF_TEAM, asked)
            ]

    async def to_tell(self, week: IsoWeek) -> frozenset[int]:
        """The teams whose *week* was released, and whose channel has not been told of it yet."""
        async with self._database.for_jobs() as connection:
            return frozenset(await connection.scalars(_TO_TELL, {"monday": week.monday}))

    async def chain(self) -> AsyncIterator[Sealed]:
        """Oldest first, a few at a time; a row whose columns were changed does not hold either."""
        async with self._database.unscoped() as connection:
            async for row in await connection.stream(_ROWS):
                body = as_kept(
                    row.body,
                    monday=row.week,
                    scope=row.scope,
                    team=row.team_id,
                    released_at=row.released_at,
                )
                yield Sealed(body=body, previous=row.previous, seal=row.seal)


def _rows(key: Key, previous: bytes, entries: Sequence[LedgerEntry]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        sealed = seal(key, CHAIN, previous, entry.body)
        yield {
            "monday": entry.week.monday,
            "scope": entry.scope.value,
            "team": entry.team or 0,
            "released_at": entry.released_at,
            "body": entry.body,
            "previous": previous,
            "seal": sealed,
        }
        previous = sealed
