"""The workspace's members, from ``users.list``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import DirectoryMember
from bot.errors import SourceError, SourceUnauthorizedError, SourceUnavailableError

PAGE = 200
SLACKBOT = "USLACKBOT"


class SlackDirectory:
    def __init__(self, client: AsyncWebClient) -> None:
        client.retry_handlers += [
            AsyncRateLimitErrorRetryHandler(max_retry_count=5),
            AsyncServerErrorRetryHandler(max_retry_count=3),
        ]
        self._client = client

    async def workspace(self) -> str:
        """The id of the workspace that the token belongs to; raises ``SourceError``."""
        answer = await self._call("auth_test")
        return str(answer["team_id"])

    async def members(self) -> list[DirectoryMember]:
        """Everybody, also those who get nothing; raises ``SourceError``."""
        workspace = await self.workspace()
        members: list[DirectoryMember] = []
        cursor: str | None = None
        while True:
            page = await self._call("users_list", limit=PAGE, cursor=cursor)
            members += [to_member(user, workspace) for user in page["members"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return members

    async def _call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = await getattr(self._client, method)(**arguments)
        except SlackApiError as error:
            code = str(error.response.get("error", ""))
            if error.response.status_code in (429, 500, 502, 503, 504):
                raise SourceUnavailableError(f"Slack's {method}: {code}") from None
            raise SourceUnauthorizedError(f"Slack's {method}: {code}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SourceUnavailableError(f"Slack: {type(error).__name__}") from None
        except SourceError:
            raise
        return answer


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
