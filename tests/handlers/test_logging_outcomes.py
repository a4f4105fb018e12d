"""Work that people log themselves: from the signed request to the row, and to nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from bot.blocks.controls import delete_button, edit_button, log_button
from bot.blocks.kit import actions, message, section
from bot.domain.commands import CommandNames
from bot.domain.drafts import LONGEST_LINK
from bot.domain.logged import Benefit, LoggedKind, Visibility
from bot.domain.tiers import Tier
from bot.language import ENGLISH
from bot.listening import make_app_of_web
from bot.manifest import manifest
from bot.playground.slack.faults import Drop, Refusal, ServerError
from bot.playground.slack.person import Person
from db.logged import LoggedStore
from db.usage import UsageStore
from tests.factories import NOON, make_day, make_logged, make_record

EVENTS = "http://upshot.example/slack/events"
TODAY = NOON.date()
FILLED = {"log-kind": "analysis_delivered", "log-what": "Churn analysis for the board"}
SHORTCUT = "log_outcome_shortcut"


@pytest.fixture
async def ids(upshot):
    return {
        name: (await upshot.services.people.find(f"U{name.upper()}")).id for name in ("ada", "bob")
    }


@pytest.fixture
def store(upshot):
    return LoggedStore(upshot.database)


@pytest.fixture
def kept(store, ids):
    async def kept(name="ada"):
        return await store.between(ids[name], TODAY - timedelta(days=999), TODAY)

    return kept


@pytest.fixture
async def form(types, slack):
    """Ada's form, open and empty."""
    await types("/myusage log")
    [opened] = slack.modals_of("UADA")
    return opened


@pytest.fixture
async def entry(store, ids):
    """Something that Ada logged before, and that Bob did not."""
    logged = make_logged(ids["ada"], done_on=TODAY, link="https://wiki.example.com/churn")
    await store.keep(logged)
    return logged


@pytest.fixture
def listed(slack):
    """A message with the buttons of an entry, as the one who asked for it has it."""

    def listed(logged, user="UADA"):
        row = actions(
            "entry",
            edit_button(ENGLISH, logged),
            delete_button(ENGLISH, logged),
            log_button(ENGLISH),
        )
        shown = message("Your work.", section("work", "Your work"), row)
        payload = {"text": shown.text, "blocks": list(shown.blocks)}
        dm = slack.workspace.channels.dm_with(user)
        return slack.workspace.messages.show(user, dm.id, slack.workspace.bot.id, payload)

    return listed


async def eventually(condition):
    for _ in range(500):
        if found := condition():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def answer_to(slack, user_id: str, *, after: int):
    return (await eventually(lambda: slack.ephemerals_to(user_id)[after:]))[-1]


