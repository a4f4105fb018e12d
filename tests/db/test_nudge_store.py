"""A nudge is told once, answered by its reader alone, and a count to everybody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.domain.coaching.nudges import Answer, Nudge, NudgeKind
from db.nudges import NudgeStore
from tests.factories import MONDAY, NOON, enroll

A_DAY = timedelta(days=1)
LAST = MONDAY + timedelta(days=13)


def make_nudge(kind: NudgeKind = NudgeKind.TWO_WEEKS, first_day: date = MONDAY) -> Nudge:
    spent, low, high = Decimal(118), Decimal(20), Decimal(45)
    return Nudge(kind=kind, first_day=first_day, last_day=LAST, spend=(spent,), low=low, high=high)


@pytest.fixture
def nudges(database):
    return NudgeStore(database)


@pytest.fixture
async def people(database):
    return [person.id for person in await enroll(database, "ada", "bob", "cyd")]


async def answers(database) -> dict[tuple[int, date], str | None]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT person_id, first_day, answer FROM nudges"))
        return {(person, day): answer for person, day, answer in rows}


class TestToldNudges:
    async def test_say_when_each_had_the_last_one(self, nudges, people):
        ada, bob, _ = people
        guard = make_nudge(NudgeKind.COST_GUARD, LAST)
        await nudges.keep([(ada, make_nudge()), (bob, make_nudge())], LAST)
        await nudges.keep([(ada, guard)], LAST + A_DAY)

        assert await nudges.told(people, MONDAY) == {ada: LAST + A_DAY, bob: LAST}
        assert await nudges.told(people, LAST + A_DAY) == {ada: LAST + A_DAY}
        assert await nudges.told([bob], MONDAY) == {bob: LAST}

    async def test_are_told_once_however_often_they_are_found(self, nudges, people):
        for days in range(3):
            await nudges.keep([(people[0], make_nudge())], LAST + days * A_DAY)

        assert await nudges.told(people, MONDAY) == {people[0]: LAST}

    async def test_are_a_count_of_people_to_everybody_else(self, nudges, people):
        ada, bob, _ = people
        guard = make_nudge(NudgeKind.COST_GUARD)
        await nudges.keep([(ada, make_nudge()), (ada, guard), (bob, guard)], LAST)
        await nudges.keep([], LAST)

        assert await nudges.people_nudged(LAST) == 2
        assert await nudges.people_nudged(LAST + A_DAY) == 0


class TestAnAnswer:
    @pytest.fixture(autouse=True)
    async def _two_were_nudged(self, nudges, people):
        ada, bob, _ = people
        later = make_nudge(first_day=MONDAY + 7 * A_DAY)
        await nudges.keep([(ada, make_nudge()), (bob, make_nudge()), (ada, later)], LAST)

    async def test_is_kept_of_the_one_who_gave_it(self, nudges, people, database):
        ada, bob, _ = people

        was_there = await nudges.answer(ada, NudgeKind.TWO_WEEKS, MONDAY, Answer.EXPECTED, NOON)

        assert was_there
        assert await answers(database) == {
            (ada, MONDAY): "expected",
            (ada, MONDAY + 7 * A_DAY): None,
            (bob, MONDAY): None,
        }

    async def test_to_what_one_was_never_told_is_none(self, nudges, people, database):
        ada, _, cyd = people

        for person, kind in ((cyd, NudgeKind.TWO_WEEKS), (ada, NudgeKind.COST_GUARD)):
            assert not await nudges.answer(person, kind, MONDAY, Answer.NEVER, NOON)
            assert await nudges.find(person, kind, MONDAY) is None
        assert set((await answers(database)).values()) == {None}

    async def test_finds_the_days_that_it_is_about(self, nudges, people):
        assert await nudges.find(people[0], NudgeKind.TWO_WEEKS, MONDAY) == (MONDAY, LAST)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ([Answer.CHECKED], "checked"),
            ([Answer.CHECKED, Answer.EXPLORATION], "exploration"),
            ([Answer.EXPECTED, Answer.CHECKED], "expected"),
            ([Answer.EXPECTED, Answer.NEVER], "never"),
        ],
    )
    async def test_is_the_last_one_but_for_a_look(self, nudges, people, database, given, kept):
        for answer in given:
            await nudges.answer(people[0], NudgeKind.TWO_WEEKS, MONDAY, answer, NOON)

        assert (await answers(database))[people[0], MONDAY] == kept
