"""The workspace's members, from ``users.list``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.people import DirectoryMember
from bot.slack.patient import PatientClient

PAGE = 200
SLACKBOT = "USLACKBOT"


class SlackDirectory:
    def __init__(self, client: PatientClient) -> None:
        self._client = client

    async def workspace(self) -> str:
        """The id of the workspace that the token belongs to; raises ``SourceError``."""
        answer = await self._client.ask("auth_test", "team_id")
        return str(answer["team_id"])

    async def members(self) -> list[DirectoryMember]:
        """Everybody, also those who get nothing; raises ``SourceError``."""
        workspace = await self.workspace()
        members: list[DirectoryMember] = []
        cursor: str | None = None
        while True:
            page = await self._client.ask(
                "users_list", "members", limit=PAGE, cursor=cursor, include_locale=True
            )
            members += [to_member(user, workspace) for user in page["members"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return members


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
