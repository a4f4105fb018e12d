"""The one module that knows which HTTP client we use: retries, limits, and our own errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, TypeVar

import httpx
import msgspec
import stamina

from bot import errors
from bot.downloads import Downloads, Resolve, body_of, resolve_host, trusted

T = TypeVar("T")
Params = Mapping[str, str | int | list[str]]

Refusal = Callable[[int, bytes], errors.SourceError | None]
"""What the status and the body of a refusal mean, where the status alone does not tell."""

MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_REFUSAL_BYTES = 64 * 1024
SHORTEST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 120.0


def real_now() -> datetime:
    """Wall-clock time, for what has to do with the network and not with the product."""
    return datetime.now(UTC)  # noqa: TID251


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often and for how long, in seconds, a request is tried."""

    attempts: int = 6
    budget: float = 900.0
    first_wait: float = 1.0
    longest_wait: float = 60.0
    jitter: float = 1.0


class Http:
    """JSON over HTTP. Sending, reading, decoding and validating are retried as one unit."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        retry: Retry | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = real_now,
        resolve: Resolve = resolve_host,
        refusal: Refusal | None = None,
    ) -> None:
        policy = retry or Retry()
        self._now = now
        self._transport = transport
        self._resolve = resolve
        self._refusal = refusal
        self._caller = stamina.AsyncRetryingCaller(
            attempts=policy.attempts,
            timeout=policy.budget,
            wait_initial=policy.first_wait,
            wait_max=policy.longest_wait,
            wait_jitter=policy.jitter,
        )
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"user-agent": "Upshot/0.1", "accept-encoding": "gzip", **headers},
            timeout=30,
            transport=transport,
            verify=trusted(),
            trust_env=False,
        )

    async def get(self, path: str, params: Params | None = None, *, into: type[T]) -> T:
        """The decoded answer to a GET; raises ``SourceError``."""
        return await self._caller(_backoff, self._once, "GET", path, into, params, None)

    async def post(self, path: str, body: Any, *, into: type[T]) -> T:
        """The decoded answer to a POST of *body* as JSON; only for requests that change nothing."""
        return await self._caller(_backoff, self._once, "POST", path, into, None, body)

    def downloads(self, hosts: Collection[str]) -> Downloads:
        """For the links in answers, to *hosts* or this server; retried alike, closed apart."""
        return Downloads(
            hosts,
            own=self._client.base_url,
            transport=self._transport,
            attempt=partial(self._caller, _backoff),
            raise_for_status=self._raise_for_status,
            resolve=self._resolve,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def _once(
        self, method: str, path: str, into: type[T], params: Params | None, body: Any
    ) -> T:
        try:
            request = self._client.build_request(method, path, params=params, json=body)
            response = await self._client.send(request, stream=True)
            try:
                await self._raise_for_what_is_said(response)
                self._raise_for_status(response)
                content = await body_of(response, most=MAX_BODY_BYTES, what="an answer")
            finally:
                await response.aclose()
        except httpx.InvalidURL:
            raise errors.SourceResponseError("an answer led to what is no address") from None
        except httpx.HTTPError as error:
            raise errors.SourceUnavailableError(f"{type(error).__name__} at {path}") from None
        return _decode(content, into, path)

    async def _raise_for_what_is_said(self, response: httpx.Response) -> None:
        if self._refusal is None or not 400 <= response.status_code < 500:
            return
        said = await body_of(response, most=MAX_REFUSAL_BYTES, what="a refusal")
        if error := self._refusal(response.status_code, said):
            raise error

    def _raise_for_status(self, response: httpx.Response) -> None:
        match response.status_code:
            case 204:
                raise errors.SourceNotFoundError("there is nothing there yet")
            case status if 200 <= status < 300:
                return
            case 401:
                raise errors.SourceUnauthorizedError
            case 429 | 403 if response.status_code == 429 or "retry-after" in response.headers:
                # GitHub's secondary limits answer 403, and tell how long they last.
                retry_after = seconds_until(response.headers.get("retry-after"), self._now())
                raise errors.SourceRateLimitedError(retry_after=retry_after)
            case 403:
                raise errors.SourceForbiddenError
            case 404:
                raise errors.SourceNotFoundError
            case status if status >= 500:
                raise errors.SourceUnavailableError(f"HTTP {status}")
            case status:
                raise errors.SourceRefusedError(f"HTTP {status}")


def _backoff(error: Exception) -> bool | float:
    match error:
        case errors.SourceRateLimitedError(retry_after=float(seconds)):
            # A longer wait is left to the plan, which comes back by itself.
            return max(seconds, SHORTEST_WAIT_SECONDS) if seconds <= LONGEST_WAIT_SECONDS else False
        case errors.SourceRateLimitedError() | errors.SourceUnavailableError():
            return True
        case errors.SourceResponseError():
            return True
        case _:
            return False


def _decode(content: bytes, into: type[T], path: str) -> T:
    try:
        content.decode()  # msgspec looks only at the fields that it reads
        return msgspec.json.decode(content, type=into, strict=True)
    except msgspec.ValidationError as error:
        raise errors.SourceResponseError(f"{path}: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise errors.SourceResponseError(f"{path}: the answer is not JSON") from None


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """``Retry-After`` as seconds: RFC 9110 allows a number or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return max((parsedate_to_datetime(retry_after) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