class TestTheForm:
    async def test_is_opened_by_the_command_which_then_says_nothing(self, types, slack):
        answer = await types("/myusage log")

        assert (answer.ack.status, answer.ack.body, answer.ack.error) == (200, None, None)
        [opened] = slack.modals_of("UADA")
        assert opened.payload["callback_id"] == "log_form"
        assert slack.ephemerals_to("UADA") == ()

    async def test_is_kept_for_oneself_alone_with_todays_date_unless_it_says_otherwise(
        self, person, form, kept
    ):
        await person.fill(form, FILLED)

        [logged] = await kept()
        assert logged == replace(
            make_logged(logged.owner, id=logged.id, done_on=TODAY, logged_at=NOON),
            visibility=Visibility.ONLY_ME,
            tier=Tier.ROUTINE,
        )
        assert await kept("bob") == []

    async def test_is_kept_with_all_that_it_says(self, person, upshot, types, slack, kept):
        used = make_day(make_record("ada"), day=TODAY)
        await UsageStore(upshot.database).replace_day(used, NOON)
        await types("/myusage log")
        [form] = slack.modals_of("UADA")

        await person.fill(
            form,
            {
                "log-kind": "did_not_work",
                "log-what": "  A script for <!channel>,\N{NO-BREAK SPACE}in vain ",
                "log-done-on": "2026-03-20",
                "log-link": "https://wiki.example.com/a?b=c",
                "log-helped-by": ["anthropic"],
                "log-benefit": "none",
                "log-tier": "routine",
                "log-visibility": "counted",
            },
        )

        [logged] = await kept()
        assert (logged.kind, logged.what) == (
            LoggedKind.DID_NOT_WORK,
            "A script for <!channel>, in vain",
        )
        assert (logged.link, logged.helped_by) == ("https://wiki.example.com/a?b=c", ("anthropic",))
        assert (logged.benefit, logged.tier) == (Benefit.NONE, Tier.ROUTINE)
        assert logged.visibility is Visibility.COUNTED

    @pytest.mark.parametrize(
        ("kind", "tier"),
        [("did_not_work", Tier.EXPLORATION), ("technique_learned", Tier.EXPLORATION)],
    )
    async def test_takes_the_tier_of_the_kind_where_none_is_chosen(
        self, person, form, kept, kind, tier
    ):
        await person.fill(form, {**FILLED, "log-kind": kind})

        assert [logged.tier for logged in await kept()] == [tier]

    async def test_makes_way_for_what_was_kept(self, person, form, slack):
        ack = await person.fill(form, {**FILLED, "log-what": "<!channel> <@UBOB>"})

        assert (ack.status, ack.violations) == (200, ())
        [shown] = slack.modals_of("UADA")
        assert "submit" not in shown.payload
        assert "Kept." in str(shown.payload["blocks"])
        assert "&lt;!channel&gt; &lt;@UBOB&gt;" in str(shown.payload["blocks"])

    async def test_that_is_sent_twice_is_kept_once(self, person, form, kept):
        await person.fill(form, FILLED)
        await person.fill(form, {**FILLED, "log-what": "The same, sent again"})

        assert [logged.what for logged in await kept()] == ["The same, sent again"]

    async def test_that_somebody_replays_changes_nothing(self, person, form, kept):
        ack = await person.fill(form, FILLED)

        assert (await person.send_again(ack.request)).status == 401
        assert len(await kept()) == 1

    async def test_offers_only_the_tools_that_the_person_uses(self, person, types, slack, upshot):
        used = make_day(make_record("bob"), day=TODAY)
        await UsageStore(upshot.database).replace_day(used, NOON)

        await types("/myusage log", "UADA")
        await types("/myusage log", "UBOB")

        [adas], [bobs] = slack.modals_of("UADA"), slack.modals_of("UBOB")
        assert "log-helped-by" not in str(adas.payload)
        assert "anthropic" in str(bobs.payload)

    @pytest.mark.parametrize("user", ["UGUEST", "WOUT"])
    async def test_is_for_members_only(self, types, slack, user):
        answer = await types("/myusage log", user)

        assert "does not know you" in answer.text
        assert slack.modals_of(user) == ()

    @pytest.mark.parametrize(
        "fault",
        [
            Refusal(error="expired_trigger_id"),
            Refusal(error="view_too_large"),
            ServerError(status=500),
        ],
    )
    async def test_that_slack_does_not_open_is_told_in_a_sentence(self, types, slack, fault):
        slack.faults.next("views.open", fault)

        answer = await types("/myusage log")

        assert answer.is_private_and_whole
        assert "Upshot could not do that" in answer.text

    async def test_whose_opening_was_cut_off_after_it_took_effect_is_open(self, types, slack):
        slack.faults.next("views.open", Drop(accepts=True))

        answer = await types("/myusage log")

        assert (answer.ack.status, answer.ack.body) == (200, None)
        assert len(slack.modals_of("UADA")) == 1


def chosen(value: str) -> dict:
    return {"type": "static_select", "selected_option": {"value": value}}


def typed(value) -> dict:
    return {"type": "plain_text_input", "value": value}


WHOLE = {
    "log-kind": {"value": chosen("data_cleaned")},
    "log-what": {"value": typed("Something")},
    "log-done-on": {"value": {"type": "datepicker", "selected_date": "2026-03-25"}},
    "log-visibility": {"value": chosen("only_me")},
}


def day(value: str) -> dict:
    return {"log-done-on": {"value": {"type": "datepicker", "selected_date": value}}}


