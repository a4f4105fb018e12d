"""Whether Slack would take a message or a view, and if not, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from bot.playground.slack import block_kit_limits as limits
from bot.playground.slack.block_kit_blocks import BLOCKS, FIGURES
from bot.playground.slack.block_kit_limits import Surface
from bot.playground.slack.block_kit_payloads import payload as shape_of
from bot.playground.slack.checks import Check, at, by_type, items

Block = dict[str, Any]


def violations(
    payload: Mapping[str, Any], surface: Surface, *, native_charts: bool = True
) -> list[str]:
    """Say where *payload* breaks a rule of Block Kit; an empty list means Slack takes it.

    A message is given as the arguments of ``chat.postMessage`` or as the body sent to a
    response URL; a view as Slack's view object. Without *native_charts*, charts and tables
    are unknown blocks, as in workspaces Slack's rollout has not reached.
    """
    found = list(_shape(surface, native_charts)(dict(payload), ""))
    given = payload.get("blocks")
    blocks = (
        [block for block in given if isinstance(block, dict)] if isinstance(given, list) else []
    )
    found += _repeated(blocks, "block_id", "/blocks")
    for index, block in enumerate(blocks):
        found += _repeated(_elements(block), "action_id", f"/blocks/{index}")
    match surface:
        case "message":
            found += [*_text_is_missing(payload), *_too_much_for_a_message(blocks)]
        case "modal":
            found += _submit_is_missing(payload, blocks)
        case "home":
            pass
    return found


@cache
def _shape(surface: Surface, native_charts: bool) -> Check:  # noqa: FBT001
    allowed = {
        kind: check
        for kind, check in BLOCKS[surface].items()
        if native_charts or kind not in FIGURES
    }
    return shape_of(surface, items(by_type(allowed), most=limits.BLOCKS[surface], fewest=0))


def _elements(block: Block) -> list[Block]:
    inside = block.get("elements")
    parts = [*(inside if isinstance(inside, list) else []), block.get("accessory")]
    return [part for part in parts if isinstance(part, dict)]


def _repeated(parts: list[Block], key: str, pointer: str) -> Iterator[str]:
    counts = Counter(part[key] for part in parts if isinstance(part.get(key), str))
    yield from (
        at(pointer, f"{key} {name!r} is used {times} times")
        for name, times in counts.items()
        if times > 1
    )


def _text_is_missing(message: Mapping[str, Any]) -> Iterator[str]:
    """Slack would post blocks alone, but a screen reader and a notification read the text."""
    if not message.get("text") and not message.get("delete_original"):
        yield at("/text", "missing required field: text")


def _too_much_for_a_message(blocks: list[Block]) -> Iterator[str]:
    kinds = Counter(block.get("type") for block in blocks if isinstance(block.get("type"), str))
    if kinds["table"] > limits.TABLES_OF_A_MESSAGE:
        yield at("/blocks", "only_one_table_allowed")
    if kinds["data_visualization"] > limits.CHARTS_OF_A_MESSAGE:
        yield at("/blocks", f"no more than {limits.CHARTS_OF_A_MESSAGE} charts allowed")
    markdown = sum(
        len(block["text"])
        for block in blocks
        if block.get("type") == "markdown" and isinstance(block.get("text"), str)
    )
    if markdown > limits.MARKDOWN_OF_A_MESSAGE:
        allowed = limits.MARKDOWN_OF_A_MESSAGE
        yield at("/blocks", f"no more than {allowed} characters of markdown allowed")


def _submit_is_missing(view: Mapping[str, Any], blocks: list[Block]) -> Iterator[str]:
    if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
        yield at("/submit", "missing required field: submit")
