"""What people say their use and their work were for: by form, by word and by menu."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from slackblocks import SectionBlock
from sqlalchemy import text

from bot.blocks.controls import tier_menu
from bot.blocks.kit import as_dicts
from bot.domain.logged import Tag
from bot.domain.tiers import Tier
from bot.language import ENGLISH
from db.outcomes import OutcomeStore
from db.tags import TagStore
from db.usage import UsageStore
from tests.factories import NOON, make_batch, make_day, make_outcome, make_record

TODAY = NOON.date()
MONDAY = TODAY - timedelta(days=2)
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture(autouse=True)
async def use(upshot):
    """Ada's, of one tool, whose name has two words."""
    day = make_day(make_record("ada"), day=TODAY, provider="gemini_code_assist")
    await UsageStore(upshot.database).replace_day(day, NOON)


@pytest.fixture
def tags(upshot):
    async def tags(user="UADA"):
        person = await upshot.services.people.find(user)
        return await TagStore(upshot.database).of(person.id)

    return tags


@pytest.fixture
async def form(types, slack):
    await types("/myusage tag")
    [opened] = slack.modals_of("UADA")
    return opened


async def answer_to(slack, user_id: str, *, after: int):
    for _ in range(500):
        if answers := slack.ephemerals_to(user_id)[after:]:
            return answers[-1]
        await asyncio.sleep(0.01)
    raise AssertionError("no answer came")


class TestTheForm:
    async def test_proposes_the_week_so_far_as_exploration_with_every_tool(
        self, person, form, tags, slack
    ):
        ack = await person.fill(form, {})

        assert ack.violations == ()
        [tag] = await tags()
        assert tag == Tag(
            id=tag.id, tier=Tier.EXPLORATION, provider=None, first_day=MONDAY, last_day=TODAY
        )
        assert "Kept." in str(slack.modals_of("UADA")[0].payload["blocks"])

    async def test_keeps_what_it_says(self, person, form, tags):
        said = {
            "tag-tier": "production",
            "tag-provider": "gemini_code_assist",
            "tag-first-day": "2026-01-01",
            "tag-last-day": "2026-12-31",
        }
        await person.fill(form, said)

        [tag] = await tags()
        assert (tag.tier, tag.provider) == (Tier.PRODUCTION, "gemini_code_assist")
        assert (tag.first_day, tag.last_day) == (date(2026, 1, 1), date(2026, 12, 31))

    @pytest.mark.parametrize(
        ("changes", "block"),
        [
            ({"tag-first-day": "2026-03-26"}, "tag-last-day"),
            ({"tag-first-day": "2024-03-26"}, "tag-first-day"),
            ({"tag-last-day": "2028-03-26"}, "tag-last-day"),
            ({"tag-first-day": "0000-00-00"}, "tag-first-day"),
        ],
    )
    async def test_says_beside_a_day_what_is_wrong_with_it(
        self, person, form, tags, changes, block
    ):
        ack = await person.fill(form, changes)

        assert list(ack.body["errors"]) == [block]
        assert await tags() == []

    @pytest.mark.parametrize("block", ["tag-tier", "tag-provider"])
    async def test_takes_nothing_that_it_did_not_offer(self, person, form, tags, block):
        offered = {
            "tag-tier": {"value": {"selected_option": {"value": "routine"}}},
            "tag-provider": {"value": {"selected_option": {"value": "*"}}},
            "tag-first-day": {"value": {"selected_date": "2026-03-20"}},
            "tag-last-day": {"value": {"selected_date": "2026-03-25"}},
        }
        other = {block: {"value": {"selected_option": {"value": "devin"}}}}

        refused = await person.submit(form, {**offered, **other}, user_id="UADA")
        nothing = await person.submit(form, {**offered, block: {}}, user_id="UADA")

        assert list(refused.body["errors"]) == list(nothing.body["errors"]) == [block]
        assert await tags() == []


class TestByWord:
    @pytest.mark.parametrize(
        ("words", "provider"),
        [
            ("exploration", None),
            ("EXPLORATION", None),
            ("exploration gemini_code_assist", "gemini_code_assist"),
            ("exploration Gemini Code assist", "gemini_code_assist"),
        ],
    )
    async def test_is_about_the_whole_week_that_is_running(self, types, tags, words, provider):
        answer = await types(f"/myusage tag {words}")

        assert answer.is_private_and_whole
        [tag] = await tags()
        assert (tag.tier, tag.provider) == (Tier.EXPLORATION, provider)
        assert (tag.first_day, tag.last_day) == (MONDAY, SUNDAY)

    @pytest.mark.parametrize(
        "words", ["holiday", "exploration devin", "exploration <!channel>", "' OR 1=1 --"]
    )
    async def test_that_is_not_known_is_answered_with_what_is(self, types, tags, words):
        answer = await types(f"/myusage tag {words}")

        assert answer.is_private_and_whole
        assert "How to tag" in answer.text
        assert "Gemini Code Assist" in answer.text
        assert await tags() == []

    async def test_can_be_taken_back_at_once(self, person, types, slack, tags):
        await types("/myusage tag exploration")
        [kept] = slack.ephemerals_to("UADA")

        await person.press("tag_delete", user_id="UADA", on=kept)

        assert "took your tag back" in (await answer_to(slack, "UADA", after=1)).text
        assert await tags() == []

    async def test_is_nobody_elses_to_take_back(self, person, types, slack, tags):
        await types("/myusage tag exploration")
        [kept] = slack.ephemerals_to("UADA")

        await person.press("tag_delete", user_id="UBOB", on=kept)

        assert "no such entry of yours" in (await answer_to(slack, "UBOB", after=0)).text
        assert len(await tags()) == 1


class TestAnOutcome:
    @pytest.fixture(autouse=True)
    async def work(self, upshot):
        batch = make_batch(make_outcome(1, "ada"), make_outcome(2, "bob"))
        await OutcomeStore(upshot.database).replace("git", batch)

    @pytest.fixture
    def tiers(self, upshot):
        async def tiers():
            async with upshot.database.for_jobs() as connection:
                rows = await connection.execute(text("SELECT account, tier FROM outcome_credits"))
                return {row.account: row.tier for row in rows}

        return tiers

    @pytest.fixture
    def chooses(self, person, slack):
        """Somebody chooses in the menu of an outcome, and reads the answer."""

        async def chooses(option: str, *, outcome: str = "app#1", user: str = "UADA"):
            menu = tier_menu(ENGLISH, "git", outcome, Tier.ROUTINE)
            [block] = as_dicts(SectionBlock("A change", accessory=menu, block_id="work"))
            dm = slack.workspace.channels.dm_with(user).id
            payload = {"text": "A change", "blocks": [block]}
            shown = slack.workspace.messages.post(dm, "U0UPSHOT1", payload)
            await person.press("work_tier", user_id=user, on=shown, choose=option)
            return await answer_to(slack, user, after=0)

        return chooses

    async def test_is_for_what_its_owner_says(self, chooses, tiers):
        answer = await chooses("production:git:app#1")

        assert "what this work was for" in answer.text
        assert await tiers() == {"ada": "production", "bob": None}

    async def test_of_somebody_else_stays_as_it_is(self, chooses, tiers):
        answer = await chooses("production:git:app#2", outcome="app#2")

        assert "no such entry of yours" in answer.text
        assert await tiers() == {"ada": None, "bob": None}
