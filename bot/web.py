"""The web process: Slack's requests, each checked before anything reads it, and health."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

log = structlog.get_logger()

LARGEST_BODY = 1_000_000
FRESH = timedelta(minutes=5)


class SeenRequests(Protocol):
    async def is_new(self, signature: str, now: datetime) -> bool: ...


class SlackDoor:
    """Lets in what Slack signed, fresh and for the first time; says no without a word of why."""

    def __init__(
        self,
        bolt: AsyncApp,
        *,
        signing_secret: str,
        seen: SeenRequests,
        real_now: Callable[[], datetime],
    ) -> None:
        self._handler = AsyncSlackRequestHandler(bolt)
        self._verifier = SignatureVerifier(signing_secret)
        self._seen = seen
        self._real_now = real_now

    async def answer(self, request: Request) -> Response:
        if not await self._is_welcome(request):
            log.warning("request_refused", path=request.url.path)
            return JSONResponse({"error": "invalid request"}, status_code=401)
        return await self._handler.handle(request)

    async def _is_welcome(self, request: Request) -> bool:
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and signature):
            return False
        now = self._real_now()
        if len(timestamp) > 12 or abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
            return False
        body = await _body(request)
        expected = self._verifier.generate_signature(timestamp=timestamp, body=body)
        if expected is None or not hmac.compare_digest(expected.encode(), signature.encode()):
            return False
        return await self._seen.is_new(signature, now)


async def _body(request: Request) -> bytes:
    """The raw body, empty where it is larger than anything Slack sends."""
    if int(request.headers.get("content-length") or LARGEST_BODY + 1) > LARGEST_BODY:
        return b""
    return await request.body()


def make_web(
    door: Callable[[Request], Awaitable[Response]] | None, is_ready: Callable[[], Awaitable[bool]]
) -> Starlette:
    """The routes; without *door* (Socket Mode) only health."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    async def readyz(_: Request) -> Response:
        ready = await is_ready()
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if door is not None:
        routes.append(Route("/slack/events", door, methods=["POST"]))
    return Starlette(routes=routes)