@pytest.mark.parametrize(
    ("changes", "block"),
    [
        ({"log-kind": {"value": chosen("promotion")}}, "log-kind"),
        ({"log-kind": {}}, "log-kind"),
        ({"log-what": {"value": typed(None)}}, "log-what"),
        ({"log-what": {"value": typed(" \u202e\u0007 ")}}, "log-what"),
        ({"log-what": {"value": typed("x" * 141)}}, "log-what"),
        ({"log-what": "nonsense"}, "log-what"),
        (day("2026-03-26"), "log-done-on"),
        (day("2025-03-01"), "log-done-on"),
        (day("2026-02-30"), "log-done-on"),
        (day("2026-W12-1"), "log-done-on"),
        ({"log-link": {"value": typed("javascript:alert(1)")}}, "log-link"),
        ({"log-link": {"value": typed("https://ada:secret@example.com/")}}, "log-link"),
        ({"log-link": {"value": typed("ftp://example.com/")}}, "log-link"),
        ({"log-link": {"value": typed("https://example.com/\u202e")}}, "log-link"),
        ({"log-link": {"value": typed("https://example.com/" + "x" * LONGEST_LINK)}}, "log-link"),
        ({"log-benefit": {"value": chosen("promotion")}}, "log-benefit"),
        ({"log-tier": {"value": chosen("platinum")}}, "log-tier"),
        ({"log-visibility": {"value": chosen("everybody")}}, "log-visibility"),
        (
            {"log-helped-by": {"value": {"selected_options": [{"value": "cursor"}]}}},
            "log-helped-by",
        ),
    ],
)
async def test_what_cannot_be_kept_is_said_beside_it(person, form, kept, changes, block):
    ack = await person.submit(form, {**WHOLE, **changes}, user_id="UADA")

    assert ack.body["response_action"] == "errors"
    assert list(ack.body["errors"]) == [block]
    assert await kept() == []


async def test_the_same_with_nothing_wrong_is_kept(person, form, kept):
    await person.submit(form, WHOLE, user_id="UADA")

    assert len(await kept()) == 1


async def test_trouble_leaves_the_form_open_with_what_was_typed(upshot, slack, form):
    class Broken:
        async def tools_of(self, *_):
            raise ConnectionError("a secret detail")

    outcomes = replace(upshot.services.outcomes, work=Broken())
    broken = replace(upshot, services=replace(upshot.services, outcomes=outcomes))
    transport = httpx.ASGITransport(make_app_of_web(broken))
    async with httpx.AsyncClient(transport=transport) as client:
        ack = await Person(slack, EVENTS, client=client).fill(form, FILLED)

    assert (ack.error, ack.violations) == (None, ())
    assert "reference" in ack.body["errors"]["log-kind"]
    assert "secret detail" not in str(ack.body)
    assert slack.modals_of("UADA") == (form,)


