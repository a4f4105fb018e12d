"""One's own work and its tiers: the person's word first, then the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.links import LinkLevel
from bot.domain.logged import Tag
from bot.domain.outcomes import Credit, Evidence, Mark, OutcomeKind, OutcomeState, Role
from bot.domain.price_levels import PriceLevel
from bot.domain.tiers import Tier, TierRules
from bot.domain.usage import ChargeCategory
from db.linking import LinkStore
from db.outcomes import OutcomeStore
from db.personal import PersonalStore
from db.prices import PriceStore
from db.tags import TagStore
from db.usage import UsageStore
from db.work import WorkStore
from tests.factories import (
    MONDAY,
    NOON,
    enroll,
    make_batch,
    make_day,
    make_outcome,
    make_record,
)

SETTLE = timedelta(days=7)
LAST = NOON.date()
LONG_BEFORE = MONDAY - timedelta(days=200)
RULES = TierRules(
    production=("git:acme/pay*", "anthropic:claude_code"), exploration=("git:acme/sand_box",)
)


@pytest.fixture
async def ada(database):
    [ada, _] = await enroll(database, "ada", "bob")
    return ada.id


async def told(database, *outcomes, source="git"):
    await OutcomeStore(database).replace(source, make_batch(*outcomes))
    await LinkStore(database).link(NOON, SETTLE)


async def own(database, person, rules=TierRules()):  # noqa: B008
    return await WorkStore(database, rules).own(person, MONDAY, LAST)


async def used(database, *days, provider="anthropic", **changes):
    for day in days:
        record = make_record("ada", **changes)
        await UsageStore(database).replace_day(make_day(record, day=day, provider=provider), NOON)


async def tiers_of_use(database, person, rules=TierRules()):  # noqa: B008
    history = await PersonalStore(database, rules).history_of(person, LONG_BEFORE, LAST)
    return {use.day: use.tier for use in history.use}


class TestOwnWork:
    async def test_is_told_with_its_title_state_share_and_tools(self, database, ada):
        evidence = frozenset({Evidence("claude", Mark.COAUTHOR)})
        work = make_outcome(
            1, "ada", "bob", title="Rotate keys", url="https://example.com/1", evidence=evidence
        )
        await used(database, MONDAY)
        await told(database, work)

        [piece] = await own(database, ada)

        assert (piece.title, piece.url) == ("Rotate keys", "https://example.com/1")
        assert (piece.kind, piece.state) == (OutcomeKind.MERGED_CHANGE, OutcomeState.SETTLED)
        assert (piece.share, piece.tools) == (Decimal("0.5"), ("claude",))
        assert piece.level is LinkLevel.TOOL
        assert (piece.completed_on, piece.also_in) == (MONDAY, ())

    async def test_is_nobody_elses(self, database, ada):
        await told(database, make_outcome(1, "bob", title="Bob's own"))

        assert await own(database, ada) == []

    async def test_a_ticket_and_the_change_that_closed_it_are_one_piece(self, database, ada):
        ticket = make_outcome(
            7, "ada", source="jira", kind=OutcomeKind.TASK_DONE, names=frozenset({"ticket:OPS-1"})
        )
        await told(database, ticket, source="jira")
        await told(database, make_outcome(1, "ada", closes=frozenset({"ticket:OPS-1"})))

        [piece] = await own(database, ada)

        assert (piece.source, piece.also_in) == ("git", ("jira",))

    async def test_that_counts_where_a_ticket_tells_of_it_names_the_change_too(self, database, ada):
        """Nobody knows who made the change, so the ticket's assignee has it."""
        ticket = make_outcome(
            7, "ada", source="jira", kind=OutcomeKind.TASK_DONE, names=frozenset({"ticket:OPS-1"})
        )
        change = make_outcome(1, "stranger", "ada", closes=frozenset({"ticket:OPS-1"}))
        evidence = frozenset({Evidence("claude", Mark.COAUTHOR)})
        nobodys = replace(change, credits=(), evidence=evidence)
        await told(database, ticket, source="jira")
        await told(database, nobodys)

        [piece] = await own(database, ada)

        assert (piece.source, piece.also_in) == ("jira", ("git",))
        assert (piece.share, piece.tools) == (1, ("claude",))

    async def test_of_an_account_that_came_twice_is_told_once(self, database, ada):
        twice = (Credit("ada", Role.AUTHOR), Credit("ada", Role.MERGER))
        await told(database, make_outcome(1, "ada", credits=twice))

        assert len(await own(database, ada)) == 1

    async def test_names_the_tools_that_one_uses_the_latest_first(self, database, ada):
        await used(database, MONDAY, provider="openai")
        await used(database, MONDAY + timedelta(days=1))
        seat = {"requests": None, "tokens": None, "charge_category": ChargeCategory.PURCHASE}
        await used(database, MONDAY + timedelta(days=2), provider="cursor", **seat)

        assert await WorkStore(database).tools_of(ada, MONDAY) == ["anthropic", "openai"]


