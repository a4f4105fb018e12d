"""The web process: Slack's requests, each checked before anything reads it, and health."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers import apology

log = structlog.get_logger()

LARGEST_BODY = 1_000_000
FRESH = timedelta(minutes=5)
PATIENCE = timedelta(seconds=2.5)
"""Slack shows an error of its own when there is no answer within three seconds."""


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
        now = self._real_now()
        signature = await self._proven_signature(request, now)
        if signature is None:
            return _refused(request)
        answering = asyncio.create_task(self._answer_once(request, signature, now))
        # Not a timeout: that would wait until what is cancelled has cleaned up.
        done, _ = await asyncio.wait({answering}, timeout=PATIENCE.total_seconds())
        if not done:
            answering.cancel()
            return JSONResponse(apology(TimeoutError()))
        error = answering.exception()
        return answering.result() if error is None else JSONResponse(apology(error))

    async def _answer_once(self, request: Request, signature: str, now: datetime) -> Response:
        if not await self._seen.is_new(signature, now):
            return _refused(request)
        return await self._handler.handle(request)

    async def _proven_signature(self, request: Request, now: datetime) -> str | None:
        """The request's signature if it is Slack's and of now, else ``None``."""
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return None
        if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
            return None
        try:
            body = await _body(request)
            expected = self._verifier.generate_signature(timestamp=timestamp, body=body)
        except (ClientDisconnect, UnicodeDecodeError):
            return None
        is_slacks = hmac.compare_digest((expected or "").encode(), signature.encode())
        return signature if expected and is_slacks else None


def _refused(request: Request) -> Response:
    log.warning("request_refused", path=request.url.path)
    return JSONResponse({"error": "invalid request"}, status_code=401)


async def _body(request: Request) -> bytes:
    """The raw body, empty where it is larger than anything Slack sends."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 10):
        return b""
    return await request.body() if int(length) <= LARGEST_BODY else b""


def make_web(
    door: Callable[[Request], Awaitable[Response]] | None,
    is_ready: Callable[[], Awaitable[bool]],
    more: Sequence[Route] = (),
) -> Starlette:
    """The routes: Slack's *door*, which Socket Mode has none of, health, and *more*."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    async def readyz(_: Request) -> Response:
        ready = await is_ready()
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz), *more]
    if door is not None:
        routes.append(Route("/slack/events", door, methods=["POST"]))
    return Starlette(routes=routes)
