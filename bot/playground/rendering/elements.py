"""Buttons and menus that act at once: each is a form of its own, which needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from bot.playground.rendering.controls import LISTS, MENUS, SUPPORTED, Controls, Field
from bot.playground.rendering.environment import rendered
from bot.playground.rendering.options import groups_of, options_in
from bot.playground.rendering.origin import Origin, identifier
from bot.playground.rendering.texts import NAMELESS, Part, Texts, openable, said, unknown
from bot.playground.slack.filling import initial

_LOOKS = ("primary", "danger")
_LABELS: Mapping[str, str] = MappingProxyType({"datepicker": "Day", "timepicker": "Time"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Where a press goes, and what it says of itself."""

    id: str
    to: str
    place: str
    block: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """What is asked before a press counts."""

    title: Markup
    text: Markup
    confirm: str
    deny: str
    style: str


class Elements:
    def __init__(self, texts: Texts, controls: Controls) -> None:
        self._texts = texts
        self._controls = controls

    def element(
        self, element: Part, block_id: str, origin: Origin, described_by: str | None = None
    ) -> Markup:
        """*described_by* is the id of the text that says what the element is about."""
        kind = element["type"]
        if kind == "image":
            return picture(element)
        if kind not in SUPPORTED | {"button", "overflow"}:
            return unknown(element)
        if "action_id" not in element:
            return unknown(element, NAMELESS)
        press = _press(element["action_id"], block_id, origin)
        confirm = self._confirm(element.get("confirm"))
        if kind == "button":
            return _button(element, press, confirm)
        if kind == "overflow":
            options = options_in(groups_of(element, [], self._texts))
            more = self._texts.words("More actions")
            return _rendered("overflow", press, confirm, options=options, more=more)
        return self._chooser(element, press, confirm, described_by)

    def _chooser(
        self, element: Part, press: Press, confirm: Confirm | None, described_by: str | None
    ) -> Markup:
        kind = element["type"]
        words = self._texts.words
        label = said(element.get("placeholder")) or words(_LABELS.get(kind, "Choose"))
        field = Field(
            id=f"{press.id}:choose",
            name="choose",
            label=label,
            described_by=described_by,
            is_required=not (kind in LISTS and kind != "radio_buttons"),
        )
        control = self._controls.control(element, field, initial(element))
        return _rendered(
            "chooser",
            press,
            confirm,
            control=control,
            label=label,
            choose=words("Choose"),
            described_by=described_by,
            is_list=kind in LISTS,
            is_at_once=kind in MENUS,
        )

    def _confirm(self, confirm: Part | None) -> Confirm | None:
        if confirm is None:
            return None
        return Confirm(
            title=self._texts.shown(confirm["title"]),
            text=self._texts.shown(confirm["text"]),
            confirm=confirm["confirm"]["text"],
            deny=confirm["deny"]["text"],
            style=_look(confirm, "primary"),
        )


def picture(image: Part) -> Markup:
    """A small one: only what it shows, for no picture is fetched from outside."""
    return rendered("elements/image.html", alt=image["alt_text"])


def _press(action_id: str, block_id: str, origin: Origin) -> Press:
    return Press(
        id=identifier(origin.kind, origin.id, block_id, action_id),
        to=origin.action,
        place=origin.place,
        block=block_id,
        action=action_id,
    )


def _button(element: Part, press: Press, confirm: Confirm | None) -> Markup:
    return _rendered(
        "button",
        press,
        confirm,
        label=element["text"]["text"],
        spoken=element.get("accessibility_label"),
        look=_look(element, ""),
        url=openable(element.get("url")),
    )


def _look(part: Part, otherwise: str) -> str:
    style = part.get("style")
    return style if style in _LOOKS else otherwise


def _rendered(kind: str, press: Press, confirm: Confirm | None, **values: Any) -> Markup:
    return rendered(f"elements/{kind}.html", press=press, confirm=confirm, **values)
