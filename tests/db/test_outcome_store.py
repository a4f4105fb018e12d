"""Finished work is kept as its source last told of it, and settles as time goes by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.outcomes import Credit, Evidence, Mark, Role
from bot.domain.periods import midnight
from db.outcomes import OutcomeStore
from tests.factories import MONDAY, NOON, enroll, make_batch, make_outcome

DONE_AT = midnight(MONDAY) + timedelta(hours=10)
SETTLE = timedelta(days=7)


@pytest.fixture
def outcomes(database):
    return OutcomeStore(database)


async def states(database) -> dict[str, str]:
    async with database.for_jobs() as connection:
        return dict((await connection.execute(text("SELECT source_id, state FROM outcomes"))).all())


async def credits_of(database) -> set[tuple[str, str, str]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(
            text("SELECT source_id, account, role FROM outcome_credits")
        )
        return {tuple(row) for row in rows}


class TestReplacing:
    async def test_keeps_the_work_and_the_marks_of_tools(self, outcomes, database):
        evidence = frozenset({Evidence("claude_code", Mark.COAUTHOR)})
        work = make_outcome(1, "ada", evidence=evidence, size=3)

        await outcomes.replace("git", make_batch(work))

        async with database.for_jobs() as connection:
            row = await connection.execute(
                text("SELECT source_id, kind, completed_at, size, evidence, state FROM outcomes")
            )
            kept = tuple(row.one())
        marks = ["claude_code:coauthor"]
        assert kept == ("app#1", "merged_change", DONE_AT, 3, marks, "done")

    async def test_takes_the_place_of_what_was_said_before(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada", "bob")))
        by_bob = make_outcome(1, credits=(Credit("bob", Role.MERGER),))

        await outcomes.replace("git", make_batch(by_bob))

        assert await credits_of(database) == {("app#1", "bob", "merger")}

    async def test_lets_what_vanished_vanish_when_the_batch_is_all_there_is(
        self, outcomes, database
    ):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada"), make_outcome(2, "ada")))

        await outcomes.replace("git", make_batch(make_outcome(2, "ada")))

        assert set(await states(database)) == {"app#2"}
        assert await credits_of(database) == {("app#2", "ada", "author")}

    async def test_keeps_what_a_part_does_not_tell_of(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada")))

        await outcomes.replace("git", make_batch(make_outcome(2, "bob"), complete=False))

        assert set(await states(database)) == {"app#1", "app#2"}
        assert len(await credits_of(database)) == 2

    async def test_leaves_other_sources_alone(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada")))
        await outcomes.replace("github", make_batch(make_outcome(9, "ada")))

        await outcomes.replace("git", make_batch())

        assert set(await states(database)) == {"app#9"}

    async def test_gives_the_credit_to_whose_account_it_is(self, outcomes, database):
        [ada] = await enroll(database, "ada")

        await outcomes.replace("git", make_batch(make_outcome(1, "ada", "zoe")))

        async with database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT account, person_id FROM outcome_credits"))
            assert dict(rows.all()) == {"ada": ada.id, "zoe": None}

    async def test_keeps_work_that_is_nobodys(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1)))

        assert set(await states(database)) == {"app#1"}


class TestSettling:
    @pytest.mark.parametrize(
        ("after", "state"),
        [
            (timedelta(seconds=-1), "open"),
            (timedelta(), "done"),
            (SETTLE - timedelta(seconds=1), "done"),
            (SETTLE, "settled"),
            (timedelta(days=100), "settled"),
        ],
    )
    async def test_follows_the_time(self, outcomes, database, after, state):
        await outcomes.replace("git", make_batch(make_outcome(1)))

        await outcomes.settle(DONE_AT + after, SETTLE)

        assert await states(database) == {"app#1": state}

    async def test_says_how_many_changed(self, outcomes):
        await outcomes.replace("git", make_batch(make_outcome(1), make_outcome(2)))

        assert await outcomes.settle(NOON, SETTLE) == 2
        assert await outcomes.settle(NOON, SETTLE) == 0

    async def test_is_the_rule_of_the_domain(self, outcomes, database):
        reverted = make_outcome(2, reverted_at=DONE_AT + timedelta(days=2))
        works = [make_outcome(1), reverted, make_outcome(3, completed_at=None)]
        await outcomes.replace("git", make_batch(*works))

        for days in range(0, 12, 2):
            now = DONE_AT + timedelta(days=days)
            await outcomes.settle(now, SETTLE)
            expected = {work.source_id: work.state_at(now, SETTLE) for work in works}
            assert await states(database) == expected

    async def test_a_longer_wait_makes_settled_work_just_done_again(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1)))
        await outcomes.settle(DONE_AT + SETTLE, SETTLE)

        await outcomes.settle(DONE_AT + SETTLE, timedelta(days=30))

        assert await states(database) == {"app#1": "done"}

    async def test_a_revert_counts_as_soon_as_it_is_told(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1)))
        await outcomes.settle(NOON, SETTLE)

        await outcomes.replace("git", make_batch(make_outcome(1, reverted_at=NOON)))
        await outcomes.settle(NOON, SETTLE)

        assert await states(database) == {"app#1": "reverted"}

    async def test_work_that_landed_again_stands_again(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, reverted_at=NOON)))
        await outcomes.settle(NOON, SETTLE)

        await outcomes.replace("git", make_batch(make_outcome(1)))
        await outcomes.settle(NOON, SETTLE)

        assert await states(database) == {"app#1": "settled"}
