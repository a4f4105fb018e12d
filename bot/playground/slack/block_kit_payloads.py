"""What goes around the blocks: the arguments of a message, a modal, a Home tab."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.slack import block_kit_limits as limits
from bot.playground.slack.block_kit_elements import IDENTIFIER, plain_text
from bot.playground.slack.block_kit_limits import Surface
from bot.playground.slack.checks import Check, Shapes, boolean, choice, items, shape, string


def _anything(_value: Any, _pointer: str) -> Iterator[str]:
    yield from ()


_NOT_OUR_CONCERN = (
    "as_user",
    "channel",
    "client_msg_id",
    "icon_emoji",
    "icon_url",
    "link_names",
    "metadata",
    "mrkdwn",
    "parse",
    "reply_broadcast",
    "team_id",
    "thread_ts",
    "ts",
    "unfurl_links",
    "unfurl_media",
    "user",
    "username",
)
_MESSAGE: Shapes = {
    **dict.fromkeys(_NOT_OUR_CONCERN, _anything),
    "text": string(shortest=0),
    "attachments": items(_anything, most=limits.ATTACHMENTS, fewest=0),
    "response_type": choice("ephemeral", "in_channel"),
    "replace_original": boolean,
    "delete_original": boolean,
}
_VIEW: Shapes = {
    "private_metadata": string(longest=limits.PRIVATE_METADATA, shortest=0),
    "callback_id": string(longest=limits.IDENTIFIER, shortest=0),
    "external_id": IDENTIFIER,
}
_TITLE = plain_text(limits.VIEW_TITLE)
_MODAL: Shapes = {
    **_VIEW,
    "submit": _TITLE,
    "close": _TITLE,
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}


def payload(surface: Surface, blocks: Check) -> Check:
    match surface:
        case "message":
            return shape({}, {**_MESSAGE, "blocks": blocks})
        case "modal":
            return shape({"type": choice("modal"), "title": _TITLE, "blocks": blocks}, _MODAL)
        case "home":
            return shape({"type": choice("home"), "blocks": blocks}, _VIEW)
