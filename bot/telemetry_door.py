"""``/v1/logs`` and ``/v1/metrics``: telemetry from whoever knows the token, as OTLP over HTTP."""

from __future__ import annotations

import asyncio
import hmac
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot import telemetry
from bot.domain.people import Proof
from bot.domain.received import CountedEvent
from bot.errors import BrokenDatabaseError, UnreachableDatabaseError
from bot.ports import Clock
from bot.services.receive import Receiver
from bot.telemetry import replies

log = structlog.get_logger()

JSON, PROTOBUF = "application/json", "application/x-protobuf"
LARGEST_SENT = 10_000_000
LARGEST_BODY = 64_000_000
AT_ONCE = 2
"""Requests that are read at the same time: a large one takes some of its size in memory."""
RETRY_SECONDS = 30

NO_PROTOBUF = "protobuf is not read here: send http/json, or install requirements-extras.txt"


class _Signal(NamedTuple):
    name: str
    rejected: str
    read: Callable[..., telemetry.Counted]


LOGS = _Signal("logs", "rejectedLogRecords", telemetry.count_logs)
METRICS = _Signal("metrics", "rejectedDataPoints", telemetry.count_metrics)


class _RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class TelemetryDoor:
    """Answers as the protocol asks: what a sender should not send again is not to be retried."""

    def __init__(self, receiver: Receiver, *, token: str, clock: Clock) -> None:
        self._receiver = receiver
        self._token = token.encode()
        self._clock = clock
        self._reading = asyncio.Semaphore(AT_ONCE)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/v1/logs", self.logs, methods=["POST"]),
            Route("/v1/metrics", self.metrics, methods=["POST"]),
        ]

    async def logs(self, request: Request) -> Response:
        return await self._answer(request, LOGS)

    async def metrics(self, request: Request) -> Response:
        return await self._answer(request, METRICS)

    async def _answer(self, request: Request, signal: _Signal) -> Response:
        is_protobuf = _media_type(request) == PROTOBUF
        try:
            refused = await self._receive(request, signal, is_protobuf=is_protobuf)
        except _RefusedError as refusal:
            log.warning("telemetry_refused", signal=signal.name, status=refusal.status)
            body = replies.refusal(str(refusal), is_protobuf=is_protobuf)
            return _response(body, refusal.status, is_protobuf=is_protobuf)
        body = replies.accepted(signal.rejected, refused, is_protobuf=is_protobuf)
        return _response(body, 200, is_protobuf=is_protobuf)

    async def _receive(
        self, request: Request, signal: _Signal, *, is_protobuf: bool
    ) -> dict[str, int]:
        self._let_in(request)
        sent = await _sent(request)
        is_gzipped = request.headers.get("content-encoding", "").lower() == "gzip"
        now = self._clock.now()

        def read() -> telemetry.Counted:
            body = _gunzipped(sent) if is_gzipped else sent
            return signal.read(body, now, is_protobuf=is_protobuf)

        async with self._reading:
            try:
                counted = await asyncio.to_thread(read)
            except telemetry.MalformedError as error:
                raise _RefusedError(400, str(error)) from None
            except telemetry.MissingProtobufError:
                raise _RefusedError(415, NO_PROTOBUF) from None
            except telemetry.TooManyError:
                raise _RefusedError(413, "too many at once: send smaller batches") from None
        await self._keep(counted.events)
        return counted.refused

    def _let_in(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        is_known = hmac.compare_digest(token.strip().encode(), self._token)
        if scheme.lower() != "bearer" or not is_known:
            raise _RefusedError(401, "the token is not the one that is set here")
        if _media_type(request) not in {JSON, PROTOBUF}:
            raise _RefusedError(415, f"send {PROTOBUF} or {JSON}")
        if request.headers.get("content-encoding", "").lower() not in {"", "identity", "gzip"}:
            raise _RefusedError(415, "send it with gzip or as it is")

    async def _keep(self, events: Sequence[CountedEvent]) -> None:
        if not events:
            return
        try:
            await self._receiver.count(events, proof=Proof.ASSERTED)
        except (BrokenDatabaseError, UnreachableDatabaseError, OSError):
            raise _RefusedError(503, "the database is away, send it again") from None


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _sent(request: Request) -> bytes:
    """The body as it was sent, no further than it may be large."""
    sent = bytearray()
    try:
        async for chunk in request.stream():
            sent += chunk
            if len(sent) > LARGEST_SENT:
                raise _RefusedError(413, f"larger than {LARGEST_SENT:,} bytes")
    except ClientDisconnect:
        raise _RefusedError(400, "cut off") from None
    return bytes(sent)


def _gunzipped(sent: bytes) -> bytes:
    gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = gzip.decompress(sent, LARGEST_BODY + 1)
    except zlib.error:
        raise telemetry.MalformedError("not what gzip makes") from None
    if len(body) > LARGEST_BODY:
        raise telemetry.TooManyError
    if not gzip.eof or gzip.unused_data:
        raise telemetry.MalformedError("not what gzip makes")
    return body


def _response(body: bytes, status: int, *, is_protobuf: bool) -> Response:
    headers = {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status == 503:
        headers["retry-after"] = str(RETRY_SECONDS)
    media_type = PROTOBUF if is_protobuf else JSON
    return Response(body, status, headers, media_type=media_type)
