"""Blocks, elements and views to render, so that a test names only what it is about."""

from __future__ import annotations

from typing import Any

from bot.playground.rendering import Choices, Origin, Refused, Renderer
from bot.playground.slack.views import View
from tests.playground.rendering.known_names import NAMES
from tests.playground.rendering.page_tree import Part, page_of

HOSTILE = '"\'></textarea></option></p><script>alert(1)</script><b onclick=x style="y">&lt;&amp;'
RENDERER = Renderer(
    NAMES,
    Choices(users={"U1": "Ada", "U2": "Bob"}, channels={"C1": "sales"}, conversations={"C1": "x"}),
)
ORIGIN = Origin(user="U1", kind="message", id="1700000000.000100", action="/as/U1/press")


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def option(value: str, **more: Any) -> dict[str, Any]:
    return {"text": text(value.title()), "value": value, **more}


ONE, TWO = option("one"), option("two")
CONFIRM = {
    "title": text("Forget all?"),
    "text": mrkdwn("It is *gone* then."),
    "confirm": text("Forget"),
    "deny": text("Keep"),
    "style": "danger",
}


def element(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "act", **more}


def button(words: str = "Go", **more: Any) -> dict[str, Any]:
    return element("button", text=text(words), **more)


def asked(block_id: str, kind: str, *, optional: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(block_id.title()),
        "optional": optional,
        "element": {"type": kind, "action_id": "value", **more},
    }


def view(*blocks: dict[str, Any], view_id: str = "V1", **payload: Any) -> View:
    given = {"type": "modal", "title": text("Form"), "submit": text("Send"), **payload}
    return View(id=view_id, user_id="U1", hash="1", payload={**given, "blocks": list(blocks)})


def shown(*blocks: dict[str, Any], origin: Origin = ORIGIN, heading: int = 3) -> Part:
    return page_of(RENDERER.blocks(blocks, origin, heading=heading))


def acting(*elements: dict[str, Any]) -> Part:
    return shown({"type": "actions", "block_id": "row", "elements": list(elements)})


def opened(form: View, refused: Refused | None = None) -> Part:
    html = RENDERER.modal(
        form, post_to="/as/U1/submit", close_to="/as/U1/close", press_to="/p", refused=refused
    )
    return page_of(html)


def hidden(form: Part) -> dict[str | None, str | None]:
    fields = form.all("input", type="hidden")
    return {field.attributes["name"]: field.attributes["value"] for field in fields}