class TestAnEntry:
    @pytest.fixture
    async def change(self, person, slack, listed, entry):
        """The form to change it, as Ada has it open."""
        await person.press("log_edit", user_id="UADA", on=listed(entry))
        [opened] = await eventually(lambda: slack.modals_of("UADA"))
        return opened

    async def test_is_changed_in_the_form_that_shows_it(self, person, change, entry, kept):
        await person.fill(change, {"log-what": "Churn analysis, second part"})

        [logged] = await kept()
        assert logged == replace(entry, what="Churn analysis, second part", edited_at=NOON)

    async def test_of_somebody_else_does_not_change_whatever_the_form_says(
        self, person, slack, change, entry, kept, types
    ):
        await types("/myusage log", "UBOB")
        [bobs] = slack.modals_of("UBOB")
        stolen = replace(bobs, payload={**bobs.payload, "private_metadata": str(entry.id)})

        ack = await person.fill(stolen, FILLED)

        assert list(ack.body["errors"]) == ["log-what"]
        assert (await kept("ada"), await kept("bob")) == ([entry], [])

    @pytest.mark.parametrize("metadata", ["nonsense", str(UUID(int=7)), "' OR 1=1 --"])
    async def test_that_is_not_there_cannot_be_changed(self, person, change, entry, kept, metadata):
        other = replace(change, payload={**change.payload, "private_metadata": metadata})

        ack = await person.fill(other, FILLED)

        assert list(ack.body["errors"]) == ["log-what"]
        assert await kept() == [entry]

    async def test_that_somebody_else_sends_is_kept_as_theirs_or_not_at_all(
        self, person, change, entry, kept
    ):
        ack = await person.fill(change, FILLED, user_id="UBOB")

        assert ack.body["response_action"] == "errors"
        assert (await kept("ada"), await kept("bob")) == ([entry], [])

    async def test_is_deleted_for_good(self, person, slack, listed, entry, kept):
        await person.press("log_delete", user_id="UADA", on=listed(entry))

        assert "deleted" in (await answer_to(slack, "UADA", after=1)).text
        assert await kept() == []

    @pytest.mark.parametrize("action", ["log_edit", "log_delete"])
    async def test_is_nobody_elses_to_touch(self, person, slack, listed, entry, kept, action):
        await person.press(action, user_id="UBOB", on=listed(entry, "UBOB"))

        assert "no such entry of yours" in (await answer_to(slack, "UBOB", after=1)).text
        assert slack.modals_of("UBOB") == ()
        assert await kept() == [entry]

    async def test_can_be_logged_from_a_button(self, person, slack, listed, entry):
        await person.press("log_outcome", user_id="UADA", on=listed(entry))

        [opened] = await eventually(lambda: slack.modals_of("UADA"))
        assert opened.payload["private_metadata"] == ""


def test_the_shortcut_is_called_the_same_wherever_it_is_named():
    [named] = manifest(CommandNames(), url=None)["features"]["shortcuts"]

    assert named["callback_id"] == SHORTCUT
    assert named["name"] == "Log as outcome"
    assert len(named["name"]) <= 24


class TestTheShortcut:
    @pytest.fixture
    def said(self, slack):
        def said(text: str):
            dm = slack.workspace.channels.dm_with("UADA")
            return slack.workspace.messages.post(dm.id, "UBOB", {"text": text})

        return said

    @pytest.fixture
    def shortcut(self, person, slack):
        async def shortcut(on):
            ack = await person.shortcut(SHORTCUT, user_id="UADA", on=on)
            assert (ack.status, ack.body) == (200, None)
            return (await eventually(lambda: slack.modals_of("UADA")))[-1]

        return shortcut

    async def test_fills_in_what_the_message_says_and_keeps_nothing_yet(self, shortcut, said, kept):
        form = await shortcut(said("Sent <https://x.example.com|the report> to <@UBOB> &amp; co"))

        [what] = [b for b in form.payload["blocks"] if b["block_id"] == "log-what"]
        assert what["element"]["initial_value"] == "Sent the report to @… & co"
        assert await kept() == []

    async def test_leads_back_to_the_message(self, person, shortcut, said, kept):
        message = said("Sent the report")

        await person.fill(await shortcut(message), {"log-kind": "analysis_delivered"})

        [logged] = await kept()
        place = f"{message.channel}/p{message.ts.replace('.', '')}"
        assert logged.what == "Sent the report"
        assert logged.link == f"https://upshot-playground.slack.com/archives/{place}"

    @pytest.mark.parametrize("text", ["", "word " * 400, "🎉" * 200, "\u202e <!here>"])
    async def test_takes_any_message(self, shortcut, said, text):
        assert (await shortcut(said(text))).payload["callback_id"] == "log_form"

    async def test_that_comes_too_late_says_so(self, person, slack, said):
        slack.faults.next("views.open", Refusal(error="expired_trigger_id"))

        await person.shortcut(SHORTCUT, user_id="UADA", on=said("Sent the report"))

        assert "within three seconds" in (await answer_to(slack, "UADA", after=0)).text

    async def test_is_for_members_only(self, person, slack, said):
        await person.shortcut(SHORTCUT, user_id="UGUEST", on=said("Sent the report"))

        assert "does not know you" in (await answer_to(slack, "UGUEST", after=0)).text
