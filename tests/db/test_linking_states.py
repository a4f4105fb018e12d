"""Work settles as time goes by, and what came of it later is the last word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.health import HealthStore
from tests.db.linked_work import DONE_AT, SETTLE, LinkedWork, change, ticket
from tests.factories import NOON

A_DAY = timedelta(days=1)
COMMIT, TICKET = frozenset({"commit:abc"}), frozenset({"ticket:OPS-1"})


@pytest.fixture
def work(database):
    return LinkedWork(database)


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
    async def test_follows_the_time(self, work, after, state):
        await work.tell(change("pull"))

        await work.link(DONE_AT + after)

        assert await work.states() == {"pull": state}

    async def test_says_how_many_changed(self, work):
        await work.tell(change("1"), change("2", names=COMMIT), change("3", names=COMMIT))

        assert await work.link() == 3
        assert await work.link() == 0

    async def test_does_not_say_that_a_state_changed_where_only_a_part_was_found(self, work):
        await work.tell(change("1", names=COMMIT), change("2"))
        await work.link()

        await work.tell(change("2", names=COMMIT))

        assert await work.link() == 0
        assert await work.parts() == {"2": "1"}

    async def test_is_the_rule_of_the_domain(self, work):
        works = [
            change("stands"),
            change("unfinished", completed_at=None),
            change("reverted", reverted_at=DONE_AT + 2 * A_DAY),
            change("reopened", reopened_at=DONE_AT + 4 * A_DAY),
            change("restored", restored_at=DONE_AT + 3 * A_DAY),
            change("both", reverted_at=DONE_AT + 4 * A_DAY, reopened_at=DONE_AT + 2 * A_DAY),
        ]
        await work.tell(*works)

        for days in range(-1, 12):
            now = DONE_AT + days * A_DAY
            await work.link(now)
            expected = {one.source_id: one.state_at(now, SETTLE) for one in works}
            assert await work.states() == expected

    async def test_a_longer_wait_makes_settled_work_just_done_again(self, work):
        await work.tell(change("pull"))
        await work.link(DONE_AT + SETTLE)

        await work.link(DONE_AT + SETTLE, timedelta(days=30))

        assert await work.states() == {"pull": "done"}

    async def test_begins_anew_when_work_came_back(self, work):
        restored_at = DONE_AT + 5 * A_DAY
        await work.tell(change("pull", restored_at=restored_at))

        await work.link(DONE_AT + SETTLE)
        assert await work.states() == {"pull": "done"}

        await work.link(restored_at + SETTLE)
        assert await work.states() == {"pull": "settled"}


class TestLateFacts:
    async def test_a_revert_counts_as_soon_as_it_is_told(self, work):
        await work.tell(change("pull"))
        await work.link()

        await work.tell(change("pull", reverted_at=NOON))
        await work.link()

        assert await work.states() == {"pull": "reverted"}

    async def test_work_that_landed_again_stands_again(self, work):
        await work.tell(change("pull", reverted_at=NOON))
        await work.link()

        await work.tell(change("pull", restored_at=NOON))
        await work.link(NOON + SETTLE)

        assert await work.states() == {"pull": "settled"}

    async def test_a_ticket_that_is_done_again_waits_anew(self, work):
        await work.tell(ticket("OPS-1", reopened_at=DONE_AT + A_DAY))
        await work.link()
        assert await work.states() == {"OPS-1": "reopened"}

        await work.tell(ticket("OPS-1", completed_at=NOON))
        await work.link()

        assert await work.states() == {"OPS-1": "done"}


class TestAPieceOfSeveral:
    async def test_has_one_state(self, work):
        pull = change("pull", names=COMMIT, closes=TICKET, reverted_at=NOON)
        commit = change("commit", source="git", names=COMMIT)
        await work.tell(pull, commit, ticket("OPS-1", names=TICKET))

        await work.link()

        assert set((await work.states()).values()) == {"reverted"}

    async def test_settles_with_its_main_one(self, work):
        closed_later = ticket("OPS-1", names=TICKET, completed_at=DONE_AT + A_DAY)
        await work.tell(change("pull", closes=TICKET), closed_later)

        await work.link(DONE_AT + SETTLE)

        assert await work.states() == {"pull": "settled", "OPS-1": "settled"}

    @pytest.mark.parametrize(
        ("now", "state"),
        [(NOON - A_DAY, "settled"), (NOON, "reopened"), (NOON + A_DAY, "reopened")],
    )
    async def test_is_reopened_when_its_ticket_is(self, work, now, state):
        reopened = ticket("OPS-1", names=TICKET, reopened_at=NOON)
        await work.tell(change("pull", closes=TICKET), reopened)

        await work.link(now)

        assert await work.states() == {"pull": state, "OPS-1": state}

    async def test_stays_reverted_when_its_ticket_is_reopened(self, work):
        reopened = ticket("OPS-1", names=TICKET, reopened_at=NOON)
        await work.tell(change("pull", closes=TICKET, reverted_at=NOON), reopened)

        await work.link()

        assert await work.states() == {"pull": "reverted", "OPS-1": "reverted"}

    async def test_is_reverted_where_one_of_two_that_tell_of_it_missed_that(self, work):
        knowing = change("commit", source="git", names=COMMIT, reverted_at=NOON)
        await work.tell(change("pull", names=COMMIT), knowing)

        await work.link()

        assert await work.states() == {"pull": "reverted", "commit": "reverted"}

    async def test_stands_again_where_one_of_two_knows_that_it_was_restored(self, work):
        stale = change("pull", names=COMMIT, reverted_at=DONE_AT)
        knowing = change("commit", source="git", names=COMMIT, restored_at=DONE_AT + A_DAY)
        await work.tell(stale, knowing)

        for now, state in ((DONE_AT + SETTLE, "done"), (DONE_AT + SETTLE + A_DAY, "settled")):
            await work.link(now)

            assert await work.states() == {"pull": state, "commit": state}

    async def test_is_reverted_where_the_other_knows_only_of_a_time_before(self, work):
        stale = change("pull", names=COMMIT, restored_at=DONE_AT)
        knowing = change("commit", source="git", names=COMMIT, reverted_at=DONE_AT + A_DAY)
        await work.tell(stale, knowing)

        await work.link()

        assert await work.states() == {"pull": "reverted", "commit": "reverted"}


class TestASourceThatCannotBeReadNow:
    @pytest.mark.parametrize(
        ("read_through", "state"),
        [(DONE_AT + SETTLE - timedelta(seconds=1), "done"), (DONE_AT + SETTLE, "settled")],
    )
    async def test_lets_nothing_settle_that_it_did_not_look_at_since(
        self, work, database, read_through, state
    ):
        await work.tell(change("pull"))
        await HealthStore(database).source_succeeded("github", read_through, NOON)

        await work.link(NOON + timedelta(days=100))

        assert await work.states() == {"pull": state}


class TestAForbiddenProject:
    FORBIDDEN_AT = DONE_AT + SETTLE

    async def told_then_forbidden(self, work, told, at):
        await work.tell(told, readable=frozenset({"app"}))
        await work.tell(
            change("elsewhere", project="web"), readable=frozenset({"web"}), data_through=at
        )

    async def test_keeps_what_had_settled(self, work):
        await self.told_then_forbidden(work, change("pull", project="app"), self.FORBIDDEN_AT)

        await work.link(NOON)

        assert (await work.states())["pull"] == "settled"

    async def test_lets_nothing_settle_unseen(self, work):
        just_before = self.FORBIDDEN_AT - timedelta(seconds=1)
        await self.told_then_forbidden(work, change("pull", project="app"), just_before)

        await work.link(NOON + timedelta(days=100))

        assert (await work.states()) == {"pull": "done", "elsewhere": "settled"}

    async def test_lets_it_settle_once_it_can_be_read_again(self, work):
        await self.told_then_forbidden(work, change("pull", project="app"), DONE_AT)
        await work.tell(change("elsewhere", project="web"), readable=frozenset({"app", "web"}))

        await work.link(NOON)

        assert (await work.states())["pull"] == "settled"

    async def test_of_another_source_has_only_its_name(self, work):
        await work.tell(change("commit", source="git", project="app"))
        await self.told_then_forbidden(work, change("pull", project="app"), DONE_AT)

        await work.link(NOON)

        states = await work.states()
        assert (states["commit"], states["pull"]) == ("settled", "done")

    async def test_counts_for_a_piece_where_its_main_one_lies(self, work):
        closed = ticket("OPS-1", names=TICKET, project="OPS")
        await work.tell(closed, change("pull", closes=TICKET, project="app"))
        await self.told_then_forbidden(work, change("pull", closes=TICKET, project="app"), DONE_AT)

        await work.link(NOON)

        states = await work.states()
        assert (states["OPS-1"], states["pull"]) == ("done", "done")
