"""What is asked of Slack."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from bot.domain.delivery import PostResult, SearchResult
from bot.domain.messages import Home, Message
from bot.domain.people import DirectoryMember
from bot.domain.teams import (
    ChannelProblem,
)


class Directory(Protocol):
    """The workspace's members, as Slack knows them."""

    async def workspace(self) -> str: ...

    async def members(self) -> list[DirectoryMember]: ...


class UserGroups(Protocol):
    """Slack's user groups, with the groups in them resolved into people."""

    async def members(self, groups: Collection[str]) -> dict[str, frozenset[str] | None]: ...


class Channels(Protocol):
    """What there is against posting in a channel, as Slack knows it."""

    async def problem_of(self, channel: str) -> ChannelProblem | None: ...


class Messenger(Protocol):
    """Posts messages; a *channel* is a person's Slack id for a private one."""

    async def post(self, channel: str, message: Message, delivery: UUID) -> PostResult: ...

    async def find(self, channel: str, delivery: UUID, since: datetime) -> SearchResult: ...


class HomePublisher(Protocol):
    """Puts a page on one reader's own tab; what fails is logged, for it is made anew anyway."""

    async def publish(self, slack_user_id: str, home: Home) -> None: ...


class PrivateFiles(Protocol):
    """Gives a file to one person alone; ``False`` where Upshot may not."""

    async def send(self, slack_user_id: str, name: str, content: BinaryIO, said: str) -> bool: ...
