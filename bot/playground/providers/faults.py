"""Provider answers as they are on bad days, scripted for each path, round any stand-in."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.playground.providers.errors import RefusedError, error_body

LOOP_CURSOR = "page_loop"
MEGABYTE = 1024 * 1024

App = Callable[[Scope], Awaitable[Response]]
Fault = Callable[[Scope, App], Awaitable[ASGIApp]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was made, without its headers (they hold the key)."""

    path: str
    query: tuple[tuple[str, str], ...]


class Faults:
    """An ASGI wrapper: answers the next calls of a path as scripted, and records every call."""

    def __init__(self, app: ASGIApp) -> None:
        self.calls: list[Call] = []
        self._app = app
        self._next: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}

    def script(self, path: str, *faults: Fault) -> None:
        """Let the next calls of *path* meet *faults*, one each."""
        self._next[path].extend(faults)

    def always(self, path: str, fault: Fault | None) -> None:
        """Let every call of *path* meet *fault* (None: no longer)."""
        if fault is None:
            self._always.pop(path, None)
        else:
            self._always[path] = fault

    def calls_of(self, path: str) -> list[Call]:
        """Give the calls of one path, oldest first."""
        return [call for call in self.calls if call.path == path]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as scripted, else as the app does."""
        path = scope["path"]
        query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        self.calls.append(Call(path=path, query=tuple(query)))
        waiting = self._next[path]
        fault = waiting.popleft() if waiting else self._always.get(path)
        answer = await fault(scope, self._real_answer) if fault else self._app
        await answer(scope, receive, send)

    async def _real_answer(self, scope: Scope) -> Response:
        parts: list[bytes] = []
        status = 0

        async def receive() -> Mapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        await self._app(scope, receive, send)  # type: ignore[arg-type]
        return Response(b"".join(parts), status, media_type="application/json")


def refused(status: int, *, retry_after: str | None = None) -> Fault:
    """Refuse in the provider's shape: 401, 403, 429, 500, 503, 529; *retry_after* verbatim."""

    async def fault(scope: Scope, _: App) -> ASGIApp:
        body = error_body(scope["path"], RefusedError(status, "scripted"))
        headers = {} if retry_after is None else {"retry-after": retry_after}
        return JSONResponse(body, status, headers)

    return fault


def html() -> Fault:
    """Answer with a web page and status 200, as a proxy's sign-in does."""

    async def fault(_: Scope, __: App) -> ASGIApp:
        return HTMLResponse("<!doctype html><title>Sign in</title><p>Please sign in.")

    return fault


def cut_json() -> Fault:
    """Answer with the first half of the body, whole as far as HTTP can tell."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        body = bytes((await real(scope)).body)
        return Response(body[: len(body) // 2], media_type="application/json")

    return fault


def broken_off() -> Fault:
    """Promise the whole length and close the connection half-way (needs a real socket)."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        body = bytes((await real(scope)).body)

        async def answer(_: Scope, __: Receive, send: Send) -> None:
            headers = [(b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            half = body[: len(body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})

        return answer

    return fault


def not_utf8() -> Fault:
    """Answer with bytes inside a string that are not UTF-8."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        body = bytes((await real(scope)).body)
        return Response(b'{"note":"\xff\xfe\xc3",' + body[1:], media_type="application/json")

    return fault


def huge_page(megabytes: int = 64) -> Fault:
    """Answer with valid JSON that is far too long."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        body = bytes((await real(scope)).body)
        head, tail = b'{"padding":"', b'",' + body[1:]
        length = len(head) + megabytes * MEGABYTE + len(tail)

        async def answer(_: Scope, __: Receive, send: Send) -> None:
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(length).encode()),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for chunk in (head, *[b"x" * MEGABYTE] * megabytes):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": tail, "more_body": False})

        return answer

    return fault


def token_loop() -> Fault:
    """Answer the first page whatever was asked, and the same next page (use with `always`)."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        first = [(name, value) for name, value in query if name != "page"]
        page = _json(await real({**scope, "query_string": urlencode(first).encode()}))
        return JSONResponse({**page, "has_more": True, "next_page": LOOP_CURSOR})

    return fault


def page_twice() -> Fault:
    """Answer with every row of the page twice."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        page = _json(await real(scope))
        return JSONResponse({**page, "data": [*page["data"], *page["data"]]})

    return fault


def without(*fields: str) -> Fault:
    """Leave the named fields out, wherever they are."""

    async def fault(scope: Scope, real: App) -> ASGIApp:
        return JSONResponse(_stripped(_json(await real(scope)), fields))

    return fault


def _json(response: Response) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(bytes(response.body))
    return page


def _stripped(value: Any, fields: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {k: _stripped(v, fields) for k, v in value.items() if k not in fields}
    if isinstance(value, list):
        return [_stripped(item, fields) for item in value]
    return value
