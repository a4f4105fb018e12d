"""Messages, and the blocks of text in them: what Slack takes, what not, and where it says so."""

from __future__ import annotations

from tests.playground.slack.limits.making import (
    Json,
    actions,
    button,
    image,
    message,
    mrkdwn,
    plain,
    section,
)

TEXTS: dict[str, tuple[Json, Json, str]] = {
    "a message has text at its top level": (message(section()), {"blocks": [section()]}, "/text"),
    "a deletion needs no text": ({"delete_original": True}, {"replace_original": True}, "/text"),
    "unknown arguments": (message(parse="none"), message(block=[]), "/block"),
    "50 blocks": (message(*[section()] * 50), message(*[section()] * 51), "/blocks"),
    "a block has a known type": (
        message({"type": "divider"}),
        message({"type": "line"}),
        "/blocks/0/type",
    ),
    "a block has no unknown key": (
        message({"type": "divider"}),
        message({"type": "divider", "text": plain()}),
        "/blocks/0/text",
    ),
    "a block is an object": (message(), {"text": "x", "blocks": ["divider"]}, "/blocks/0/type"),
    "blocks are a list": (message(), {"text": "x", "blocks": {}}, "/blocks"),
    "block_id of 255": (
        message(section(block_id="b" * 255)),
        message(section(block_id="b" * 256)),
        "/blocks/0/block_id",
    ),
    "block_ids are unique": (
        message(section(block_id="a"), section(block_id="b")),
        message(section(block_id="a"), section(block_id="a")),
        "/blocks",
    ),
    "action_ids are unique in a block": (
        message(actions(button(), button(action_id="stop"))),
        message(actions(button(), button())),
        "/blocks/0",
    ),
    "action_ids may repeat in another block": (
        message(actions(button()), actions(button())),
        message(actions(button(action_id="a" * 256))),
        "/blocks/0/elements/0/action_id",
    ),
    "section text of 3000": (
        message(section(text=mrkdwn("x" * 3000))),
        message(section(text=mrkdwn("x" * 3001))),
        "/blocks/0/text/text",
    ),
    "section text is not empty": (
        message(section(text=plain("x"))),
        message(section(text=plain(""))),
        "/blocks/0/text/text",
    ),
    "a text object has a known type": (
        message(section(text=mrkdwn())),
        message(section(text={"type": "markdown", "text": "x"})),
        "/blocks/0/text/type",
    ),
    "emoji belongs to plain_text": (
        message(section(text={**plain(), "emoji": True})),
        message(section(text={**mrkdwn(), "emoji": True})),
        "/blocks/0/text/emoji",
    ),
    "verbatim belongs to mrkdwn": (
        message(section(text={**mrkdwn(), "verbatim": True})),
        message(section(text={**plain(), "verbatim": True})),
        "/blocks/0/text/verbatim",
    ),
    "a section has text or fields": (
        message({"type": "section", "fields": [plain()]}),
        message({"type": "section"}),
        "/blocks/0",
    ),
    "10 fields": (
        message(section(fields=[plain()] * 10)),
        message(section(fields=[plain()] * 11)),
        "/blocks/0/fields",
    ),
    "a field of 2000": (
        message(section(fields=[mrkdwn("x" * 2000)])),
        message(section(fields=[mrkdwn("x" * 2001)])),
        "/blocks/0/fields/0/text",
    ),
    "an accessory is an element": (
        message(section(accessory=image())),
        message(section(accessory={"type": "plain_text_input"})),
        "/blocks/0/accessory/type",
    ),
    "a header is plain_text": (
        message({"type": "header", "text": plain()}),
        message({"type": "header", "text": mrkdwn()}),
        "/blocks/0/text/type",
    ),
    "a header of 150": (
        message({"type": "header", "text": plain("x" * 150)}),
        message({"type": "header", "text": plain("x" * 151)}),
        "/blocks/0/text/text",
    ),
    "10 elements of context": (
        message({"type": "context", "elements": [mrkdwn()] * 10}),
        message({"type": "context", "elements": [mrkdwn()] * 11}),
        "/blocks/0/elements",
    ),
    "context has texts and images": (
        message({"type": "context", "elements": [image(), plain()]}),
        message({"type": "context", "elements": [button()]}),
        "/blocks/0/elements/0/type",
    ),
}  # fmt: skip
