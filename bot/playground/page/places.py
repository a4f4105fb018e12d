"""The conversations that somebody has, what is new in them, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.playground.page.spots import APP, HOME, NOTHING_YET, order_of
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.files import SlackFile
from bot.playground.slack.messages import Message
from bot.playground.slack.stand_in import SlackStandIn
from bot.playground.slack.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    id: str
    """What it is called in addresses: ``app``, ``home``, or a channel's id."""
    title: str
    members: int | None = None
    """``None`` where one is alone with the app."""

    @property
    def is_channel(self) -> bool:
        return self.members is not None


class Places:
    """Everything goes by whose it is: what another person has cannot be asked for."""

    def __init__(self, slack: SlackStandIn, channel_ids: Sequence[str]) -> None:
        self._slack = slack
        self._channel_ids = tuple(channel_ids)
        self._read: dict[tuple[str, str], str] = {}

    def of(self, user: str) -> list[Place]:
        return [
            Place(id=APP, title="Upshot"),
            Place(id=HOME, title="Upshot"),
            *self._channels(user),
        ]

    def find(self, user: str, place_id: str) -> Place | None:
        return next((place for place in self.of(user) if place.id == place_id), None)

    def messages(self, user: str, place: Place, since: str) -> list[Message]:
        """The oldest first; answers for one person alone only if they came after *since*."""
        said = self._said(user, place)
        conversation = self._conversation(user, place)
        private = (
            message
            for message in self._slack.ephemerals_to(user)
            if message.channel == conversation and order_of(message.ts) > order_of(since)
        )
        return sorted((*said, *private), key=lambda message: order_of(message.ts))

    def message(self, user: str, ts: str) -> Message | None:
        """One that *user* can see."""
        seen = (
            message
            for place in self.of(user)
            for message in self.messages(user, place, NOTHING_YET)
        )
        return next((message for message in seen if message.ts == ts), None)

    def last_private(self, user: str) -> str:
        """The timestamp of the last answer that only *user* saw."""
        private = self._slack.ephemerals_to(user)
        return private[-1].ts if private else NOTHING_YET

    def read(self, user: str, place: Place) -> None:
        """*user* has seen all that is said there so far."""
        self._read[user, place.id] = self._last(user, place)

    def is_unread(self, user: str, place: Place) -> bool:
        seen = self._read.get((user, place.id), NOTHING_YET)
        return order_of(self._last(user, place)) > order_of(seen)

    def files(self, message: Message, user: str) -> list[SlackFile]:
        """What hangs on *message*, in the conversation of *user* with the app."""
        named = {file["id"] for file in message.payload.get("files", ())}
        return [file for file in self._slack.files_of(user) if file.id in named]

    def file(self, user: str, file_id: str) -> SlackFile | None:
        return next((file for file in self._slack.files_of(user) if file.id == file_id), None)

    def home(self, user: str) -> View | None:
        return self._slack.home_of(user)

    def modal(self, user: str, view_id: str | None = None) -> View | None:
        """The one on top, or the one that is named; only if it is open."""
        with self._slack.workspace.lock:
            opened = self._slack.modals_of(user)
        wanted = [view for view in opened if view_id in {None, view.id}]
        return wanted[-1] if wanted else None

    def channels(self) -> list[SlackChannel]:
        """All that there are, whoever is in them."""
        found = (self._slack.workspace.channels.find(channel) for channel in self._channel_ids)
        return [channel for channel in found if channel is not None]

    def members(self, place: Place) -> Sequence[str]:
        return next((one.members for one in self.channels() if one.id == place.id), ())

    def _channels(self, user: str) -> list[Place]:
        return [
            Place(id=channel.id, title=channel.name, members=len(channel.members))
            for channel in self.channels()
            if user in channel.members
        ]

    def _conversation(self, user: str, place: Place) -> str | None:
        if place.is_channel:
            return place.id
        dm = self._slack.workspace.channels.opened_dm(user)
        return dm.id if dm is not None and place.id == APP else None

    def _said(self, user: str, place: Place) -> tuple[Message, ...]:
        conversation = self._conversation(user, place)
        return () if conversation is None else self._slack.messages_in(conversation)

    def _last(self, user: str, place: Place) -> str:
        said = self._said(user, place)
        return said[-1].ts if said else NOTHING_YET
