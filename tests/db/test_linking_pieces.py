"""One piece of work is known for one, however many sources tell of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

import pytest

from bot.domain.outcomes import OutcomeKind
from tests.db.linked_work import DONE_AT, LinkedWork, change, ticket

COMMIT, OTHER_COMMIT = frozenset({"commit:abc"}), frozenset({"commit:def"})
PULL = frozenset({"github:acme/app#7"})
TICKET, OTHER_TICKET = frozenset({"ticket:OPS-1"}), frozenset({"ticket:OPS-2"})
LATER = DONE_AT + timedelta(hours=1)


@pytest.fixture
def work(database):
    return LinkedWork(database)


class TestACommonName:
    @pytest.mark.parametrize(
        ("main", "part"),
        [
            pytest.param(
                change("z", source="github", names=COMMIT),
                change("a", source="git", names=COMMIT),
                id="the-forge-before-its-git",
            ),
            pytest.param(
                change("z", source="gitlab", names=COMMIT),
                change("a", source="git", names=COMMIT),
                id="the-other-forge-too",
            ),
            pytest.param(
                ticket("z", source="jira", names=TICKET),
                ticket("a", source="linear", names=TICKET),
                id="trackers-by-their-names",
            ),
            pytest.param(
                ticket("A", names=TICKET), ticket("a", names=TICKET), id="keys-as-they-are-written"
            ),
            pytest.param(
                change("z", source="git", names=COMMIT),
                ticket("a", source="github", names=COMMIT),
                id="a-change-before-any-ticket",
            ),
        ],
    )
    async def test_makes_two_one_of_which_one_is_the_main(self, work, main, part):
        await work.tell(part, main)

        await work.link()

        assert await work.parts() == {part.source_id: main.source_id}

    async def test_is_enough_among_others(self, work):
        pull = change("pull", names=PULL | COMMIT)
        await work.tell(pull, change("commit", source="git", names=COMMIT | OTHER_COMMIT))

        await work.link()

        assert await work.parts() == {"commit": "pull"}

    async def test_says_from_which_source_the_main_one_is(self, work):
        same_id = [change("app#1", source=source, names=COMMIT) for source in ("git", "github")]
        await work.tell(*same_id)

        await work.link()

        found = await work.rows("SELECT source, part_of_source, part_of_id FROM outcomes")
        assert set(found) == {("git", "github", "app#1"), ("github", None, None)}

    async def test_joins_through_others(self, work):
        both = change("both", source="gitlab", names=COMMIT | OTHER_COMMIT)
        one, other = change("one", names=COMMIT), change("other", names=OTHER_COMMIT)
        await work.tell(both, one, other)

        await work.link()

        assert await work.parts() == {"both": "one", "other": "one"}

    async def test_joins_through_however_many(self, work):
        places = list(range(300))
        Random(5).shuffle(places)
        chain = [
            change(f"{place:03}", names=frozenset({f"commit:{n}", f"commit:{n + 1}"}))
            for n, place in enumerate(places)
        ]
        await work.tell(*chain)

        await work.link()

        assert await work.parts() == {f"{place:03}": "000" for place in range(1, 300)}

    async def test_of_a_review_says_nothing(self, work):
        review = change("review", names=COMMIT, kind=OutcomeKind.REVIEW_GIVEN)
        await work.tell(review, change("pull", names=COMMIT))

        await work.link()

        assert await work.parts() == {}

    async def test_of_unfinished_work_says_nothing_yet(self, work):
        pull = change("pull", names=COMMIT)
        await work.tell(pull, change("commit", source="git", names=COMMIT, completed_at=None))

        await work.link()

        assert await work.parts() == {}

    async def test_that_was_taken_back_parts_them_again(self, work):
        await work.tell(change("pull", names=COMMIT), change("commit", source="git", names=COMMIT))
        await work.link()

        await work.tell(change("commit", source="git", names=OTHER_COMMIT))
        await work.link()

        assert await work.parts() == {}

    async def test_counts_no_more_when_the_main_one_vanished(self, work):
        await work.tell(change("pull", names=COMMIT), change("commit", source="git", names=COMMIT))
        await work.link()

        await work.tell(change("another"), complete=True)
        await work.link()

        assert await work.parts() == {}


class TestWhatAChangeCloses:
    async def test_is_part_of_the_change(self, work):
        await work.tell(change("pull", closes=TICKET), ticket("OPS-1", names=TICKET))

        await work.link()

        assert await work.parts() == {"OPS-1": "pull"}

    async def test_may_be_told_by_the_ticket(self, work):
        await work.tell(change("pull", names=PULL), ticket("OPS-1", closed_by=PULL))

        await work.link()

        assert await work.parts() == {"OPS-1": "pull"}

    @pytest.mark.parametrize(
        "kind", sorted(set(OutcomeKind) - {OutcomeKind.MERGED_CHANGE, OutcomeKind.REVIEW_GIVEN})
    )
    async def test_may_be_of_any_kind(self, work, kind):
        await work.tell(change("pull", closes=TICKET), ticket("OPS-1", names=TICKET, kind=kind))

        await work.link()

        assert await work.parts() == {"OPS-1": "pull"}

    async def test_takes_its_mirror_along(self, work):
        mirror = ticket("mirror", source="linear", names=TICKET)
        closed = ticket("OPS-1", names=TICKET, closed_by=PULL)
        await work.tell(change("pull", names=PULL), closed, mirror)

        await work.link()

        assert await work.parts() == {"OPS-1": "pull", "mirror": "pull"}

    async def test_is_several_tickets_and_one_piece_of_work(self, work):
        closing = change("pull", closes=TICKET | OTHER_TICKET)
        await work.tell(closing, ticket("1", names=TICKET), ticket("2", names=OTHER_TICKET))

        await work.link()

        assert await work.parts() == {"1": "pull", "2": "pull"}

    async def test_is_part_of_the_change_that_was_finished_first(self, work):
        late = change("a", closes=TICKET, completed_at=LATER)
        await work.tell(
            late, change("b", names=PULL), ticket("OPS-1", names=TICKET, closed_by=PULL)
        )

        await work.link()

        assert await work.parts() == {"OPS-1": "b"}

    async def test_is_part_of_the_first_by_name_of_those_finished_at_once(self, work):
        closing = [change(name, closes=TICKET) for name in ("c", "b", "a")]
        await work.tell(*closing, ticket("OPS-1", names=TICKET))

        await work.link()

        assert await work.parts() == {"OPS-1": "a"}

    async def test_is_part_of_what_the_change_itself_is_part_of(self, work):
        told_in_git = change("commit", source="git", names=COMMIT, closes=TICKET)
        await work.tell(told_in_git, change("pull", names=COMMIT), ticket("OPS-1", names=TICKET))

        await work.link()

        assert await work.parts() == {"commit": "pull", "OPS-1": "pull"}

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(change("other", names=TICKET), id="another-change"),
            pytest.param(
                change("other", names=TICKET, kind=OutcomeKind.REVIEW_GIVEN), id="a-review"
            ),
            pytest.param(ticket("other", names=TICKET, completed_at=None), id="open-work"),
        ],
    )
    async def test_is_never(self, work, other):
        await work.tell(change("pull", closes=TICKET), other)

        await work.link()

        assert await work.parts() == {}

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(change("other", closes=TICKET, completed_at=None), id="an-open-change"),
            pytest.param(ticket("other", closes=TICKET), id="a-ticket"),
            pytest.param(
                change("other", closes=TICKET, kind=OutcomeKind.REVIEW_GIVEN), id="a-review"
            ),
        ],
    )
    async def test_is_not_what_something_else_mentions(self, work, other):
        await work.tell(other, ticket("OPS-1", names=TICKET))

        await work.link()

        assert await work.parts() == {}

    async def test_stays_with_the_change_whose_name_it_has(self, work):
        same = ticket("OPS-1", names=COMMIT | TICKET)
        await work.tell(change("a", closes=TICKET), change("b", names=COMMIT), same)

        await work.link()

        assert await work.parts() == {"OPS-1": "b"}

    async def test_is_joined_when_the_change_comes_late(self, work):
        await work.tell(ticket("OPS-1", names=TICKET))
        await work.link()

        await work.tell(change("pull", closes=TICKET))
        await work.link()

        assert await work.parts() == {"OPS-1": "pull"}


class TestLinkingAgain:
    async def test_writes_nothing_where_nothing_is_new(self, work):
        pull = change("pull", "ada", "bob", "cyd", names=COMMIT, closes=TICKET)
        commit = change("commit", "ada", source="git", names=COMMIT)
        await work.tell(pull, commit, ticket("OPS-1", "zoe", names=TICKET))
        await work.link()
        versions = "SELECT 'o', xmin FROM outcomes UNION ALL SELECT 'c', xmin FROM outcome_credits"
        written = await work.rows(versions)

        assert await work.link() == 0

        assert await work.rows(versions) == written

    async def test_at_once_is_as_good_as_one_after_the_other(self, work):
        await work.tell(*(change(f"{n}", "ada", names=COMMIT) for n in range(50)))

        changed = await asyncio.gather(*(work.link() for _ in range(3)))

        assert sorted(changed) == [0, 0, 50]
        assert set((await work.parts()).values()) == {"0"}
