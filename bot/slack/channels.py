"""Whether a channel can be posted in, and with whom it is shared, from ``conversations.info``.

Docs:     https://docs.slack.dev/reference/methods/conversations.info
Shared:   a channel shared with another organization, or workspace, or about to be, has readers
          whom Upshot does not know
Private:  one that the bot is not in does not exist for it
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.domain.teams import ChannelProblem
from bot.errors import ChannelsUnreadableError, SourceError, SourceNotFoundError
from bot.slack.errors import SCOPE_MISSING
from bot.slack.patient import PatientClient

_REFUSALS: Mapping[str, type[SourceError]] = MappingProxyType(
    {
        **dict.fromkeys(SCOPE_MISSING, ChannelsUnreadableError),
        "channel_not_found": SourceNotFoundError,
    }
)
_SHARED = (
    "is_shared",
    "is_ext_shared",
    "is_org_shared",
    "is_pending_ext_shared",
    "pending_shared",
    "pending_connected_team_ids",
)


class SlackChannels:
    def __init__(self, client: PatientClient) -> None:
        self._client = client

    async def problem_of(self, channel: str) -> ChannelProblem | None:
        """What there is against posting in *channel*, the gravest first.

        Raises ``SourceError``, ``ChannelsUnreadableError`` without the scope to look.
        """
        try:
            answer = await self._client.ask(
                "conversations_info", "channel", refusals=_REFUSALS, channel=channel
            )
        except SourceNotFoundError:
            return ChannelProblem.GONE
        return to_problem(answer["channel"])


def to_problem(channel: Mapping[str, Any]) -> ChannelProblem | None:
    if any(channel.get(field) for field in _SHARED):
        return ChannelProblem.SHARED
    if channel.get("is_archived"):
        return ChannelProblem.GONE
    return None if channel.get("is_member", True) else ChannelProblem.NOT_IN