class TestTierOfWork:
    @pytest.mark.parametrize(
        ("project", "tier"),
        [
            ("acme/payments", Tier.PRODUCTION),
            ("acme/sand_box", Tier.EXPLORATION),
            ("acme/sandxbox", Tier.ROUTINE),
            ("acme/app", Tier.ROUTINE),
            (None, Tier.ROUTINE),
        ],
    )
    async def test_is_what_its_project_is_listed_as(self, database, ada, project, tier):
        await told(database, make_outcome(1, "ada", project=project))

        [piece] = await own(database, ada, RULES)

        assert piece.tier is tier

    async def test_is_what_its_owner_tagged_these_days_as(self, database, ada):
        await told(database, make_outcome(1, "ada", project="acme/payments"))
        tag = Tag(tier=Tier.EXPLORATION, provider=None, first_day=MONDAY, last_day=MONDAY)
        await TagStore(database).add(ada, tag, NOON)

        [piece] = await own(database, ada, RULES)

        assert piece.tier is Tier.EXPLORATION

    async def test_is_what_its_owner_says_of_it_whenever_it_is_read_again(self, database, ada):
        work = make_outcome(1, "ada", project="acme/payments")
        await told(database, work)
        await TagStore(database).set_tier(ada, "git", "app#1", Tier.ROUTINE)
        await told(database, work)

        [piece] = await own(database, ada, RULES)

        assert piece.tier is Tier.ROUTINE


class TestTierOfUse:
    async def test_is_routine_where_nobody_knows_when_it_began(self, database, ada):
        await used(database, MONDAY)
        await told(database)

        assert await tiers_of_use(database, ada) == {MONDAY: Tier.ROUTINE}

    async def test_is_exploration_in_the_first_thirty_days_with_a_tool(self, database, ada):
        await UsageStore(database).replace_day(make_day(day=LONG_BEFORE), NOON)
        first, last = MONDAY - timedelta(days=40), MONDAY - timedelta(days=11)
        await used(database, first, last, last + timedelta(days=1))
        await told(database)

        assert await tiers_of_use(database, ada) == {
            first: Tier.EXPLORATION,
            last: Tier.EXPLORATION,
            last + timedelta(days=1): Tier.ROUTINE,
        }

    async def test_is_production_where_the_key_or_product_is_listed(self, database, ada):
        await used(database, MONDAY)

        assert await tiers_of_use(database, ada, RULES) == {MONDAY: Tier.PRODUCTION}

    async def test_is_what_the_person_tagged_last_of_all(self, database, ada):
        await used(database, MONDAY)
        tags = TagStore(database)
        for minute, tier in enumerate((Tier.ROUTINE, Tier.EXPLORATION)):
            tag = Tag(tier=tier, provider="anthropic", first_day=MONDAY, last_day=MONDAY)
            await tags.add(ada, tag, NOON + timedelta(minutes=minute))

        assert await tiers_of_use(database, ada, RULES) == {MONDAY: Tier.EXPLORATION}

    async def test_is_not_what_was_tagged_of_another_tool_or_other_days(self, database, ada):
        await used(database, MONDAY)
        after = MONDAY + timedelta(days=1)
        for provider, day in (("openai", MONDAY), (None, after)):
            tag = Tag(tier=Tier.EXPLORATION, provider=provider, first_day=day, last_day=day)
            await TagStore(database).add(ada, tag, NOON)

        assert await tiers_of_use(database, ada) == {MONDAY: Tier.ROUTINE}

    async def test_costs_less_at_the_first_price_where_prices_rose(self, database, ada):
        await used(database, MONDAY - timedelta(days=1), MONDAY, cost=Decimal(3))
        level = PriceLevel(
            provider="anthropic", model="claude-sonnet-5", first_day=MONDAY, level=Decimal("1.5")
        )
        await PriceStore(database).replace([level])

        history = await PersonalStore(database).history_of(ada, LONG_BEFORE, LAST)

        assert {use.day: use.constant_cost for use in history.use} == {
            MONDAY - timedelta(days=1): None,
            MONDAY: Decimal(2),
        }

    async def test_the_models_in_use_are_those_with_a_cost(self, database, ada):
        await used(database, MONDAY)
        await used(database, MONDAY, provider="openai", cost=None, cost_basis=None)

        assert await PriceStore(database).models_used(MONDAY) == [("anthropic", "claude-sonnet-5")]
