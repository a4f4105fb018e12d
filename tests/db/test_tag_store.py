"""What people say their use and their work were for: each of their own, and of nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.logged import Tag
from bot.domain.outcomes import Credit, Role
from bot.domain.tiers import Tier
from db.outcomes import OutcomeStore
from db.tags import TagStore
from tests.factories import MONDAY, NOON, enroll, make_batch, make_outcome

SUNDAY = MONDAY + timedelta(days=6)
EXPLORING = Tag(tier=Tier.EXPLORATION, provider="cursor", first_day=MONDAY, last_day=SUNDAY)
ROUTINE = Tag(tier=Tier.ROUTINE, provider=None, first_day=MONDAY, last_day=MONDAY)


@pytest.fixture
def store(database):
    return TagStore(database)


@pytest.fixture
async def people(database):
    return await enroll(database, "ada", "bob")


@pytest.fixture
def ada(people):
    return people[0].id


@pytest.fixture
def bob(people):
    return people[1].id


class TestATag:
    async def test_is_read_as_it_was_kept_the_latest_first(self, store, ada):
        await store.add(ada, EXPLORING, NOON)
        await store.add(ada, ROUTINE, NOON)

        routine, exploring = await store.of(ada)

        assert (routine.tier, routine.provider, routine.last_day) == (Tier.ROUTINE, None, MONDAY)
        assert (exploring.tier, exploring.provider) == (Tier.EXPLORATION, "cursor")
        assert routine.id != exploring.id

    async def test_is_taken_back_once(self, store, ada):
        await store.add(ada, EXPLORING, NOON)
        [tag] = await store.of(ada)

        assert [await store.remove(ada, tag.id) for _ in range(2)] == [True, False]
        assert await store.of(ada) == []

    async def test_is_nobody_elses_to_see_or_to_take_back(self, store, ada, bob):
        await store.add(ada, EXPLORING, NOON)
        [tag] = await store.of(ada)

        assert await store.of(bob) == []
        assert not await store.remove(bob, tag.id)
        assert await store.of(ada) == [tag]


class TestTheTierOfAnOutcome:
    @pytest.fixture
    def tiers(self, database):
        async def tiers() -> dict[str, str | None]:
            async with database.for_jobs() as connection:
                rows = await connection.execute(
                    text("SELECT account, tier FROM outcome_credits ORDER BY account")
                )
                return {row.account: row.tier for row in rows}

        return tiers

    @pytest.fixture(autouse=True)
    async def work(self, database, people):
        shared = make_outcome(1, credits=(Credit("ada", Role.AUTHOR), Credit("bob", Role.COAUTHOR)))
        await OutcomeStore(database).replace("git", make_batch(shared))

    async def test_is_set_for_oneself_alone(self, store, ada, tiers):
        assert await store.set_tier(ada, "git", "app#1", Tier.PRODUCTION)

        assert await tiers() == {"ada": "production", "bob": None}

    async def test_can_be_set_again(self, store, ada, bob, tiers):
        await store.set_tier(ada, "git", "app#1", Tier.PRODUCTION)
        await store.set_tier(ada, "git", "app#1", Tier.EXPLORATION)
        await store.set_tier(bob, "git", "app#1", Tier.ROUTINE)

        assert await tiers() == {"ada": "exploration", "bob": "routine"}

    @pytest.mark.parametrize(
        ("source", "source_id"), [("git", "app#2"), ("github", "app#1"), ("", ""), ("git", "%")]
    )
    async def test_is_not_set_for_work_one_has_no_share_in(
        self, store, ada, tiers, source, source_id
    ):
        assert not await store.set_tier(ada, source, source_id, Tier.PRODUCTION)

        assert await tiers() == {"ada": None, "bob": None}
