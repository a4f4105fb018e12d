"""The blocks, and on which surface each may stand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.playground.slack import block_kit_limits as limits
from bot.playground.slack.block_kit_elements import (
    IDENTIFIER,
    IMAGE_SOURCE,
    OF_ACTIONS,
    OF_CONTEXT,
    OF_INPUT,
    OF_SECTION,
    plain_text,
    text,
)
from bot.playground.slack.block_kit_figures import DATA_VISUALIZATION, TABLE
from bot.playground.slack.block_kit_limits import Surface
from bot.playground.slack.block_kit_rich_text import RICH_TEXT
from bot.playground.slack.checks import (
    NOTHING,
    Check,
    Shapes,
    all_of,
    boolean,
    choice,
    items,
    one_of_the_keys,
    shape,
    string,
)


def _block(kind: str, required: Shapes = NOTHING, optional: Shapes = NOTHING) -> Check:
    return shape({"type": choice(kind), **required}, {"block_id": IDENTIFIER, **optional})


_SECTION = all_of(
    _block(
        "section",
        {},
        {
            "text": text(limits.TEXT),
            "fields": items(text(limits.SECTION_FIELD), most=limits.SECTION_FIELDS),
            "accessory": OF_SECTION,
            "expand": boolean,
        },
    ),
    one_of_the_keys("text", "fields", most=2),
)
_IMAGE = all_of(
    _block(
        "image",
        {"alt_text": string(longest=limits.ALT_TEXT)},
        {**IMAGE_SOURCE, "title": plain_text(limits.IMAGE_TITLE)},
    ),
    one_of_the_keys("image_url", "slack_file"),
)
_INPUT = _block(
    "input",
    {"label": plain_text(limits.INPUT_LABEL), "element": OF_INPUT},
    {
        "hint": plain_text(limits.INPUT_HINT),
        "optional": boolean,
        "dispatch_action": boolean,
    },
)

_ANYWHERE: Shapes = {
    "section": _SECTION,
    "header": _block("header", {"text": plain_text(limits.HEADER)}),
    "divider": _block("divider"),
    "context": _block("context", {"elements": items(OF_CONTEXT, most=limits.CONTEXT_ELEMENTS)}),
    "actions": _block("actions", {"elements": items(OF_ACTIONS, most=limits.ACTIONS_ELEMENTS)}),
    "image": _IMAGE,
    "input": _INPUT,
    "rich_text": RICH_TEXT,
}
FIGURES: Shapes = {"table": TABLE, "data_visualization": DATA_VISUALIZATION}

BLOCKS: Mapping[Surface, Shapes] = MappingProxyType(
    {
        "message": {
            **_ANYWHERE,
            **FIGURES,
            "markdown": _block("markdown", {"text": string(longest=limits.MARKDOWN_OF_A_MESSAGE)}),
        },
        "home": {**_ANYWHERE, **FIGURES},
        "modal": {
            **_ANYWHERE,
            "alert": _block(
                "alert",
                {"text": text(limits.ALERT)},
                {"level": choice("default", "info", "warning", "error", "success")},
            ),
        },
    }
)
