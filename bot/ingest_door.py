"""``POST /ingest/usage``: neutral records of whoever has the token, answered line by line."""

from __future__ import annotations

import asyncio
import hmac
import zlib
from collections.abc import AsyncIterator

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.domain.received import Received
from bot.domain.usage import oddities
from bot.ingest import Config
from bot.ingest.neutral import Decoded, UnreadableError, decode
from bot.ports import Clock
from bot.services.receive import Receiver

log = structlog.get_logger()

PATH = "/ingest/usage"
LARGEST_BODY = 10 * 1024 * 1024
"""Bytes, as they come and unpacked."""
READ_WITHIN = 60.0
AT_ONCE = 2
"""The database's connections are there for people first."""
MEDIA_TYPES = ("application/x-ndjson", "application/json")


class _RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class IngestDoor:
    """Lets in who has the token; what it lets in is kept whole or not at all."""

    def __init__(
        self,
        config: Config,
        receiver: Receiver,
        clock: Clock,
        *,
        read_within: float = READ_WITHIN,
    ) -> None:
        self._token = config.token.get_secret_value().encode()
        self._receiver = receiver
        self._clock = clock
        self._read_within = read_within
        self._places = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: Request) -> Response:
        if not self._is_known(request):
            log.warning("request_refused", path=PATH)
            headers = {"www-authenticate": "Bearer"}
            return JSONResponse({"error": "invalid request"}, status_code=401, headers=headers)
        try:
            body = await self._body(request)
            async with self._places:
                return await self._keep(body)
        except _RefusedError as refusal:
            return _refused(refusal.status, str(refusal))
        except UnreadableError as error:
            return _refused(400, str(error))
        except Exception as error:  # noqa: BLE001 - the sender has what is needed to try again
            log.warning("ingest_failed", error=type(error).__name__)
            again = {"retry-after": "30"}
            message = "It could not be kept: send it again, which adds nothing twice."
            return JSONResponse({"error": message}, status_code=503, headers=again)

    def _is_known(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        is_same = hmac.compare_digest(token.strip().encode(), self._token)
        return is_same and scheme.lower() == "bearer"

    async def _body(self, request: Request) -> bytes:
        """The body, unpacked; raises ``_RefusedError``, as soon as it is clear."""
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in MEDIA_TYPES:
            raise _RefusedError(415, f"Send {' or '.join(MEDIA_TYPES)}.")
        encoding = request.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"identity", "gzip"}:
            raise _RefusedError(415, "Pack the body with gzip, or not at all.")
        length = request.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > LARGEST_BODY:
            raise _too_large()
        try:
            async with asyncio.timeout(self._read_within):
                return await _read(request.stream(), is_packed=encoding == "gzip")
        except TimeoutError:
            raise _RefusedError(408, f"The body took over {self._read_within:g} s.") from None
        except ClientDisconnect:
            raise _RefusedError(400, "The body broke off.") from None

    async def _keep(self, body: bytes) -> Response:
        now = self._clock.now()
        decoded = await asyncio.to_thread(decode, body, now)
        received = await self._receiver.accept(decoded.records)
        return JSONResponse(_told(decoded, received))


async def _read(chunks: AsyncIterator[bytes], *, is_packed: bool) -> bytes:
    body = bytearray()
    packed = 0
    unpacking = _Gzip() if is_packed else None
    async for chunk in chunks:
        packed += len(chunk)
        body += chunk if unpacking is None else unpacking.feed(chunk, LARGEST_BODY - len(body))
        if max(packed, len(body)) > LARGEST_BODY:
            raise _too_large()
    if unpacking is not None and not unpacking.is_whole:
        raise _RefusedError(400, "The body is not whole gzip.")
    return bytes(body)


class _Gzip:
    """Unpacks no further than it may, whatever is inside."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    @property
    def is_whole(self) -> bool:
        return self._member.eof

    def feed(self, chunk: bytes, room: int) -> bytes:
        """What *chunk* unpacks to, cut off one byte after *room*."""
        unpacked = bytearray()
        try:
            while chunk and len(unpacked) <= room:
                if self._member.eof:
                    self._member = zlib.decompressobj(wbits=31)
                unpacked += self._member.decompress(chunk, room + 1 - len(unpacked))
                chunk = self._member.unused_data or self._member.unconsumed_tail
        except zlib.error:
            raise _RefusedError(400, "The body is not gzip.") from None
        return bytes(unpacked)


def _told(decoded: Decoded, received: Received) -> dict[str, object]:
    return {
        "accepted": received.accepted,
        "replaced": received.replaced,
        "rejected": decoded.rejected,
        "errors": [
            {"line": error.line, "record_id": error.record_id, "error": error.message}
            for error in decoded.errors
        ],
        "warnings": list(oddities(record.usage for record in decoded.records)),
    }


def _too_large() -> _RefusedError:
    megabytes = LARGEST_BODY >> 20
    return _RefusedError(413, f"The body is over {megabytes} MB: send it in parts.")


def _refused(status: int, message: str) -> Response:
    log.warning("ingest_refused", status=status)
    return JSONResponse({"error": message}, status_code=status)
