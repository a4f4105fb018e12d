"""Channels and direct messages, and what the app may do in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.playground.slack.errors import SlackError


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackChannel:
    id: str
    name: str
    members: tuple[str, ...] = ()
    has_bot: bool = True
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    is_ext_shared: bool = False
    is_org_shared: bool = False
    is_pending_ext_shared: bool = False
    is_im: bool = False

    @property
    def kind(self) -> str:
        """The word this kind of conversation has in the names of scopes."""
        if self.is_im:
            return "im"
        return "groups" if self.is_private else "channels"

    def as_json(self) -> dict[str, Any]:
        channel: dict[str, Any] = {
            "id": self.id,
            "is_channel": self.kind == "channels",
            "is_group": self.kind == "groups",
            "is_im": self.is_im,
            "is_private": self.is_private or self.is_im,
            "is_archived": self.is_archived,
            "is_shared": self.is_shared or self.is_ext_shared or self.is_org_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": self.is_org_shared,
            "is_pending_ext_shared": self.is_pending_ext_shared,
            "is_member": self.has_bot,
        }
        if self.is_im:
            return channel | {"user": self.members[0]}
        return channel | {"name": self.name, "num_members": len(self.members)}


class Channels:
    """Every conversation of the workspace; a direct message exists once it was opened."""

    def __init__(self, channels: Iterable[SlackChannel]) -> None:
        self._by_id = {channel.id: channel for channel in channels}
        self._dm_of: dict[str, SlackChannel] = {}

    def dm_with(self, user_id: str) -> SlackChannel:
        if user_id not in self._dm_of:
            dm = SlackChannel(
                id=f"D{len(self._dm_of) + 1:09d}", name="", members=(user_id,), is_im=True
            )
            self._dm_of[user_id] = self._by_id[dm.id] = dm
        return self._dm_of[user_id]

    def opened_dm(self, user_id: str) -> SlackChannel | None:
        return self._dm_of.get(user_id)

    def find(self, channel_id: str) -> SlackChannel | None:
        return self._by_id.get(channel_id)

    def visible(self, channel_id: str) -> SlackChannel:
        """A private channel does not exist for an app that is not in it."""
        channel = self._by_id.get(channel_id)
        if channel is None or (channel.is_private and not channel.has_bot):
            raise SlackError("channel_not_found")
        return channel

    def writable(self, channel_id: str) -> SlackChannel:
        channel = self.visible(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if not channel.has_bot:
            raise SlackError("not_in_channel")
        return channel

    def replace(self, channel: SlackChannel) -> None:
        self._by_id[channel.id] = channel
