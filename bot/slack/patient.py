"""Asking Slack something that changes nothing: again, for as long as that is worth it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import (
    SourceError,
    SourceRateLimitedError,
    SourceUnauthorizedError,
    SourceUnavailableError,
)
from bot.slack.asking import NoAnswer, NotConnected, Refusal, ask
from bot.slack.errors import MAY_HAVE_SUCCEEDED, RATE_LIMITED, seconds_in

TRIES = 5
PAUSE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0


class PatientClient:
    """What lasts longer than an answer is worth is left to the plan, which comes back by itself."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        tries: int = TRIES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._tries = tries
        self._sleep = sleep

    async def ask(
        self,
        method: str,
        needed: str,
        *,
        refusals: Mapping[str, type[SourceError]] | None = None,
        **arguments: Any,
    ) -> Mapping[str, Any]:
        """The answer; raises ``SourceError``, for a code in *refusals* the one that is named."""
        for _ in range(self._tries - 1):
            try:
                return await self._once(method, needed, refusals or {}, arguments)
            except SourceRateLimitedError as error:
                if error.retry_after is None or error.retry_after > LONGEST_WAIT_SECONDS:
                    raise
                pause = error.retry_after
            except SourceUnavailableError:
                pause = PAUSE_SECONDS
            await self._sleep(pause)
        return await self._once(method, needed, refusals or {}, arguments)

    async def _once(
        self,
        method: str,
        needed: str,
        refusals: Mapping[str, type[SourceError]],
        arguments: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        try:
            return await ask(self._client, method, needed, **arguments)
        except Refusal as refusal:
            raise _error_of(method, refusal, refusals) from None
        except NotConnected:
            raise SourceUnavailableError("Slack cannot be reached.") from None
        except NoAnswer as error:
            raise SourceUnavailableError(f"Slack's {method}: {error}") from None


def _error_of(
    method: str, refusal: Refusal, refusals: Mapping[str, type[SourceError]]
) -> SourceError:
    what = f"Slack's {method}: {refusal.code or refusal.status}"
    if refusal.status == 429 or refusal.code in RATE_LIMITED:
        return SourceRateLimitedError(what, retry_after=seconds_in(refusal.retry_after))
    if refusal.status >= 500 or refusal.code in MAY_HAVE_SUCCEEDED:
        return SourceUnavailableError(what)
    return refusals.get(refusal.code, SourceUnauthorizedError)(what)
