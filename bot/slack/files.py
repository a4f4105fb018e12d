"""Giving a file to one person: in that person's own conversation with Upshot, and nowhere else."""

from __future__ import annotations

import os
from typing import BinaryIO
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FileNotSentError
from bot.slack.asking import NoAnswer, NotConnected, Refusal, ask
from bot.slack.errors import SCOPE_MISSING

SECONDS = 120
_HOSTS = (".slack.com", ".slack-gov.com")


class SlackFiles:
    """The three steps of Slack's way: ask where to, send the bytes, say for whom they are."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._session = session

    async def send(self, slack_user_id: str, name: str, content: BinaryIO, said: str) -> bool:
        """``False`` where the app was not given the scope; raises ``FileNotSentError``."""
        try:
            await self._send(slack_user_id, name, content, said)
        except Refusal as refusal:
            if refusal.code in SCOPE_MISSING:
                return False
            raise FileNotSentError(f"Slack did not take the file: {refusal.code}.") from None
        except (NotConnected, NoAnswer):
            raise FileNotSentError from None
        return True

    async def _send(self, slack_user_id: str, name: str, content: BinaryIO, said: str) -> None:
        length = content.seek(0, os.SEEK_END)
        content.seek(0)
        place = await ask(
            self._client,
            "files_getUploadURLExternal",
            "upload_url",
            "file_id",
            filename=name,
            length=length,
        )
        opened = await ask(self._client, "conversations_open", "channel", users=slack_user_id)
        await self._upload(str(place["upload_url"]), content)
        await ask(
            self._client,
            "files_completeUploadExternal",
            files=[{"id": place["file_id"], "title": name}],
            channel_id=str(opened["channel"]["id"]),
            initial_comment=said,
        )

    async def _upload(self, url: str, content: BinaryIO) -> None:
        """The address is a secret: it is in no log, and in no error."""
        if not _is_slacks(url, self._client.base_url):
            raise FileNotSentError("Slack named an address that is not its own.")
        try:
            async with self._session.post(
                url,
                data=content,
                headers={"Content-Type": "application/octet-stream"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=SECONDS),
            ) as answer:
                if answer.status != 200:
                    raise FileNotSentError
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise FileNotSentError from None


def _is_slacks(url: str, api: str) -> bool:
    there, known = urlsplit(url), urlsplit(api)
    if (there.scheme, there.netloc) == (known.scheme, known.netloc):
        return True
    return there.scheme == "https" and f".{there.hostname or ''}".endswith(_HOSTS)
