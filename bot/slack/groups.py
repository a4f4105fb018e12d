"""Who is in Slack's user groups, from ``usergroups.list`` and ``usergroups.users.list``.

Docs:     https://docs.slack.dev/reference/methods/usergroups.list
Nested:   Slack resolves groups in groups, and tells of people only
Disabled: a group with a ``date_delete`` is switched off; one that is not listed is gone
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from bot.errors import GroupsUnreadableError, SourceError, SourceNotFoundError
from bot.slack.errors import SCOPE_MISSING
from bot.slack.patient import PatientClient

_REFUSALS: Mapping[str, type[SourceError]] = MappingProxyType(
    {
        **dict.fromkeys(SCOPE_MISSING, GroupsUnreadableError),
        "plan_upgrade_required": GroupsUnreadableError,
        "no_such_subteam": SourceNotFoundError,
    }
)


class SlackUserGroups:
    def __init__(self, client: PatientClient) -> None:
        self._client = client

    async def members(self, groups: Collection[str]) -> dict[str, frozenset[str] | None]:
        """The Slack users in each of *groups*, ``None`` for one that is gone or disabled.

        Raises ``SourceError``, ``GroupsUnreadableError`` without the scope or the plan for it.
        """
        answer = await self._client.ask(
            "usergroups_list",
            "usergroups",
            refusals=_REFUSALS,
            include_users=True,
            include_disabled=True,
        )
        listed = {str(group["id"]): group for group in answer["usergroups"]}
        return {group: await self._members(listed.get(group)) for group in groups}

    async def _members(self, group: Mapping[str, Any] | None) -> frozenset[str] | None:
        if group is None or group.get("date_delete"):
            return None
        if isinstance(group.get("users"), list):
            return frozenset(map(str, group["users"]))
        return await self._asked_for(str(group["id"]))

    async def _asked_for(self, group: str) -> frozenset[str] | None:
        """The users of a group that was listed without them."""
        try:
            answer = await self._client.ask(
                "usergroups_users_list", "users", refusals=_REFUSALS, usergroup=group
            )
        except SourceNotFoundError:
            return None
        return frozenset(map(str, answer["users"]))
