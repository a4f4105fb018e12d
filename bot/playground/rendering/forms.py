"""A modal as a form that a browser sends by itself, and what it then sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.playground.rendering.blocks import Blocks, Surroundings
from bot.playground.rendering.controls import LISTS
from bot.playground.rendering.environment import rendered
from bot.playground.rendering.inputs import FIELD, OpenForm, Refused
from bot.playground.rendering.origin import Origin, identifier
from bot.playground.rendering.slack_words import SlackWords
from bot.playground.rendering.texts import Part
from bot.playground.slack.filling import inputs
from bot.playground.slack.messages import with_block_ids
from bot.playground.slack.views import View

_LISTS_OF_MANY = LISTS - {"radio_buttons"}


def modal(
    blocks: Blocks,
    view: View,
    *,
    post_to: str,
    close_to: str,
    press_to: str,
    refused: Refused | None,
) -> Markup:
    payload, name, words = view.payload, identifier("modal", view.id), blocks.words
    origin = Origin(user=view.user_id, kind="modal", id=view.id, action=press_to)
    form = OpenForm(
        id=f"submit-{identifier(view.id)}",
        focus=_first_to_fill_in(view, refused),
        refused=refused or Refused(given={}),
    )
    where = Surroundings(origin=origin, heading=3, form=form)
    return rendered(
        "modal.html",
        words=words,
        language=words.elsewhere,
        id=name,
        view=view.id,
        form=form.id,
        close_form=f"close-{identifier(view.id)}",
        title=payload["title"]["text"],
        submit=_label(payload.get("submit")),
        close=_label(payload.get("close")) or words("Cancel" if "submit" in payload else "Close"),
        blocks=blocks.all(with_block_ids(payload["blocks"]), where),
        reason=form.refused.reason,
        post_to=post_to,
        close_to=close_to,
    )


def given_in(posted: Mapping[str, Sequence[str]], view: View) -> dict[str, Any]:
    """What a browser sent, as it is given to ``Person.fill``; what is empty is ``None``."""
    given: dict[str, Any] = {}
    for block in inputs(view):
        sent = posted.get(f"{FIELD}{block['block_id']}", ())
        # a browser ends the lines of a text in its own way
        typed = [value.replace("\r\n", "\n") for value in sent if value]
        is_list = block["element"]["type"] in _LISTS_OF_MANY
        given[block["block_id"]] = typed if is_list else next(iter(typed), None)
    return given


def complaints(view: View, given: Mapping[str, Any], words: SlackWords) -> dict[str, str]:
    """What Slack itself finds missing or too long before it sends anything, by block."""
    found: dict[str, str] = {}
    for block in inputs(view):
        value, block_id = given.get(block["block_id"]), block["block_id"]
        longest = block["element"].get("max_length")
        if value in (None, "", []):
            if not block.get("optional", False):
                found[block_id] = words("Please fill in this field.")
        elif longest is not None and isinstance(value, str) and len(value) > longest:
            found[block_id] = words("Please keep it to {most} characters.", most=longest)
    return found


def _first_to_fill_in(view: View, refused: Refused | None) -> str | None:
    """The first field that was wrong, else the one that asks for it, else the first."""
    fields = [block for block in inputs(view) if "block_id" in block]
    wrong = [block for block in fields if refused and block["block_id"] in refused.errors]
    eager = [block for block in fields if block["element"].get("focus_on_load")]
    return next((str(block["block_id"]) for block in (*wrong, *eager, *fields)), None)


def _label(text: Part | None) -> str | None:
    return None if text is None else str(text["text"])
