"""The workspace's members, from ``users.list``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import DirectoryMember
from bot.errors import (
    SourceError,
    SourceRateLimitedError,
    SourceUnauthorizedError,
    SourceUnavailableError,
)
from bot.slack.asking import NoAnswer, NotConnected, Refusal, ask
from bot.slack.errors import MAY_HAVE_SUCCEEDED, RATE_LIMITED, seconds_in

PAGE = 200
TRIES = 5
PAUSE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
SLACKBOT = "USLACKBOT"


class SlackDirectory:
    """What lasts longer than a page is worth is left to the plan, which comes back by itself."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._sleep = sleep

    async def workspace(self) -> str:
        """The id of the workspace that the token belongs to; raises ``SourceError``."""
        answer = await self._call("auth_test", "team_id")
        return str(answer["team_id"])

    async def members(self) -> list[DirectoryMember]:
        """Everybody, also those who get nothing; raises ``SourceError``."""
        workspace = await self.workspace()
        members: list[DirectoryMember] = []
        cursor: str | None = None
        while True:
            page = await self._call(
                "users_list", "members", limit=PAGE, cursor=cursor, include_locale=True
            )
            members += [to_member(user, workspace) for user in page["members"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return members

    async def _call(self, method: str, needed: str, **arguments: Any) -> Mapping[str, Any]:
        for _ in range(TRIES - 1):
            try:
                return await self._once(method, needed, **arguments)
            except SourceRateLimitedError as error:
                if error.retry_after is None or error.retry_after > LONGEST_WAIT_SECONDS:
                    raise
                pause = error.retry_after
            except SourceUnavailableError:
                pause = PAUSE_SECONDS
            await self._sleep(pause)
        return await self._once(method, needed, **arguments)

    async def _once(self, method: str, needed: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            return await ask(self._client, method, needed, **arguments)
        except Refusal as refusal:
            raise _error_of(method, refusal) from None
        except NotConnected:
            raise SourceUnavailableError("Slack cannot be reached.") from None
        except NoAnswer as error:
            raise SourceUnavailableError(f"Slack's {method}: {error}") from None


def _error_of(method: str, refusal: Refusal) -> SourceError:
    what = f"Slack's {method}: {refusal.code or refusal.status}"
    if refusal.status == 429 or refusal.code in RATE_LIMITED:
        return SourceRateLimitedError(what, retry_after=seconds_in(refusal.retry_after))
    if refusal.status >= 500 or refusal.code in MAY_HAVE_SUCCEEDED:
        return SourceUnavailableError(what)
    return SourceUnauthorizedError(what)


def to_member(user: Mapping[str, Any], workspace: str) -> DirectoryMember:
    """One of Slack's user objects, any field of which may be missing or empty."""
    profile = user.get("profile") or {}
    return DirectoryMember(
        slack_user_id=user["id"],
        email=profile.get("email") or None,
        time_zone=user.get("tz") or None,
        locale=user.get("locale") or None,
        is_bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
        is_deactivated=bool(user.get("deleted")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or user.get("team_id", workspace) != workspace,
    )
