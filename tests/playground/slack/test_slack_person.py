"""Somebody in the stand-in types, presses and fills in, and a real Bolt app hears of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.person import Person
from bot.playground.slack.signing import Tampering, signature
from bot.playground.slack.stand_in import SlackStandIn
from tests.playground.slack.made_up import CONTROLS, SECTION, TITLE, WRONG, person_facing


class TestAPerson:
    def test_signs_as_slack_does(self):
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        secret = "8f742231b10e8888abcd99yyyzzz85a5"

        signed = signature(secret, "1531420618", body)

        expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        assert signed == expected
        assert signed == SignatureVerifier(secret).generate_signature(
            timestamp="1531420618", body=body
        )

    async def test_types_a_command_and_reads_the_answer(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person
    ):
        async def usage(ack: Any, command: Any, respond: Any) -> None:
            await respond("Later")
            await ack(text=f"{command['text']} in {command['channel_name']}", blocks=[SECTION])

        bolt.command("/myusage")(usage)

        ack = await person.command("/myusage", "week", user_id="U1ADA", channel_id="C1")

        assert (ack.status, ack.error, ack.violations) == (200, None, ())
        assert ack.body["text"] == "week in general"
        assert [m.text for m in slack.ephemerals_to("U1ADA")] == ["Later", "week in general"]

    async def test_does_not_see_an_answer_slack_would_refuse(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person
    ):
        async def usage(ack: Any) -> None:
            await ack(text="Hello", blocks=[WRONG])

        bolt.command("/myusage")(usage)

        ack = await person.command("/myusage", user_id="U1ADA")

        assert "/blocks/0" in ack.violations[0]
        assert slack.ephemerals_to("U1ADA") == ()

    async def test_waits_three_seconds(self, slack: SlackStandIn):
        async def never(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("", request=request)

        async def nobody(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("", request=request)

        async def wrong(_request: httpx.Request) -> httpx.Response:
            return httpx.Response(500)

        acks = [
            await person_facing(slack, answer).command("/myusage", user_id="U1ADA")
            for answer in (never, nobody, wrong)
        ]

        assert [(ack.status, ack.error) for ack in acks] == [
            (None, "operation_timeout"),
            (None, "dispatch_failed"),
            (500, "dispatch_failed"),
        ]

    async def test_knocks_in_vain_where_nobody_listens(self, slack: SlackStandIn):
        async with Person(slack, "http://127.0.0.1:1/slack/events") as person:
            ack = await person.open_home(user_id="U1ADA")

        assert (ack.status, ack.error) == (None, "dispatch_failed")

    async def test_presses_buttons_and_chooses(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person, client: AsyncWebClient
    ):
        heard: list[Any] = []

        async def stop(ack: Any, action: Any, body: Any, respond: Any) -> None:
            heard.append((action["value"], body["container"]["channel_id"], body["user"]["id"]))
            await ack()
            await respond("Stopped", replace_original=True)

        async def often(ack: Any, action: Any) -> None:
            heard.append((action["selected_option"]["value"], action["block_id"]))
            await ack()

        bolt.action("stop")(stop)
        bolt.action("often")(often)
        await client.chat_postMessage(channel="U1ADA", text="Digest", blocks=[CONTROLS])
        [digest] = slack.dms_to("U1ADA")

        await person.press("often", user_id="U1ADA", on=digest, choose="off")
        ack = await person.press("stop", user_id="U1ADA", on=digest)

        assert ack.status == 200
        assert heard == [("off", "controls"), ("weekly", digest.channel, "U1ADA")]
        assert [message.text for message in slack.dms_to("U1ADA")] == ["Stopped"]
        with pytest.raises(LookupError):
            await person.press("absent", user_id="U1ADA", on=digest)
        with pytest.raises(LookupError):
            await person.press("often", user_id="U1ADA", on=digest, choose="never")

    async def test_opens_the_home_tab(self, slack: SlackStandIn, bolt: AsyncApp, person: Person):
        async def show(event: Any, client: AsyncWebClient) -> None:
            view = {"type": "home", "blocks": [SECTION, CONTROLS]}
            await client.views_publish(user_id=event["user"], view=view)

        bolt.event("app_home_opened")(show)

        ack = await person.open_home(user_id="U1ADA")
        for _ in range(100):
            if slack.home_of("U1ADA"):
                break
            await asyncio.sleep(0.01)

        assert ack.status == 200
        assert slack.home_of("U1ADA") is not None

    async def test_fills_a_modal_opened_from_home(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person, client: AsyncWebClient
    ):
        field = {
            "type": "input",
            "block_id": "hour",
            "label": TITLE,
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
        modal = {
            "type": "modal",
            "callback_id": "settings",
            "title": TITLE,
            "submit": TITLE,
            "blocks": [field],
        }

        async def edit(ack: Any, body: Any, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal)

        async def save(ack: Any, view: Any) -> None:
            match view["state"]["values"]["hour"]["value"]["value"]:
                case "bad":
                    await ack(response_action="errors", errors={"hour": "Not an hour"})
                case "more":
                    await ack(response_action="update", view={**modal, "title": TITLE})
                case "wrong":
                    await ack(response_action="push", view={**modal, "submit": "Go"})
                case _:
                    await ack()

        bolt.action("stop")(edit)
        bolt.view("settings")(save)
        await client.views_publish(user_id="U1ADA", view={"type": "home", "blocks": [CONTROLS]})
        home = slack.home_of("U1ADA")
        assert home is not None
        await person.press("stop", user_id="U1ADA", on=home)
        [opened] = slack.modals_of("U1ADA")

        async def submit(text: str) -> Any:
            return await person.submit(
                opened,
                {"hour": {"value": {"type": "plain_text_input", "value": text}}},
                user_id="U1ADA",
            )

        refused = await submit("bad")
        await submit("more")
        wrong = await submit("wrong")
        still_open = slack.modals_of("U1ADA")
        await submit("9")

        assert refused.body["errors"] == {"hour": "Not an hour"}
        assert wrong.violations == ("[ERROR] must be an object [json-pointer:/submit]",)
        assert len(still_open) == 1
        assert slack.modals_of("U1ADA") == ()

    async def test_verifies_the_address(self, person: Person):
        ack = await person.verify_url("abc")

        assert ack.body == {"challenge": "abc"}

    @pytest.mark.parametrize(
        "tampering",
        [
            Tampering(age=timedelta(minutes=6)),
            Tampering(age=-timedelta(minutes=6)),
            Tampering(signature="v0=0"),
            Tampering(secret="another"),
            Tampering(unsigned=True),
        ],
    )
    async def test_cannot_forge(
        self, slack: SlackStandIn, bolt: AsyncApp, person: Person, tampering: Tampering
    ):
        async def usage(ack: Any) -> None:
            await ack("Yours")

        bolt.command("/myusage")(usage)

        ack = await person.command("/myusage", user_id="U1ADA", tampering=tampering)

        assert ack.status == 401
        assert slack.ephemerals_to("U1ADA") == ()

    async def test_may_send_nonsense_for_a_time_and_the_same_request_twice(
        self, slack: SlackStandIn
    ):
        seen: list[httpx.Request] = []

        async def collect(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, text="Thanks")

        person = person_facing(slack, collect)
        first = await person.command(
            "/myusage", user_id="U1ADA", tampering=Tampering(timestamp="soon")
        )
        await person.send_again(first.request)

        assert first.body == "Thanks"
        assert seen[0].headers["X-Slack-Request-Timestamp"] == "soon"
        assert seen[0].content == seen[1].content
        assert seen[0].headers["X-Slack-Signature"] == seen[1].headers["X-Slack-Signature"]
