"""A field of a form: its label, its control, its hint, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from bot.playground.rendering.controls import LISTS, SUPPORTED, Controls, Field
from bot.playground.rendering.environment import rendered
from bot.playground.rendering.origin import Origin, identifier
from bot.playground.rendering.texts import NAMELESS, Part, Texts, unknown
from bot.playground.slack.filling import initial

FIELD = "field:"
"""What the names of a form's fields begin with, so that none is taken for one of ours."""

Given = Mapping[str, Any]
"""By block: a text, an option's value, a list of them, or None where nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A form that did not go through: it is shown again as it was filled in."""

    given: Given
    errors: Mapping[str, str] = field(default_factory=dict)
    """What stands under which field, by block."""
    reason: str | None = None
    """What stands above them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """The form that the fields of a modal belong to."""

    id: str
    focus: str | None
    """The block to begin with."""
    refused: Refused


class Inputs:
    def __init__(self, texts: Texts, controls: Controls) -> None:
        self._texts = texts
        self._controls = controls

    def input(self, block: Part, origin: Origin, form: OpenForm | None) -> Markup:
        """Outside a form there is nothing to send it with, as in Slack."""
        element, block_id = block["element"], block["block_id"]
        complaint = _complaint(element)
        name = identifier(origin.kind, origin.id, block_id)
        refused = form.refused if form else Refused(given={})
        error = refused.errors.get(block_id)
        field = Field(
            id=name,
            name=f"{FIELD}{block_id}",
            form=form.id if form else None,
            described_by=_described_by(name, {"hint": block.get("hint"), "error": error}),
            is_required=not block.get("optional", False),
            is_invalid=error is not None,
            takes_focus=form is not None and form.focus == block_id,
        )
        return rendered(
            "blocks/input.html",
            optional=self._texts.words("(optional)"),
            field=field,
            label=self._texts.shown(block["label"]),
            control=complaint
            or self._controls.control(
                element, field, refused.given.get(block_id, initial(element))
            ),
            is_control=complaint is None,
            has_many_parts=element["type"] in LISTS,
            has_one_choice=element["type"] == "radio_buttons",
            hint=self._texts.shown_if_any(block.get("hint")),
            error=error,
        )


def _complaint(element: Part) -> Markup | None:
    if element["type"] not in SUPPORTED:
        return unknown(element)
    if "action_id" not in element:
        return unknown(element, NAMELESS)
    return None


def _described_by(name: str, parts: Mapping[str, Any]) -> str | None:
    return " ".join(f"{name}:{part}" for part, there in parts.items() if there) or None
