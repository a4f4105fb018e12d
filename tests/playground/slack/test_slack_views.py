"""Forms and Home tabs open, change and close in the stand-in as in Slack."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.stand_in import SlackStandIn
from tests.playground.slack.made_up import SECTION, TITLE, WRONG, Clock, error_of


class TestViews:
    async def test_home_is_published_and_guarded_by_its_hash(
        self, slack: SlackStandIn, client: AsyncWebClient
    ):
        view = {"type": "home", "blocks": [SECTION]}
        first = (await client.views_publish(user_id="U1ADA", view=view))["view"]
        await client.views_publish(user_id="U1ADA", view=view, hash=first["hash"])
        stale = await error_of(client.views_publish(user_id="U1ADA", view=view, hash=first["hash"]))

        home = slack.home_of("U1ADA")
        assert home is not None
        assert home.payload == view
        assert home.id == first["id"]
        assert stale["error"] == "hash_conflict"

    async def test_wrong_ones_are_refused(self, slack: SlackStandIn, client: AsyncWebClient):
        wrong = await error_of(
            client.views_publish(user_id="U1ADA", view={"type": "home", "blocks": [WRONG]})
        )
        vast = {**SECTION, "text": {"type": "mrkdwn", "text": "x" * 3000}}
        blocks = [{**vast, "block_id": str(number)} for number in range(100)]
        large = await error_of(
            client.views_publish(user_id="U1ADA", view={"type": "home", "blocks": blocks})
        )

        assert wrong["error"] == "invalid_blocks"
        assert large["error"] == "view_too_large"
        assert slack.home_of("U1ADA") is None

    async def test_a_trigger_opens_one_modal_within_three_seconds(
        self, slack: SlackStandIn, client: AsyncWebClient, clock: Clock
    ):
        modal = {"type": "modal", "title": TITLE, "blocks": [SECTION]}
        trigger, late = (slack.workspace.triggers.issue("U1ADA") for _ in range(2))
        opened = (await client.views_open(trigger_id=trigger, view=modal))["view"]
        twice = await error_of(client.views_open(trigger_id=trigger, view=modal))
        clock.move(seconds=3.1)
        expired = await error_of(client.views_open(trigger_id=late, view=modal))
        unknown = await error_of(client.views_open(trigger_id="0", view=modal))
        changed = {**modal, "callback_id": "second"}
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=changed)
        missing = await error_of(client.views_update(view_id="V0", view=modal))

        assert twice["error"] == "exchanged_trigger_id"
        assert expired["error"] == "expired_trigger_id"
        assert unknown["error"] == "invalid_trigger_id"
        assert [view.payload for view in slack.modals_of("U1ADA")] == [changed]
        assert missing["error"] == "not_found"
