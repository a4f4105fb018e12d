"""What a message needs on its way: a stamp to find it by, and a form for older workspaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.blocks.kit import as_dicts, section
from bot.blocks.spoken import rows_in_words
from bot.domain.messages import Block, Message

_STAMP = "upshot-"


def stamp(message: Message, delivery_id: str) -> Message:
    """Mark *message*, so that our own delivery can be found again before another is sent."""
    first, *others = message.blocks
    return Message(message.text, ({**first, "block_id": f"{_STAMP}{delivery_id}"}, *others))


def stamp_of(blocks: Sequence[Block]) -> str | None:
    """The delivery that *blocks*, as Slack gives them back, were stamped with."""
    ids = (str(block.get("block_id", "")) for block in blocks[:1])
    return next((name.removeprefix(_STAMP) for name in ids if name.startswith(_STAMP)), None)


def without_native_blocks(message: Message) -> Message:
    """*message* for workspaces without charts and tables: each row becomes a line."""
    return Message(message.text, tuple(_in_common_blocks(message.blocks)))


def _in_common_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        match block["type"]:
            case "data_visualization":
                continue
            case "table":
                yield from as_dicts(section(block["block_id"], *rows_in_words(block)))
            case _:
                yield block
