"""One workspace: its people, its conversations, and what the app may do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.playground.slack.block_kit import violations
from bot.playground.slack.block_kit_limits import Surface
from bot.playground.slack.channels import Channels, SlackChannel
from bot.playground.slack.directory import SLACKBOT, SlackUser, UserGroup
from bot.playground.slack.errors import SlackError, explained
from bot.playground.slack.files import Files
from bot.playground.slack.messages import Messages
from bot.playground.slack.views import Triggers, Views


class Workspace:
    """The state behind the stand-in; hold ``lock`` to change it."""

    def __init__(
        self,
        *,
        team_id: str,
        team_name: str,
        bot: SlackUser,
        users: Iterable[SlackUser],
        channels: Iterable[SlackChannel],
        user_groups: Iterable[UserGroup],
        scopes: Iterable[str],
        now: Callable[[], datetime],
        clock: Callable[[], float],
        calendar: Callable[[], datetime] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.team_id = team_id
        self.team_name = team_name
        self.bot = bot
        self.users = {user.id: user for user in (SLACKBOT, bot, *users)}
        self.user_groups = tuple(user_groups)
        self.channels = Channels(channels)
        self.scopes = frozenset(scopes)
        self.now = now
        self.messages = Messages(now, calendar)
        self.files = Files()
        self.base_url = ""
        self.views = Views()
        self.triggers = Triggers(clock)
        self.native_charts = True
        self.messages_tab = True
        self.has_paid_plan = True
        self.invalid_view_error = "invalid_blocks"
        self.open_socket: Callable[[], str] | None = None

    def require(self, scope: str) -> None:
        if scope not in self.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def complaints(self, payload: Mapping[str, Any], surface: Surface) -> list[str]:
        return violations(payload, surface, native_charts=self.native_charts)

    def check_message(self, payload: Mapping[str, Any]) -> None:
        if complaints := self.complaints(payload, "message"):
            raise explained("invalid_blocks", complaints)

    def user(self, user_id: str) -> SlackUser:
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def destination(self, channel_or_user: str) -> SlackChannel:
        """Where a post goes; a user's id means the direct messages with that person."""
        if channel_or_user in self.users:
            return self.dm_with(channel_or_user)
        channel = self.channels.writable(channel_or_user)
        return self.dm_with(channel.members[0]) if channel.is_im else channel

    def dm_with(self, user_id: str) -> SlackChannel:
        user = self.user(user_id)
        if user.deleted:
            raise SlackError("user_disabled")
        if user.is_bot or user.id == SLACKBOT.id:
            raise SlackError("cannot_dm_bot")
        if not self.messages_tab:
            raise SlackError("messages_tab_disabled")
        return self.channels.dm_with(user_id)
