"""Putting a page on a reader's own tab of the app."""

from __future__ import annotations

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.messages import Home, Message
from bot.slack.asking import NoAnswer, NotConnected, Refusal, ask
from bot.slack.errors import BLOCKS_REFUSED
from bot.slack.messenger import WithoutNativeBlocks

log = structlog.get_logger()


class SlackHome:
    """A page that did not come through is made anew when its reader opens the tab again."""

    def __init__(
        self, client: AsyncWebClient, *, without_native_blocks: WithoutNativeBlocks
    ) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._without_native_blocks = without_native_blocks

    async def publish(self, slack_user_id: str, home: Home) -> None:
        """Publish for one reader; where Slack refuses the newer blocks, without them."""
        refusal = await self._publish(slack_user_id, home)
        if refusal in BLOCKS_REFUSED:
            plainer = self._without_native_blocks(Message("", home.blocks)).blocks
            refusal = await self._publish(slack_user_id, Home(plainer))
        if refusal is not None:
            log.warning("home_not_published", error=refusal)

    async def _publish(self, slack_user_id: str, home: Home) -> str | None:
        """Why it was not published, ``None`` where it was."""
        view = {"type": "home", "blocks": list(home.blocks)}
        try:
            await ask(self._client, "views_publish", user_id=slack_user_id, view=view)
        except Refusal as refusal:
            return refusal.code or f"HTTP {refusal.status}"
        except NotConnected:
            return "not connected"
        except NoAnswer as error:
            return str(error)
        return None
