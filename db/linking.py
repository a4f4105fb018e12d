"""Joining what the sources told of the same work, and keeping how it stands and whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from db.bulk import JOIN_WHOLE_SETS
from db.database import Database
from db.levels import keep_first_uses, keep_levels
from db.pieces import join_pieces
from db.shares import share_out
from db.states import keep_states

# Nobody tells of work meanwhile, and nobody else links; reading goes on.
_LOCK = text("LOCK TABLE outcomes IN SHARE ROW EXCLUSIVE MODE")


class LinkStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def link(self, now: datetime, settle: timedelta) -> int:
        """Work everything out anew from all that is known, and write down what is different."""
        async with self._database.for_jobs() as connection:
            await connection.execute(_LOCK)
            await connection.execute(text(JOIN_WHOLE_SETS))
            await join_pieces(connection)
            changed = await keep_states(connection, now, settle)
            await share_out(connection)
            await keep_first_uses(connection)
            await keep_levels(connection)
        return changed
