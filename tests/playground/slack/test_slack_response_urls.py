"""An answer goes where its address says, as often and as long as Slack takes it."""

from __future__ import annotations

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.faults import Drop
from bot.playground.slack.stand_in import SlackStandIn
from tests.playground.slack.made_up import CONTROLS, WRONG, Clock


class TestResponseUrls:
    async def test_take_five_answers(self, slack: SlackStandIn):
        url = slack.response_url("U1ADA", "C3")
        async with httpx.AsyncClient() as http:
            answers = [await http.post(url, json={"text": str(n)}) for n in range(6)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        assert answers[-1].json() == {"ok": False, "error": "expired_url"}
        assert [m.text for m in slack.ephemerals_to("U1ADA")] == list("01234")

    async def test_expire_after_half_an_hour(self, slack: SlackStandIn, clock: Clock):
        url = slack.response_url("U1ADA", "C1")
        clock.move(minutes=30)
        async with httpx.AsyncClient() as http:
            late = await http.post(url, json={"text": "Late"})
            unknown = await http.post(f"{slack.base_url}/response/0", json={"text": "x"})

        assert (late.status_code, unknown.status_code) == (404, 404)

    async def test_answer_everyone_only_when_told(self, slack: SlackStandIn):
        url = slack.response_url("U1ADA", "C3")
        async with httpx.AsyncClient() as http:
            await http.post(url, json={"text": "All", "response_type": "in_channel"})
            wrong = await http.post(url, json={"text": "Hello", "blocks": [WRONG]})
            junk = await http.post(url, content=b"hello")

        assert [message.text for message in slack.messages_in("C3")] == ["All"]
        assert slack.ephemerals_to("U1ADA") == ()
        assert wrong.json()["error"] == "invalid_blocks"
        assert junk.json()["error"] == "invalid_payload"

    async def test_replace_and_delete_what_was_clicked(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        await client.chat_postMessage(channel="U1ADA", text="Before", blocks=[CONTROLS])
        [original] = slack.dms_to("U1ADA")
        url = slack.response_url("U1ADA", "D000000001", original)
        async with httpx.AsyncClient() as http:
            await http.post(url, json={"text": "After", "replace_original": True})
            replaced = [message.text for message in slack.dms_to("U1ADA")]
            await http.post(url, json={"delete_original": True})
            other = slack.response_url("U1ADA", "D000000001", original)
            gone = await http.post(other, json={"delete_original": True})

        assert replaced == ["After"]
        assert gone.json()["error"] == "message_not_found"
        assert slack.dms_to("U1ADA") == ()

    async def test_can_fail_like_everything_else(self, slack: SlackStandIn):
        slack.faults.next("response_url", Drop())
        async with httpx.AsyncClient() as http:
            with pytest.raises(httpx.RemoteProtocolError):
                await http.post(slack.response_url("U1ADA", "C1"), json={"text": "x"})

        assert len(slack.ephemerals_to("U1ADA")) == 1
