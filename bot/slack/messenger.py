"""Posting a message so that we know afterwards whether it was posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.delivery import (
    CannotLook,
    NotNow,
    NotThere,
    Posted,
    PostResult,
    Refused,
    SearchResult,
    Unclear,
)
from bot.domain.messages import Block, Message
from bot.slack.asking import NoAnswer, NotConnected, Refusal, ask
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
        except Refusal as refusal:
            if refusal.code not in BLOCKS_REFUSED:
                return _meaning(refusal)
        try:
            plainer = self._stamp(self._without_native_blocks(message), str(delivery))
            return await self._post(channel, plainer, delivery)
        except Refusal as refusal:
            return _meaning(refusal)

    async def find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult:
        """Look in the private conversation with *channel* for what we posted after *since*."""
        try:
            return await self._find(channel, delivery, since)
        except (NotConnected, NoAnswer):
            return NotNow(WAIT_A_LITTLE)
        except Refusal as refusal:
            if refusal.code in SCOPE_MISSING:
                return CannotLook()
            match _meaning(refusal):
                case NotNow() as wait:
                    return wait
                case Refused():
                    return CannotLook()
                case _:
                    return NotNow(WAIT_A_LITTLE)

    async def _post(self, channel: str, message: Message, delivery: UUID) -> PostResult:
        try:
            answer = await ask(
                self._client,
                "chat_postMessage",
                "channel",
                "ts",
                channel=channel,
                text=message.text,
                blocks=list(message.blocks),
                unfurl_links=False,
                unfurl_media=False,
                client_msg_id=str(delivery),
            )
        except NotConnected:
            return NotNow(WAIT_A_LITTLE)
        except NoAnswer as error:
            return Unclear(str(error))
        return Posted(channel=answer["channel"], ts=answer["ts"])

    async def _find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult:
        conversation = await self._conversation(channel)
        cursor: str | None = None
        while True:
            page = await ask(
                self._client,
                "conversations_history",
                "messages",
                channel=conversation,
                oldest=f"{since.timestamp():.6f}",
                limit=PAGE,
                cursor=cursor,
            )
            for found in page["messages"]:
                if self._stamp_of(found.get("blocks") or ()) == str(delivery):
                    return Posted(channel=conversation, ts=str(found["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return NotThere()

    async def _conversation(self, channel: str) -> str:
        """Where messages to *channel* are: with a person, in the conversation with that person."""
        if not channel.startswith(("U", "W")):
            return channel
        opened = await ask(self._client, "conversations_open", "channel", users=channel)
        return str(opened["channel"]["id"])


def _meaning(refusal: Refusal) -> PostResult:
    return meaning_of(refusal.code, refusal.status, refusal.retry_after)
