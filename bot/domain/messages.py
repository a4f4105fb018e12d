"""What Slack shows: a message, with text that says all of it, a form over all else, a tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    """A form, or what is said of one that was sent: without *submit* there is nothing to send.

    Without *close* the button that closes it has Slack's own word, in the reader's language.
    ``private_metadata`` comes back from the reader's device: it may name a row, and proves nothing.
    """

    callback_id: str
    title: str
    submit: str | None
    close: str | None
    blocks: tuple[Block, ...]
    private_metadata: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A reader's own tab of the app: it has no text, so its blocks say all of it."""

    blocks: tuple[Block, ...]
