"""Settings and the answers to tips and nudges: from the signed request to the person's own row."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.blocks.kit import actions, button, message, section
from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.coaching.tips import RULES
from bot.domain.preferences import Cadence, Preferences
from bot.domain.tiers import Tier
from db.nudges import NudgeStore
from db.preferences import PreferenceStore
from db.tags import TagStore
from db.tips import TipStore
from db.usage import UsageStore
from handlers.actions import ACTIONS, CHANGE_NOTHING
from tests.factories import NOON, make_day, make_record

TODAY = NOON.date()
FIRST, LAST = TODAY - timedelta(days=16), TODAY - timedelta(days=3)
NUDGE = Nudge(
    kind=NudgeKind.TWO_WEEKS,
    first_day=FIRST,
    last_day=LAST,
    spend=(Decimal(118), Decimal(131)),
    low=Decimal(20),
    high=Decimal(45),
)
RULE = next(iter(RULES))
NAMED = f"two_weeks:{FIRST.isoformat()}"


@pytest.fixture
async def ids(upshot):
    return {user: (await upshot.services.people.find(user)).id for user in ("UADA", "UBOB")}


@pytest.fixture
def own(upshot, ids):
    async def own(user="UADA") -> Preferences:
        return await PreferenceStore(upshot.database).own(ids[user])

    return own


@pytest.fixture
async def form(types, slack):
    await types("/myusage settings")
    [opened] = slack.modals_of("UADA")
    return opened


@pytest.fixture
def press(person, slack):
    """Presses a button, as it stands under some message, and gives the answer."""

    async def press(action: str, value: str, user_id: str = "UADA"):
        shown = message("x", section("s", "x"), actions("row", button("x", action, value=value)))
        dm = slack.workspace.channels.dm_with(user_id).id
        payload = {"text": shown.text, "blocks": list(shown.blocks)}
        posted = slack.workspace.messages.post(dm, slack.workspace.bot.id, payload)
        before = len(slack.ephemerals_to(user_id))
        ack = await person.press(action, user_id=user_id, on=posted)
        assert (ack.status, ack.error) == (200, None)
        for _ in range(1000):
            if answers := slack.ephemerals_to(user_id)[before:]:
                return answers[-1].text
            await asyncio.sleep(0.01)
        raise AssertionError("no answer came")

    return press


class TestTheForm:
    async def test_comes_as_things_are_and_changes_nothing_sent_back_as_it_came(
        self, person, form, own, slack
    ):
        ack = await person.fill(form, {})

        assert ack.violations == ()
        assert await own() == Preferences()
        assert "Kept." in str(slack.modals_of("UADA")[0].payload["blocks"])

    async def test_keeps_what_it_says(self, person, form, own):
        said = {
            "settings-cadence": "monthly",
            "settings-day": "4",
            "settings-topics": ["nudges"],
            "settings-budget": "$1,500",
            "settings-usual": ["anew"],
        }
        ack = await person.fill(form, said)

        assert ack.violations == ()
        assert await own() == Preferences(
            cadence=Cadence.MONTHLY,
            digest_day=4,
            tips=False,
            nudges=True,
            budget_notes=False,
            budget=1500,
            usual_since=date(2026, 3, 23),
        )
        assert await own("UBOB") == Preferences()

    async def test_says_under_the_amount_what_is_wrong_with_it(self, person, form, own, slack):
        said = {"settings-cadence": "off", "settings-budget": "lots"}
        ack = await person.fill(form, said)

        assert ack.violations == ()
        assert list(ack.body["errors"]) == ["settings-budget"]
        assert await own() == Preferences()
        assert slack.modals_of("UADA") == (form,)

    async def test_takes_nothing_that_it_did_not_offer(self, person, form, own):
        sent = {
            "settings-cadence": {"value": {"selected_option": {"value": "hourly"}}},
            "settings-day": {"value": {"selected_option": {"value": "someday"}}},
            "settings-topics": {"value": {"selected_options": [{"value": "gossip"}]}},
            "settings-budget": {"value": {"value": 7}},
        }
        ack = await person.submit(form, sent, user_id="UADA")

        assert set(ack.body["errors"]) == {"settings-cadence", "settings-day", "settings-topics"}
        assert await own() == Preferences()

    async def test_is_kept_for_whoever_sends_it(self, person, form, own):
        await person.fill(form, {"settings-cadence": "daily"}, user_id="UBOB")

        assert await own() == Preferences()
        assert (await own("UBOB")).cadence is Cadence.DAILY

    async def test_is_kept_for_members_alone(self, person, form, own, slack):
        await person.fill(form, {"settings-cadence": "daily"}, user_id="UGUEST")

        assert await own() == Preferences()
        assert "I do not know you." in str(slack.modals_of("UADA")[0].payload["blocks"])

    async def test_is_not_for_guests(self, types):
        answer = await types("/myusage settings", "UGUEST")

        assert "does not know you" in answer.text


class TestTheDigest:
    async def test_stops_with_all_that_comes_by_itself(self, press, own):
        await press("digest_stop", "digest")

        assert await own() == Preferences(
            cadence=Cadence.OFF, tips=False, nudges=False, budget_notes=False
        )
        assert await own("UBOB") == Preferences()

        await press("digest_start", "digest")
        assert await own() == Preferences()

    async def test_comes_less_often_with_a_word_on_how_to_undo_that(self, press, own):
        answer = await press("digest_less", "digest")

        assert (await own()).cadence is Cadence.MONTHLY
        assert "/myusage settings" in answer


class TestATip:
    async def test_that_is_not_useful_is_muted(self, press, upshot, ids):
        answer = await press("tip_not_useful", RULE)

        assert "/myusage tips" in answer
        assert await TipStore(upshot.database).own_muted(ids["UADA"]) == {RULE}
        assert await TipStore(upshot.database).own_muted(ids["UBOB"]) == frozenset()

    async def test_is_listed_as_muted_for_whoever_muted_it(self, types, upshot, ids):
        await TipStore(upshot.database).mute(ids["UADA"], RULE, NOON)

        own, others = await types("/myusage tips"), await types("/myusage tips", "UBOB")

        assert own.is_private_and_whole
        assert "Tips that you found not useful" in own.text
        assert "not useful" not in others.text

    async def test_that_there_is_not_is_told_kindly(self, press, upshot, ids):
        answer = await press("tip_not_useful", "work_harder")

        assert "There is no such tip any more" in answer
        assert await TipStore(upshot.database).own_muted(ids["UADA"]) == frozenset()

    async def test_comes_again_for_whoever_muted_it(self, press, upshot, ids):
        tips = TipStore(upshot.database)
        await tips.mute(ids["UADA"], RULE, NOON)

        assert "no such tip" in await press("tip_again", RULE, "UBOB")
        assert "may come again" in await press("tip_again", RULE)
        assert await tips.own_muted(ids["UADA"]) == frozenset()


class TestANudge:
    @pytest.fixture(autouse=True)
    async def told(self, upshot, ids):
        await NudgeStore(upshot.database).keep([(ids["UADA"], NUDGE)], TODAY)

    async def test_that_was_expected_rests_and_starts_the_usual_week_anew(self, press, own):
        answer = await press("nudge_expected", NAMED)

        chosen = await own()
        assert chosen.muted_until == TODAY + timedelta(days=30)
        assert chosen.usual_since == FIRST
        assert "before April 24" in answer

    async def test_of_exploration_tags_its_days(self, press, own, upshot, ids):
        await press("nudge_exploration", NAMED)

        [tag] = await TagStore(upshot.database).of(ids["UADA"])
        assert (tag.tier, tag.first_day, tag.last_day) == (Tier.EXPLORATION, FIRST, LAST)
        assert (await own()).muted_until is not None

    async def test_that_is_not_wanted_ends_all_of_them(self, press, own):
        await press("nudge_never", NAMED)

        assert await own() == Preferences(nudges=False)

    async def test_that_is_looked_into_shows_its_days_and_changes_nothing(self, press, own, upshot):
        for account, day in (("ada", FIRST), ("bob", LAST), ("ada", TODAY)):
            answer = make_day(make_record(account), day=day)
            await UsageStore(upshot.database).replace_day(answer, NOON)

        told = await press("nudge_check", NAMED)

        assert "March 9: $1.25" in told
        assert "claude-sonnet-5" in told
        assert "March 22" not in told.split("By tool and model")[0].split("Day by day")[1]
        assert "March 25" not in told
        assert await own() == Preferences()

    @pytest.mark.parametrize(
        "action", ["nudge_check", "nudge_expected", "nudge_exploration", "nudge_never"]
    )
    @pytest.mark.parametrize(
        ("user", "value"),
        [
            ("UBOB", NAMED),
            ("UADA", f"cost_guard:{FIRST.isoformat()}"),
            ("UADA", "two_weeks:2026-02-30"),
            ("UADA", "two_weeks"),
            ("UADA", "gossip:2026-03-09"),
            ("UADA", ":"),
        ],
    )
    async def test_that_is_not_ones_own_changes_nothing(
        self, press, own, upshot, ids, action, user, value
    ):
        answer = await press(action, value, user)

        assert "Nothing was changed." in answer
        assert await own() == await own("UBOB") == Preferences()
        assert await TagStore(upshot.database).of(ids[user]) == []


def test_what_changes_nothing_is_named_as_its_button_is():
    assert set(ACTIONS) >= CHANGE_NOTHING
