"""Work that several sources tell of, and what linking makes of it in the tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.periods import midnight
from db.database import Database
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from tests.factories import MONDAY, NOON, make_batch, make_outcome

DONE_AT = midnight(MONDAY) + timedelta(hours=10)
SETTLE = timedelta(days=7)


class Linked(NamedTuple):
    """What linking found of a credit."""

    counts: bool
    share: Decimal
    level: int | None


def change(source_id: str, *authors: str, source: str = "github", **changes: Any) -> Outcome:
    return replace(
        make_outcome(1, *authors), **{"source": source, "source_id": source_id, **changes}
    )


def ticket(source_id: str, *assignees: str, source: str = "jira", **changes: Any) -> Outcome:
    assigned = tuple(Credit(assignee, Role.ASSIGNEE) for assignee in assignees)
    facts = {"kind": OutcomeKind.TASK_DONE, "source": source, "source_id": source_id}
    return replace(make_outcome(1), **{**facts, "credits": assigned, **changes})


class LinkedWork:
    """Tells what it is given as its sources would, and looks at what became of it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def tell(self, *works: Outcome, **changes: Any) -> None:
        """*changes* are to the batch of each source."""
        by_source = defaultdict(list)
        for work in works:
            by_source[work.source].append(work)
        for source, told in by_source.items():
            batch = make_batch(*told, **{"complete": False, **changes})
            await OutcomeStore(self.database).replace(source, batch)

    async def link(self, now: datetime = NOON, settle: timedelta = SETTLE) -> int:
        return await LinkStore(self.database).link(now, settle)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.database.for_jobs() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def parts(self) -> dict[str, str]:
        """Of each outcome that is part of another one: of which."""
        parts = "SELECT source_id, part_of_id FROM outcomes WHERE part_of_id IS NOT NULL"
        return dict(await self.rows(parts))

    async def states(self) -> dict[str, str]:
        return dict(await self.rows("SELECT source_id, state FROM outcomes"))

    async def credits(self) -> dict[tuple[str, str], Linked]:
        """By outcome and account."""
        found = "SELECT source_id, account, counts, share, level FROM outcome_credits"
        return {(work, account): Linked(*rest) for work, account, *rest in await self.rows(found)}

    async def levels(self) -> dict[tuple[str, str], int | None]:
        return {key: credit.level for key, credit in (await self.credits()).items()}
