"""Posting a message so that we know afterwards whether it was posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.delivery import (
    CannotLook,
    NotNow,
    NotThere,
    Posted,
    PostResult,
    SearchResult,
    Unclear,
)
from bot.domain.messages import Block, Message
from bot.slack.errors import BLOCKS_REFUSED, SCOPE_MISSING, WAIT_A_LITTLE, meaning_of

Stamp = Callable[[Message, str], Message]
StampOf = Callable[[Sequence[Block]], str | None]
WithoutNativeBlocks = Callable[[Message], Message]
PAGE = 100


class SlackMessenger:
    """Never lets the SDK send again by itself: only the outbox knows whether that is right."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        stamp: Stamp,
        without_native_blocks: WithoutNativeBlocks,
        stamp_of: StampOf,
    ) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._stamp = stamp
        self._without_native_blocks = without_native_blocks
        self._stamp_of = stamp_of

    async def post(self, channel: str, message: Message, delivery: UUID) -> PostResult:
        """Post once; where Slack refuses the newer blocks, the same message without them."""
        stamped = self._stamp(message, str(delivery))
        try:
            return await self._post(channel, stamped, delivery)
        except SlackApiError as error:
            if _code(error) not in BLOCKS_REFUSED:
                return _meaning(error)
        try:
            plainer = self._stamp(self._without_native_blocks(message), str(delivery))
            return await self._post(channel, plainer, delivery)
        except SlackApiError as error:
            return _meaning(error)

    async def find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult:
        """Look in the private conversation with *channel* for what we posted after *since*."""
        try:
            return await self._find(channel, delivery, since)
        except SlackApiError as error:
            if _code(error) in SCOPE_MISSING:
                return CannotLook()
            return NotNow(WAIT_A_LITTLE)
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError):
            return NotNow(WAIT_A_LITTLE)

    async def _post(self, channel: str, message: Message, delivery: UUID) -> PostResult:
        try:
            answer = await self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=list(message.blocks),
                unfurl_links=False,
                unfurl_media=False,
                client_msg_id=str(delivery),
            )
        except SlackApiError:
            raise
        except aiohttp.ClientConnectorError:
            return NotNow(WAIT_A_LITTLE)
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
            return Unclear(type(error).__name__)
        return Posted(channel=answer["channel"], ts=answer["ts"])

    async def _find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult:
        conversation = channel
        if not channel.startswith("C"):
            opened = await self._client.conversations_open(users=channel)
            conversation = opened["channel"]["id"]
        cursor: str | None = None
        while True:
            page = await self._client.conversations_history(
                channel=conversation, oldest=f"{since.timestamp():.6f}", limit=PAGE, cursor=cursor
            )
            for found in page["messages"]:
                if self._stamp_of(found.get("blocks") or ()) == str(delivery):
                    return Posted(channel=conversation, ts=str(found["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return NotThere()


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error", ""))


def _meaning(error: SlackApiError) -> PostResult:
    headers = error.response.headers or {}
    retry_after = headers.get("Retry-After") or headers.get("retry-after")
    return meaning_of(_code(error), error.response.status_code, retry_after)
