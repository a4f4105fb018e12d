"""What a source takes back: work that is gone, and work that turns out not to be done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from db.linking import LinkStore
from db.outcomes import OutcomeStore
from tests.factories import NOON, make_batch, make_outcome

SETTLE = timedelta(days=7)


async def states(database) -> dict[str, str]:
    await LinkStore(database).link(NOON, SETTLE)
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT source_id, state FROM outcomes"))
        return {row.source_id: row.state for row in rows}


async def tell(database, *outcomes, **changes):
    await OutcomeStore(database).replace(
        "git", make_batch(*outcomes, **{"complete": False, **changes})
    )


class TestWithdrawnWork:
    async def test_is_gone_with_its_credits(self, database):
        await tell(database, make_outcome(1, "ada"), make_outcome(2, "ada"))
        await tell(database, withdrawn=frozenset({"app#1", "never known"}))

        assert await states(database) == {"app#2": "settled"}
        async with database.for_jobs() as connection:
            assert list(
                await connection.scalars(text("SELECT source_id FROM outcome_credits"))
            ) == ["app#2"]


class TestUnfinishedWork:
    async def test_that_was_done_is_open_again(self, database):
        await tell(database, make_outcome(1, "ada"), make_outcome(2, "ada"))
        await tell(database, unfinished=frozenset({"app#1", "never known"}))

        assert await states(database) == {"app#1": "reopened", "app#2": "settled"}

    async def test_is_done_once_it_is_told_as_done_again(self, database):
        await tell(database, make_outcome(1, "ada"))
        await tell(database, unfinished=frozenset({"app#1"}))
        await tell(database, make_outcome(1, "ada", completed_at=NOON))

        assert await states(database) == {"app#1": "done"}

    async def test_is_open_since_it_was_first_seen_so(self, database):
        await tell(database, make_outcome(1, "ada"))
        for later in (0, 1):
            through = NOON + timedelta(days=later)
            await tell(database, unfinished=frozenset({"app#1"}), data_through=through)

        async with database.for_jobs() as connection:
            assert await connection.scalar(text("SELECT reopened_at FROM outcomes")) == NOON
