"""What is against posting in teams' channels, as posts and looks at them show it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.teams import ChannelProblem

LOCK_TEAMS = text("SELECT pg_advisory_xact_lock(hashtextextended('upshot teams', 0))")
_TOLD = (
    "jsonb_to_recordset(CAST(:problems AS jsonb)) AS n(channel text, problem text)"
    " WHERE t.channel = n.channel AND t.channel_problem IS DISTINCT FROM n.problem"
)
# Where it is shared with others, only another look at the channel says that it no longer is.
_IS_OUR_OWN = f"t.channel_problem IS DISTINCT FROM '{ChannelProblem.SHARED}'"
_IS_NEWS = text(f"SELECT EXISTS (SELECT FROM teams t, {_TOLD} AND {_IS_OUR_OWN})")
_NOTE = text(f"UPDATE teams t SET channel_problem = n.problem FROM {_TOLD}")
_NOTE_OF_POSTS = text(
    f"UPDATE teams t SET channel_problem = n.problem FROM {_TOLD} AND {_IS_OUR_OWN}"
)
_HOLD_BACK = text(
    "UPDATE deliveries SET state = 'skipped' WHERE state = 'planned'"
    " AND channel = ANY(CAST(:channels AS text[]))"
)
Problems = Mapping[str, ChannelProblem | None]
"""By the channel; ``None``: nothing."""


async def note_posts(connection: AsyncConnection, problems: Problems) -> None:
    """Keep what posts showed, in the transaction of *connection*."""
    told = {"problems": _rows(problems)}
    if problems and await connection.scalar(_IS_NEWS, told):
        await connection.execute(LOCK_TEAMS)
        await connection.execute(_NOTE_OF_POSTS, told)


async def note_looks(connection: AsyncConnection, problems: Problems) -> None:
    """Keep what looking showed; what still waits for a channel that is shared is dropped."""
    shared = [name for name, problem in problems.items() if problem is ChannelProblem.SHARED]
    await connection.execute(LOCK_TEAMS)
    await connection.execute(_NOTE, {"problems": _rows(problems)})
    await connection.execute(_HOLD_BACK, {"channels": shared})


def _rows(problems: Problems) -> str:
    return json.dumps([{"channel": name, "problem": told} for name, told in problems.items()])
