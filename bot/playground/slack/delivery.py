"""Getting an answer to the caller, or only a part of it, or late, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_TRANSPORT = "upshot.transport"


class Application(Starlette):
    """Remembers the connection of each request, so that a fault can cut it.

    ASGI has no word for closing a connection without an answer, and raising instead would
    make the server log a traceback.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_TRANSPORT] = getattr(getattr(send, "__self__", None), "transport", None)
        await super().__call__(scope, receive, send)


class Dropped(Response):
    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        _transport_of(scope).abort()
        await _disconnected(receive)


class Truncated(Response):
    """Promises the whole body and sends the first half."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        _transport_of(scope).close()
        await _disconnected(receive)


class Stalled(Response):
    def __init__(self, answer: Response, *, seconds: float) -> None:
        super().__init__(status_code=answer.status_code)
        self._answer = answer
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.wait_for(_disconnected(receive), self._seconds)
        except TimeoutError:
            await self._answer(scope, receive, send)


def _transport_of(scope: Scope) -> Any:
    transport = scope[_TRANSPORT]
    if transport is None:
        raise ConnectionResetError("There is no connection to cut: serve the stand-in over HTTP.")
    return transport


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
