"""A piece of work counts once, for those who are credited where it counts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from bot.domain.outcomes import Credit, OutcomeKind, Role
from tests.db.linked_work import Linked, LinkedWork, change, ticket
from tests.factories import enroll, make_identity

COMMIT, TICKET = frozenset({"commit:abc"}), frozenset({"ticket:OPS-1"})


@pytest.fixture
async def work(database):
    await enroll(database, "ada", "bob")
    return LinkedWork(database)


def counting(found: dict[tuple[str, str], Linked]) -> dict[tuple[str, str], Fraction]:
    return {
        key: Fraction(credit.share).limit_denominator(100)
        for key, credit in found.items()
        if credit.counts
    }


class TestWhereItCounts:
    async def test_is_the_main_one_where_somebody_is_known(self, work):
        ops = ticket("OPS-1", "bob", names=TICKET)
        await work.tell(change("pull", "ada", closes=TICKET), ops)

        await work.link()

        assert counting(await work.credits()) == {("pull", "ada"): 1}

    @pytest.mark.parametrize("authors", [(), ("zoe",)], ids=["nobody", "a-stranger"])
    async def test_is_the_first_part_that_knows_anybody_where_the_main_one_does_not(
        self, work, authors
    ):
        pull = change("pull", *authors, names=COMMIT, closes=TICKET)
        commit = change("commit", "yan", source="git", names=COMMIT)
        mirror = ticket("a", "ada", source="linear", names=TICKET)
        await work.tell(pull, commit, mirror, ticket("OPS-1", "bob", names=TICKET))

        await work.link()

        assert counting(await work.credits()) == {("OPS-1", "bob"): 1}

    async def test_is_the_main_one_where_nobody_is_known_at_all(self, work):
        pull = change("pull", "zoe", names=COMMIT)
        await work.tell(pull, change("commit", "yan", source="git", names=COMMIT))

        await work.link()

        assert counting(await work.credits()) == {("pull", "zoe"): 1}

    async def test_leaves_nothing_of_it_where_it_does_not_count(self, work):
        await work.tell(change("pull", "ada", closes=TICKET), ticket("OPS-1", "bob", names=TICKET))

        await work.link()

        uncounted = (await work.credits())["OPS-1", "bob"]
        assert (uncounted.counts, uncounted.share) == (False, Decimal(0))

    @pytest.mark.parametrize(
        "alone",
        [
            pytest.param(change("alone", "ada"), id="done"),
            pytest.param(change("alone", "ada", completed_at=None), id="open"),
            pytest.param(change("alone", "ada", kind=OutcomeKind.REVIEW_GIVEN), id="a-review"),
        ],
    )
    async def test_is_the_only_one_there_is(self, work, alone):
        await work.tell(alone, change("other", "bob"))

        await work.link()

        assert counting(await work.credits())["alone", "ada"] == 1

    async def test_moves_when_somebody_becomes_known(self, work):
        await work.tell(change("pull", "zoe", closes=TICKET), ticket("OPS-1", "bob", names=TICKET))
        await work.link()
        assert counting(await work.credits()) == {("OPS-1", "bob"): 1}

        await enroll(work.database, "ada", "bob", "zoe")
        await work.link()

        assert counting(await work.credits()) == {("pull", "zoe"): 1}


class TestAShare:
    @pytest.mark.parametrize("number", range(1, 5))
    async def test_is_the_same_for_each(self, work, number):
        names = ["ada", "bob", "yan", "zoe"][:number]
        await work.tell(change("pull", *names))

        await work.link()

        expected = {("pull", name): Fraction(1, number) for name in names}
        assert counting(await work.credits()) == expected

    async def test_is_held_once_by_a_person_with_two_accounts(self, work):
        addresses = {"ada": make_identity("ada"), "king": make_identity("ada")}
        pull = change("pull", "ada", "king", "zoe")
        await work.tell(pull, identities=addresses)

        await work.link()

        assert set(counting(await work.credits()).values()) == {Fraction(1, 2)}

    async def test_is_held_once_by_one_in_two_roles(self, work):
        both = (Credit("ada", Role.AUTHOR), Credit("ada", Role.MERGER))
        await work.tell(change("pull", credits=both))

        await work.link()

        assert counting(await work.credits()) == {("pull", "ada"): 1}

    async def test_does_not_take_a_stranger_for_the_person_whose_number_is_the_account(self, work):
        [(number,)] = await work.rows("SELECT id FROM people WHERE slack_user_id = 'UADA'")
        await work.tell(change("pull", "ada", str(number)))

        await work.link()

        assert set(counting(await work.credits()).values()) == {Fraction(1, 2)}
