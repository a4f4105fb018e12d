"""Forms and Home tabs."""

from __future__ import annotations

from bot.playground.slack.block_kit_limits import Surface
from tests.playground.slack.limits.making import (
    Json,
    chart,
    home,
    input_of,
    line,
    markdown,
    modal,
    plain,
    section,
    table,
)

VIEWS: dict[str, tuple[Surface, Json, Json, str]] = {
    "100 blocks of a modal": (
        "modal", modal(*[section()] * 100), modal(*[section()] * 101), "/blocks",
    ),
    "100 blocks of a Home tab": (
        "home", home(*[section()] * 100), home(*[section()] * 101), "/blocks",
    ),
    "a modal has a title": ("modal", modal(), {"type": "modal", "blocks": []}, "json-pointer:/]"),
    "a title of 24": (
        "modal", modal(title=plain("x" * 24)), modal(title=plain("x" * 25)), "/title/text",
    ),
    "a submit button of 24": (
        "modal", modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25)), "/submit/text",
    ),
    "a close button of 24": (
        "modal", modal(close=plain("x" * 24)), modal(close=plain("x" * 25)), "/close/text",
    ),
    "private_metadata of 3000": (
        "modal",
        modal(private_metadata="x" * 3000),
        modal(private_metadata="x" * 3001),
        "/private_metadata",
    ),
    "callback_id of 255": (
        "modal", modal(callback_id="x" * 255), modal(callback_id="x" * 256), "/callback_id",
    ),
    "an input needs a submit button": (
        "modal", modal(input_of(), submit=plain()), modal(input_of()), "/submit",
    ),
    "a modal has no table": ("modal", modal(section()), modal(table()), "/blocks/0/type"),
    "a modal has no chart": ("modal", modal(section()), modal(chart(line())), "/blocks/0/type"),
    "a modal has no markdown": ("modal", modal(section()), modal(markdown("x")), "/blocks/0/type"),
    "a modal may have an alert": (
        "modal",
        modal({"type": "alert", "text": plain("x" * 200)}),
        modal({"type": "alert", "text": plain("x" * 201)}),
        "/blocks/0/text/text",
    ),
    "a Home tab has no title": ("home", home(), home(title=plain()), "/title"),
    "a Home tab has no markdown": ("home", home(table()), home(markdown("x")), "/blocks/0/type"),
    "a view has the type of its place": ("home", home(), modal(), "/type"),
}  # fmt: skip
