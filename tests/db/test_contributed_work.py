"""Which finished work a team's week is made of: what settled in it, shared by who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid5

import pytest

from bot.domain.disclosure.contributions import Cell
from bot.domain.logged import MOST_COUNTED_A_WEEK, Visibility
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import midnight
from db.logged import LoggedStore
from db.outcomes import OutcomeStore
from tests.db.linked_work import LinkedWork, change, ticket
from tests.db.released_work import A_DAY, SETTLE, STANDS_LONG_ENOUGH, Company
from tests.factories import MONDAY, NOON, WEEK, make_batch, make_identity, make_logged, make_outcome

A_MOMENT = timedelta(seconds=1)
THE_WEEK = midnight(MONDAY)
NEXT_WEEK = THE_WEEK + timedelta(weeks=1)
NAMESPACE = UUID(int=0)
MERGED = Cell.MERGED_CHANGE


@pytest.fixture
def company(database):
    return Company(database)


class TestSettledWork:
    @pytest.mark.parametrize(
        ("settles_at", "counts"),
        [
            pytest.param(THE_WEEK - A_MOMENT, 0, id="before"),
            pytest.param(THE_WEEK, 1, id="first"),
            pytest.param(NEXT_WEEK - A_MOMENT, 1, id="last"),
            pytest.param(NEXT_WEEK, 0, id="after"),
        ],
    )
    async def test_counts_in_the_week_in_which_it_settled(self, company, settles_at, counts):
        await company.found("ada")

        await company.finish("ada", at=settles_at - SETTLE)

        assert await company.amounts(MERGED) == [counts]

    async def test_settles_anew_after_it_was_landed_again(self, company):
        await company.found("ada")

        await company.finish("ada", at=THE_WEEK - 4 * SETTLE, restored_at=THE_WEEK - A_DAY)
        await company.finish("ada", restored_at=NEXT_WEEK)

        assert await company.amounts(MERGED) == [1]

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param({"reverted_at": THE_WEEK - A_DAY}, id="reverted"),
            pytest.param({"reopened_at": THE_WEEK}, id="reopened"),
            pytest.param({"completed_at": None}, id="open"),
        ],
    )
    async def test_still_stands(self, company, other):
        await company.found("ada")

        await company.finish("ada")
        await company.finish("ada", **other)

        assert await company.amounts(MERGED) == [1]

    async def test_is_whole_for_the_team_and_parted_among_those_who_did_it(self, company):
        await company.found("ada", "bob", "cyd")

        await company.finish("ada", "bob", "outsider")
        await company.finish("ada")

        assert await company.amounts(MERGED) == [0, Decimal("0.5"), Decimal("1.5")]

    async def test_is_whole_for_each_team_that_had_a_part_in_it(self, company):
        await company.found("ada", "bob")
        await company.found("cyd", team="Parsers", keep=True)

        await company.finish("ada", "bob", "cyd")

        assert await company.amounts(MERGED) == [Decimal("0.5"), Decimal("0.5"), 1]

    async def test_counts_a_person_once_however_many_accounts_that_person_has(
        self, company, database
    ):
        await company.found("ada", "bob")
        owners = {"a1": "ada", "a2": "ada", "b": "bob"}
        identities = {account: make_identity(name) for account, name in owners.items()}
        work = make_outcome(1, "a1", "a2", "b", completed_at=STANDS_LONG_ENOUGH)
        await OutcomeStore(database).replace("git", make_batch(work, identities=identities))
        await LinkedWork(database).link()

        assert await company.amounts(MERGED) == [Decimal("0.5"), Decimal("0.5")]

    async def test_is_told_apart_by_its_kind(self, company):
        await company.found("ada")

        await company.finish("ada")
        await company.finish("ada", kind=OutcomeKind.REVIEW_GIVEN)
        await company.finish("ada", kind=OutcomeKind.REVIEW_GIVEN)

        [ada] = await company.contributions()
        assert ada.amounts == {MERGED: 1, Cell.REVIEW_GIVEN: 2}

    async def test_counts_once_however_many_systems_tell_of_it(self, company, database):
        await company.found("ada", "bob")
        works = LinkedWork(database)
        done = {"completed_at": STANDS_LONG_ENOUGH}
        landed = change(
            "acme/web#1",
            "ada",
            closes=frozenset({"ticket:OPS-1"}),
            names=frozenset({"commit:0123456"}),
            **done,
        )
        told = ticket("10001", "bob", names=frozenset({"ticket:OPS-1"}), **done)
        names = frozenset({"commit:0123456"})
        await works.tell(
            landed, told, change("acme/web@1", "ada", source="git", names=names, **done)
        )
        await works.link()

        found = [c.amounts for c in await company.contributions() if c.amounts]

        assert found == [{MERGED: 1}]

    async def test_settles_with_the_piece_that_it_is_a_part_of(self, company, database):
        """A ticket that was closed long after its change was merged, which nobody here made."""
        await company.found("ada")
        works = LinkedWork(database)
        merged = change("acme/web#1", "outsider", closes=frozenset({"ticket:OPS-1"}))
        await works.tell(
            replace(merged, completed_at=STANDS_LONG_ENOUGH),
            ticket(
                "10001",
                "ada",
                names=frozenset({"ticket:OPS-1"}),
                completed_at=STANDS_LONG_ENOUGH - 4 * SETTLE,
            ),
        )
        await works.link()

        [ada] = await company.contributions()

        assert ada.amounts == {Cell.TASK_DONE: 1}


class TestRevertedWork:
    @pytest.mark.parametrize(
        ("reverted_at", "counts"),
        [
            (THE_WEEK - A_MOMENT, 0),
            (THE_WEEK, 1),
            (NEXT_WEEK - A_MOMENT, 1),
            (NEXT_WEEK, 0),
        ],
    )
    async def test_counts_in_the_week_in_which_it_was_reverted(self, company, reverted_at, counts):
        await company.found("ada")

        await company.finish("ada", at=THE_WEEK - 10 * SETTLE, reverted_at=reverted_at)

        assert await company.amounts(Cell.REVERTED) == [counts]
        assert await company.amounts(MERGED) == [0]

    async def test_is_none_that_was_landed_again(self, company):
        await company.found("ada")

        await company.finish("ada", at=THE_WEEK - 10 * SETTLE, restored_at=THE_WEEK + A_DAY)

        assert await company.amounts(Cell.REVERTED) == [0]

    async def test_is_the_team_s_who_made_the_change_once(self, company):
        await company.found("ada", "bob")

        await company.finish("ada", "bob", at=THE_WEEK - 10 * SETTLE, reverted_at=THE_WEEK)

        assert await company.amounts(Cell.REVERTED) == [Decimal("0.5"), Decimal("0.5")]

    async def test_is_known_from_whichever_system_tells_of_it(self, company, database):
        await company.found("ada")
        names = frozenset({"commit:0123456"})
        long_ago = THE_WEEK - 10 * SETTLE
        works = LinkedWork(database)
        await works.tell(
            change("acme/web#1", "ada", names=names, completed_at=long_ago),
            change(
                "acme/web@1",
                "ada",
                source="git",
                names=names,
                completed_at=long_ago,
                reverted_at=THE_WEEK + A_DAY,
            ),
        )
        await works.link()

        assert await company.amounts(Cell.REVERTED) == [1]


class TestWhatPeopleLogThemselves:
    @pytest.fixture
    async def log(self, company, database):
        """Logs so many outcomes of Ada's on a day."""
        await company.found("ada", "bob")
        ada = await company.id_of("ada")

        async def log(count=1, *, visibility=Visibility.COUNTED, done_on=MONDAY) -> None:
            for number in range(count):
                entry = make_logged(
                    ada,
                    id=uuid5(NAMESPACE, f"{visibility} {done_on} {number}"),
                    visibility=visibility,
                    done_on=done_on,
                )
                await LoggedStore(database).keep(entry)

        return log

    async def test_counts_where_they_say_so(self, company, log):
        await log(2)
        await log(1, visibility=Visibility.ONLY_ME)

        assert await company.amounts(Cell.LOGGED) == [0, 2]

    async def test_counts_five_times_a_week_at_most(self, company, log):
        await log(MOST_COUNTED_A_WEEK)
        await log(3, done_on=MONDAY + 6 * A_DAY)

        assert await company.amounts(Cell.LOGGED) == [0, 5]

    async def test_counts_in_the_week_that_it_was_done_in(self, company, log):
        await log(done_on=MONDAY - A_DAY)
        await log(2, done_on=MONDAY + 7 * A_DAY)

        assert await company.amounts(Cell.LOGGED) == [0, 0]
        assert (await company.snapshot()).past == {Cell.LOGGED: [1]}
        assert await company.amounts(Cell.LOGGED, WEEK.back(-1)) == [0, 2]

    async def test_is_a_series_of_its_own(self, company, log):
        await log(2)
        await company.finish("ada")

        [ada] = [c.amounts for c in await company.contributions() if c.amounts]

        assert ada == {MERGED: 1, Cell.LOGGED: 2}


async def test_the_past_of_work_is_told_by_weeks(company):
    await company.found("ada", "bob")
    for back in (0, 1, 1, 4, 5):
        await company.finish("ada", at=STANDS_LONG_ENOUGH - back * timedelta(weeks=1))
    await company.finish("ada", "bob", at=STANDS_LONG_ENOUGH - timedelta(weeks=2))
    await company.tell(NOON)

    past = (await company.snapshot()).past[MERGED]

    assert sorted(past) == [Decimal("0.5"), Decimal("0.5"), 1, 2]
