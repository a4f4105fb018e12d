"""What is chosen from or typed into: the same in a form as where choosing is enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from bot.playground.rendering.environment import rendered
from bot.playground.rendering.options import Choices, Group, group_of_names, groups_of, options_in
from bot.playground.rendering.texts import Part, Texts, said

MENUS = frozenset({"static_select", "users_select", "conversations_select", "channels_select"})
LISTS = frozenset({"radio_buttons", "checkboxes"} | {f"multi_{menu}" for menu in MENUS})
"""Several options at one glance: a menu to choose many from is better shown as a list."""
_TYPED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "plain_text_input": {"type": "text"},
        "number_input": {"type": "number", "inputmode": "decimal"},
        "email_text_input": {"type": "email", "autocomplete": "off"},
        "url_text_input": {"type": "url", "inputmode": "url"},
        "datepicker": {"type": "date"},
        "timepicker": {"type": "time"},
    }
)
SUPPORTED = MENUS | LISTS | _TYPED.keys()
_BOUNDS = {
    "maxlength": "max_length",
    "minlength": "min_length",
    "min": "min_value",
    "max": "max_value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a control is called and how it is tied to what stands round it."""

    id: str
    name: str
    form: str | None = None
    """The form it belongs to where it does not stand inside."""
    label: str | None = None
    """For who hears the page, where no label is seen."""
    described_by: str | None = None
    is_required: bool = True
    is_invalid: bool = False
    takes_focus: bool = False


class Controls:
    def __init__(self, texts: Texts, choices: Choices) -> None:
        self._texts = texts
        self._choices = choices

    def control(self, element: Part, field: Field, value: Any) -> Markup:
        """*value* is what is typed or chosen so far; *element* is of a supported kind."""
        if element["type"] in _TYPED:
            return _typed(element, field, value)
        groups = self._groups(element, chosen_in(value))
        placeholder = said(element.get("placeholder"))
        if element["type"] in MENUS:
            has_chosen = any(option.is_chosen for option in options_in(groups))
            return rendered(
                "elements/menu.html",
                field=field,
                groups=groups,
                placeholder=placeholder or self._texts.words("Choose"),
                may_be_empty=not (field.is_required and has_chosen),
            )
        kind = "radio" if element["type"] == "radio_buttons" else "checkbox"
        is_long = element["type"] in LISTS - {"radio_buttons", "checkboxes"}
        return rendered(
            "elements/list.html", field=field, groups=groups, kind=kind, is_long=is_long
        )

    def _groups(self, element: Part, chosen: Sequence[str]) -> Sequence[Group]:
        match element["type"].removeprefix("multi_"):
            case "users_select":
                return [group_of_names(self._choices.users, chosen)]
            case "channels_select":
                return [group_of_names(self._choices.channels, chosen)]
            case "conversations_select":
                return [group_of_names(self._choices.conversations, chosen)]
            case _:
                return groups_of(element, chosen, self._texts)


def chosen_in(value: Any) -> Sequence[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _typed(element: Part, field: Field, value: Any) -> Markup:
    is_multiline = element.get("multiline", False)
    attributes = {
        **({} if is_multiline else _TYPED[element["type"]]),
        **{name: element[key] for name, key in _BOUNDS.items() if key in element},
    }
    if element["type"] == "number_input":
        attributes["step"] = "any" if element["is_decimal_allowed"] else "1"
    return rendered(
        "elements/typed.html",
        field=field,
        value="" if value is None else str(value),
        is_multiline=is_multiline,
        placeholder=said(element.get("placeholder")),
        attributes=attributes,
    )
