"""Files that the app uploads: asked for, sent, and shared in a conversation, in this order."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.playground.slack.errors import SlackError


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFile:
    id: str
    name: str
    length: int
    secret: str = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    channel: str | None = None
    title: str | None = None


class Files:
    """Only who knows a file's secret may send its bytes, once and as many as were announced."""

    def __init__(self) -> None:
        self._files: dict[str, SlackFile] = {}

    def announce(self, name: str, length: int) -> SlackFile:
        number = len(self._files) + 1
        file = SlackFile(
            id=f"F{number:010}", name=name, length=length, secret=secrets.token_hex(16)
        )
        self._files[file.id] = file
        return file

    def receive(self, secret: str, content: bytes) -> bool:
        for file in self._files.values():
            if file.secret == secret and file.content is None and file.length == len(content):
                self._files[file.id] = replace(file, content=content)
                return True
        return False

    def share(self, file_id: str, title: str | None, channel: str) -> SlackFile:
        file = self._files.get(file_id)
        if file is None or file.content is None:
            raise SlackError("file_not_found")
        if file.channel is not None:
            raise SlackError("file_update_failed")
        shared = replace(file, title=title or file.name, channel=channel)
        self._files[file_id] = shared
        return shared

    def in_channel(self, channel: str) -> tuple[SlackFile, ...]:
        return tuple(file for file in self._files.values() if file.channel == channel)

    async def endpoint(self, request: Request) -> Response:
        """Where the bytes are posted; what is wrong with them is not told."""
        taken = self.receive(request.path_params["secret"], await request.body())
        return PlainTextResponse("OK" if taken else "Not taken", 200 if taken else 400)
