"""A form as somebody fills it in: what it came with, what is typed, and what Slack lets through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.slack.messages import Block
from bot.playground.slack.slack_requests import reported
from bot.playground.slack.views import View

_INITIAL = (
    "initial_value",
    "initial_date",
    "initial_time",
    "initial_user",
    "initial_users",
    "initial_conversation",
    "initial_conversations",
    "initial_channel",
    "initial_channels",
)
_AS_IT_CAME = object()


def inputs(view: View) -> list[Block]:
    return [block for block in view.payload["blocks"] if block["type"] == "input"]


def filled(view: View, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The state of *view* with *given* filled in: a text, an option's value, or a list of them.

    Raises ``LookupError`` for what is not in the form and ``ValueError`` for what Slack would
    not send: an empty field that is not optional, a text that is too long.
    """
    blocks = {block["block_id"]: block for block in inputs(view)}
    if unknown := given.keys() - blocks.keys():
        raise LookupError(f"The form has no {', '.join(sorted(unknown))}.")
    return {
        block_id: {block["element"]["action_id"]: _state(block, given.get(block_id, _AS_IT_CAME))}
        for block_id, block in blocks.items()
    }


def initial(element: Mapping[str, Any]) -> Any:
    """What an input came with, as it would be given."""
    if "initial_option" in element:
        return element["initial_option"]["value"]
    if "initial_options" in element:
        return [option["value"] for option in element["initial_options"]]
    return next((element[key] for key in _INITIAL if key in element), None)


def misplaced_errors(view: View, errors: Any) -> Iterator[str]:
    """Why Slack would not show these: each stands under an input of the form, and says something.

    An app that names another block gets no word of it, and the person sees nothing.
    """
    if not isinstance(errors, dict) or not errors:
        yield "[ERROR] missing required field: errors"
        return
    known = {block.get("block_id") for block in inputs(view)}
    for block_id, text in errors.items():
        if block_id not in known:
            yield f"[ERROR] there is no input named {block_id}"
        if not isinstance(text, str) or not text:
            yield f"[ERROR] the error of {block_id} must be a text"


def _state(block: Block, given: Any) -> dict[str, Any]:
    element = block["element"]
    value = initial(element) if given is _AS_IT_CAME else given
    if value in (None, "", []):
        if not block.get("optional"):
            raise ValueError(f"{block['block_id']} has to be filled in.")
        return {"type": element["type"], **reported(element, None)}
    if isinstance(value, str) and len(value) > element.get("max_length", len(value)):
        raise ValueError(f"{block['block_id']} is too long.")
    return {"type": element["type"], **reported(element, value)}
