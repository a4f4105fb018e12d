"""Everything that was posted, in the order it was posted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.slack.block_kit_limits import MESSAGE_TEXT_CUT_AT
from bot.playground.slack.errors import SlackError

Block = dict[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    ts: str
    channel: str
    author: str
    text: str
    blocks: tuple[Block, ...]
    payload: Mapping[str, Any]
    """As the app sent it, metadata included: everyone in the workspace can read that."""
    seen_only_by: str | None = None
    edited: bool = False
    at: datetime = _EPOCH
    """The day and time of the world round the workspace, which may be moved; ``ts`` is real."""

    @property
    def block_ids(self) -> tuple[str, ...]:
        return tuple(block["block_id"] for block in self.blocks)

    def as_json(self, *, with_metadata: bool = True) -> dict[str, Any]:
        message: dict[str, Any] = {
            "type": "message",
            "ts": self.ts,
            "user": self.author,
            "bot_id": "B0UPSHOT1",
            "app_id": "A0UPSHOT1",
            "text": self.text,
            "blocks": list(self.blocks),
        }
        if self.payload.get("thread_ts"):
            message["thread_ts"] = self.payload["thread_ts"]
        if self.edited:
            message["edited"] = {"user": self.author, "ts": self.ts}
        if with_metadata and self.payload.get("metadata"):
            message["metadata"] = self.payload["metadata"]
        return message


class Messages:
    def __init__(
        self, now: Callable[[], datetime], calendar: Callable[[], datetime] | None = None
    ) -> None:
        self._now = now
        self._calendar = calendar or now
        self._last = 0
        self._timeline: dict[str, list[Message]] = defaultdict(list)
        self._ephemeral: dict[str, list[Message]] = defaultdict(list)
        self.total = 0

    def post(self, channel: str, author: str, payload: Mapping[str, Any]) -> Message:
        message = self._written(channel, author, payload)
        self._timeline[channel].append(message)
        self.total += 1
        return message

    def show(self, user_id: str, channel: str, author: str, payload: Mapping[str, Any]) -> Message:
        """Post a message that only *user_id* sees."""
        message = replace(self._written(channel, author, payload), seen_only_by=user_id)
        self._ephemeral[user_id].append(message)
        return message

    def edit(self, message: Message, payload: Mapping[str, Any]) -> Message:
        shelf = self._shelf(message)
        edited = replace(
            self._written(message.channel, message.author, payload),
            ts=message.ts,
            at=message.at,
            seen_only_by=message.seen_only_by,
            edited=True,
        )
        shelf[self._place(shelf, message.ts)] = edited
        return edited

    def delete(self, message: Message) -> None:
        shelf = self._shelf(message)
        del shelf[self._place(shelf, message.ts)]

    def find(self, channel: str, ts: str) -> Message:
        shelf = self._timeline.get(channel, [])
        return shelf[self._place(shelf, ts)]

    def in_channel(self, channel: str) -> tuple[Message, ...]:
        return tuple(self._timeline.get(channel, ()))

    def count_in(self, channel: str) -> int:
        return len(self._timeline.get(channel, ()))

    def seen_only_by(self, user_id: str) -> tuple[Message, ...]:
        return tuple(self._ephemeral.get(user_id, ()))

    def between(
        self, channel: str, oldest: str | None, latest: str | None, *, inclusive: bool
    ) -> list[Message]:
        """The newest first, as Slack has it."""
        shelf = self._timeline.get(channel, [])
        low, high = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
        start = low(shelf, _order(oldest), key=_order_of) if oldest else 0
        end = high(shelf, _order(latest), key=_order_of) if latest else len(shelf)
        return shelf[start:end][::-1]

    def _written(self, channel: str, author: str, payload: Mapping[str, Any]) -> Message:
        return Message(
            ts=self._next_ts(),
            channel=channel,
            author=author,
            text=str(payload.get("text") or "")[:MESSAGE_TEXT_CUT_AT],
            blocks=with_block_ids(payload.get("blocks") or ()),
            payload=payload,
            at=self._calendar(),
        )

    def _next_ts(self) -> str:
        """Unique, and never before an earlier one: clients order messages by it."""
        micros = (self._now() - _EPOCH) // timedelta(microseconds=1)
        self._last = max(self._last + 1, micros)
        return f"{self._last // 10**6}.{self._last % 10**6:06d}"

    def _shelf(self, message: Message) -> list[Message]:
        if message.seen_only_by is not None:
            return self._ephemeral[message.seen_only_by]
        return self._timeline[message.channel]

    @staticmethod
    def _place(shelf: list[Message], ts: str) -> int:
        place = bisect_left(shelf, _order(ts), key=_order_of)
        if place == len(shelf) or shelf[place].ts != ts:
            raise SlackError("message_not_found")
        return place


def with_block_ids(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Slack names the blocks that came without a name."""
    return tuple({"block_id": f"auto{index}", **block} for index, block in enumerate(blocks))


def _order(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros.ljust(6, "0")[:6]) if micros else 0


def _order_of(message: Message) -> tuple[int, int]:
    return _order(message.ts)
