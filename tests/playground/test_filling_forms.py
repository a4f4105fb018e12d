"""Somebody fills in a form, or uses a shortcut: what is sent is what Slack would send."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.playground.slack.block_kit import violations
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.filling import filled, misplaced_errors
from bot.playground.slack.person import Person
from bot.playground.slack.slack_requests import action_on, message_action
from bot.playground.slack.stand_in import SlackStandIn
from bot.playground.slack.views import View

HOSTILE = '"><script>alert(1)</script>'


def text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def option(value: str) -> dict[str, Any]:
    return {"text": text(value.title()), "value": value}


def asked(block_id: str, kind: str, *, optional: bool = False, **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(block_id.title()),
        "optional": optional,
        "element": {"type": kind, "action_id": "value", **element},
    }


ONE, TWO = option("one"), option("two")
INPUTS = (
    asked("what", "plain_text_input", max_length=10),
    asked("when", "datepicker", initial_date="2026-03-25"),
    asked("link", "url_text_input", optional=True),
    asked("kind", "static_select", options=[ONE, TWO], initial_option=TWO),
    asked("some", "multi_static_select", optional=True, options=[ONE, TWO]),
    asked("who", "radio_buttons", options=[ONE, TWO], initial_option=ONE),
)


def view(*blocks: dict[str, Any]) -> View:
    payload = {
        "type": "modal",
        "title": text("Form"),
        "submit": text("Send"),
        "blocks": list(blocks or INPUTS),
    }
    return View(id="V1", user_id="U1", hash="1", payload=payload)


def value_of(state: dict[str, Any], block_id: str) -> Any:
    element = state[block_id]["value"]
    return next(value for key, value in element.items() if key != "type")


def test_the_form_is_one_that_slack_takes():
    assert violations(view().payload, "modal") == []


class TestWhatIsSent:
    def test_is_as_the_form_came_but_for_what_was_filled_in(self):
        state = filled(view(), {"what": "A list"})

        assert {block: value_of(state, block) for block in state} == {
            "what": "A list",
            "when": "2026-03-25",
            "link": None,
            "kind": TWO,
            "some": [],
            "who": ONE,
        }

    def test_is_what_was_chosen(self):
        state = filled(view(), {"what": "A", "kind": "one", "some": ["two", "one"]})

        assert value_of(state, "kind") == ONE
        assert value_of(state, "some") == [ONE, TWO]

    @pytest.mark.parametrize(
        "given", [{}, {"what": None}, {"what": ""}, {"what": "x" * 11}, {"what": "x", "who": None}]
    )
    def test_is_nothing_while_slack_would_not_send_it(self, given):
        with pytest.raises(ValueError, match=r"has to be filled in|too long"):
            filled(view(), given)

    @pytest.mark.parametrize("given", [{"what": "x", "kind": "three"}, {"what": "x", "other": "y"}])
    def test_is_nothing_that_is_not_in_the_form(self, given):
        with pytest.raises(LookupError):
            filled(view(), given)


@pytest.mark.parametrize(
    ("errors", "complaints"),
    [
        ({"what": "Too short."}, 0),
        ({"value": "Named by its action."}, 1),
        ({"what": ""}, 1),
        ({"what": None, "other": "x"}, 2),
        ({}, 1),
        (None, 1),
    ],
)
def test_errors_that_nobody_would_see_are_noticed(errors, complaints):
    assert len(list(misplaced_errors(view(), errors))) == complaints


@pytest.mark.parametrize(
    "wrong",
    [
        asked("a", "plain_text_input", max_length=3, initial_value="four"),
        asked("a", "plain_text_input", max_length=3, min_length=4),
        asked("a", "datepicker", initial_date="2026-02-30"),
        asked("a", "static_select", options=[ONE], initial_option=TWO),
        asked("a", "radio_buttons", options=[ONE, ONE]),
    ],
)
def test_an_input_that_contradicts_itself_is_refused(wrong):
    assert len(violations(view(wrong).payload, "modal")) == 1


class TestAMessage:
    @pytest.fixture
    def slack(self) -> SlackStandIn:
        return SlackStandIn(users=[SlackUser(id="U1", name="ada")])

    @pytest.fixture
    def posted(self, slack):
        def button(row: str, value: str) -> dict[str, Any]:
            label = {"text": text(HOSTILE), "accessibility_label": HOSTILE}
            element = {"type": "button", "action_id": "delete", "value": value, **label}
            return {"type": "actions", "block_id": row, "elements": [element]}

        dm = slack.workspace.channels.dm_with("U1").id
        payload = {"text": HOSTILE, "blocks": [button("first", "1"), button("second", "2")]}
        return slack.workspace.messages.post(dm, "U9", payload)

    def test_has_a_shortcut_that_says_where_it_is(self, slack, posted):
        sent = message_action(
            slack.workspace, callback_id="log", user_id="U1", message=posted, response_url="url"
        )

        assert (sent["type"], sent["callback_id"], sent["user"]["id"]) == (
            "message_action",
            "log",
            "U1",
        )
        assert (sent["channel"]["id"], sent["message_ts"]) == (posted.channel, posted.ts)
        assert sent["message"]["text"] == HOSTILE
        assert slack.workspace.triggers.exchange(sent["trigger_id"]) == "U1"

    def test_tells_its_buttons_apart_by_their_block(self, slack, posted):
        now = slack.workspace.now()

        pressed = [
            action_on(posted, "delete", None, now, block_id=block)["value"]
            for block in (None, "first", "second")
        ]

        assert pressed == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("answer", "error", "is_open"),
    [
        (httpx.Response(200), None, False),
        (httpx.Response(200, json={"text": "no answer to a form"}), "dispatch_failed", True),
        (httpx.Response(500), "dispatch_failed", True),
    ],
)
async def test_a_form_stays_open_until_it_is_answered(answer, error, is_open):
    slack = SlackStandIn(users=[SlackUser(id="U1", name="ada")])
    opened = slack.workspace.views.open("U1", view().payload)
    transport = httpx.MockTransport(lambda _: answer)
    async with httpx.AsyncClient(transport=transport) as client:
        person = Person(slack, "http://bot.example.com/slack/events", client=client)
        ack = await person.fill(opened, {"what": "A list"})

    assert (ack.error, bool(slack.modals_of("U1"))) == (error, is_open)
