"""What may stand inside a block: texts, buttons, menus and inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.playground.slack import block_kit_limits as limits
from bot.playground.slack.block_kit_rich_text import RICH_TEXT
from bot.playground.slack.checks import (
    NOTHING,
    Check,
    Shapes,
    all_of,
    at,
    boolean,
    by_type,
    choice,
    integer,
    items,
    one_of_the_keys,
    shape,
    string,
)

IDENTIFIER = string(longest=limits.IDENTIFIER)


def plain_text(longest: int) -> Check:
    text = {"type": choice("plain_text"), "text": string(longest=longest)}
    return shape(text, {"emoji": boolean})


def text(longest: int) -> Check:
    """Either kind of text object."""
    mrkdwn = {"type": choice("mrkdwn"), "text": string(longest=longest)}
    return by_type(
        {"plain_text": plain_text(longest), "mrkdwn": shape(mrkdwn, {"verbatim": boolean})}
    )


CONFIRM = shape(
    {
        "title": plain_text(limits.CONFIRM_TITLE),
        "text": text(limits.CONFIRM_TEXT),
        "confirm": plain_text(limits.CONFIRM_BUTTON),
        "deny": plain_text(limits.CONFIRM_BUTTON),
    },
    {"style": choice("primary", "danger")},
)


def _element(kind: str, required: Shapes = NOTHING, optional: Shapes = NOTHING) -> Check:
    return shape(
        {"type": choice(kind), **required},
        {"action_id": IDENTIFIER, "confirm": CONFIRM, **optional},
    )


BUTTON = _element(
    "button",
    {"text": plain_text(limits.BUTTON_TEXT)},
    {
        "url": string(longest=limits.URL),
        "value": string(longest=limits.BUTTON_VALUE),
        "style": choice("primary", "danger"),
        "accessibility_label": string(longest=limits.ACCESSIBILITY_LABEL),
    },
)

IMAGE_SOURCE = {
    "image_url": string(longest=limits.URL),
    "slack_file": all_of(
        shape({}, {"id": string(pattern=r"F[A-Z0-9]{8,}"), "url": string(longest=limits.URL)}),
        one_of_the_keys("id", "url"),
    ),
}
IMAGE = all_of(
    shape(
        {"type": choice("image"), "alt_text": string(longest=limits.ALT_TEXT)},
        IMAGE_SOURCE,
    ),
    one_of_the_keys("image_url", "slack_file"),
)


def _option(label: Check, **optional: Check) -> Check:
    return shape(
        {"text": label, "value": string(longest=limits.OPTION_VALUE)},
        {"description": text(limits.OPTION_DESCRIPTION), **optional},
    )


OPTION = _option(plain_text(limits.OPTION_TEXT))
OPTION_OF_A_LIST = _option(text(limits.OPTION_TEXT))
OPTION_OF_OVERFLOW = _option(plain_text(limits.OPTION_TEXT), url=string(longest=limits.URL))
OPTION_GROUP = shape(
    {"label": plain_text(limits.OPTION_TEXT), "options": items(OPTION, most=limits.OPTIONS)}
)


def _initial_choice_is_offered(element: Any, pointer: str) -> Iterator[str]:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    offered = [option for group in groups for option in group.get("options", [])]
    chosen = [element.get("initial_option"), *element.get("initial_options", [])]
    if any(option is not None and option not in offered for option in chosen):
        yield at(pointer, "an initial option is not one of the options")


def _values_are_unique(element: Any, pointer: str) -> Iterator[str]:
    values = [option.get("value") for option in element.get("options") or []]
    if len(set(values)) < len(values):
        yield at(f"{pointer}/options", "duplicate option values")


def _initial_text_fits(element: Any, pointer: str) -> Iterator[str]:
    given = len(element.get("initial_value", ""))
    if given > element.get("max_length", given) or element.get("min_length", 0) > element.get(
        "max_length", limits.TYPED_TEXT
    ):
        yield at(f"{pointer}/initial_value", "does not fit between min_length and max_length")


def _initial_day_exists(element: Any, pointer: str) -> Iterator[str]:
    try:
        date.fromisoformat(element.get("initial_date", "2000-01-01"))
    except ValueError:
        yield at(f"{pointer}/initial_date", "must be a date")


def _well_formed_then(first: Check, *then: Check) -> Check:
    """Rules about several parts only make sense once each part is right."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        complaints = list(first(value, pointer))
        yield from complaints or all_of(*then)(value, pointer)

    return check


PLACEHOLDER: Shapes = {
    "placeholder": plain_text(limits.PLACEHOLDER),
    "focus_on_load": boolean,
}
_STATIC: Shapes = {
    **PLACEHOLDER,
    "options": items(OPTION, most=limits.OPTIONS),
    "option_groups": items(OPTION_GROUP, most=limits.OPTION_GROUPS),
}
_MULTIPLE: Shapes = {"max_selected_items": integer(least=1)}
_FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS: Shapes = {
    **PLACEHOLDER,
    "default_to_current_conversation": boolean,
    "filter": _FILTER,
}
_RESPONSE_URL: Shapes = {"response_url_enabled": boolean}
_QUERY: Shapes = {**PLACEHOLDER, "min_query_length": integer()}


def _static_menu(kind: str, optional: Shapes) -> Check:
    return _well_formed_then(
        _element(kind, {}, {**_STATIC, **optional}),
        one_of_the_keys("options", "option_groups"),
        _initial_choice_is_offered,
        _values_are_unique,
    )


def _list(kind: str, optional: Shapes) -> Check:
    options = {"options": items(OPTION_OF_A_LIST, most=limits.CHOICES)}
    return _well_formed_then(
        _element(kind, options, {"focus_on_load": boolean, **optional}),
        _initial_choice_is_offered,
        _values_are_unique,
    )


ONE_CHOICE_MENUS: Shapes = {
    "static_select": _static_menu("static_select", {"initial_option": OPTION}),
    "external_select": _element("external_select", {}, {**_QUERY, "initial_option": OPTION}),
    "users_select": _element("users_select", {}, {**PLACEHOLDER, "initial_user": IDENTIFIER}),
    "conversations_select": _element(
        "conversations_select",
        {},
        {**_CONVERSATIONS, **_RESPONSE_URL, "initial_conversation": IDENTIFIER},
    ),
    "channels_select": _element(
        "channels_select", {}, {**PLACEHOLDER, **_RESPONSE_URL, "initial_channel": IDENTIFIER}
    ),
}
MANY_CHOICE_MENUS: Shapes = {
    "multi_static_select": _static_menu(
        "multi_static_select", {**_MULTIPLE, "initial_options": items(OPTION, most=limits.OPTIONS)}
    ),
    "multi_external_select": _element(
        "multi_external_select",
        {},
        {**_QUERY, **_MULTIPLE, "initial_options": items(OPTION, most=limits.OPTIONS)},
    ),
    "multi_users_select": _element(
        "multi_users_select", {}, {**PLACEHOLDER, **_MULTIPLE, "initial_users": items(IDENTIFIER)}
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select",
        {},
        {**_CONVERSATIONS, **_MULTIPLE, "initial_conversations": items(IDENTIFIER)},
    ),
    "multi_channels_select": _element(
        "multi_channels_select",
        {},
        {**PLACEHOLDER, **_MULTIPLE, "initial_channels": items(IDENTIFIER)},
    ),
}
LISTS: Shapes = {
    "checkboxes": _list(
        "checkboxes", {"initial_options": items(OPTION_OF_A_LIST, most=limits.CHOICES)}
    ),
    "radio_buttons": _list("radio_buttons", {"initial_option": OPTION_OF_A_LIST}),
}
PICKERS: Shapes = {
    "datepicker": _well_formed_then(
        _element(
            "datepicker",
            {},
            {**PLACEHOLDER, "initial_date": string(pattern=r"\d{4}-\d\d-\d\d")},
        ),
        _initial_day_exists,
    ),
    "timepicker": _element(
        "timepicker",
        {},
        {**PLACEHOLDER, "initial_time": string(pattern=r"\d\d:\d\d"), "timezone": string()},
    ),
}
OVERFLOW: Check = _element(
    "overflow", {"options": items(OPTION_OF_OVERFLOW, most=limits.OVERFLOW_OPTIONS)}
)

_DISPATCH: Mapping[str, Check] = {
    "dispatch_action_config": shape(
        {},
        {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), most=2)},
    )
}
_TYPED: Shapes = {**PLACEHOLDER, **_DISPATCH, "initial_value": string(longest=limits.TYPED_TEXT)}
# Slack wants the bounds of a number as strings.
_BOUND = string(pattern=r"-?\d+(\.\d+)?")
TYPED: Shapes = {
    "plain_text_input": _well_formed_then(
        _element(
            "plain_text_input",
            {},
            {
                **_TYPED,
                "multiline": boolean,
                "min_length": integer(most=limits.TYPED_TEXT),
                "max_length": integer(least=1, most=limits.TYPED_TEXT),
            },
        ),
        _initial_text_fits,
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _BOUND, "min_value": _BOUND, "max_value": _BOUND},
    ),
    "email_text_input": _element("email_text_input", {}, _TYPED),
    "url_text_input": _element("url_text_input", {}, _TYPED),
    "rich_text_input": _element(
        "rich_text_input", {}, {**PLACEHOLDER, **_DISPATCH, "initial_value": RICH_TEXT}
    ),
    "file_input": _element(
        "file_input",
        {},
        {"filetypes": items(string()), "max_files": integer(least=1, most=limits.FILES)},
    ),
}

OF_ACTIONS = by_type(
    {
        "button": BUTTON,
        "overflow": OVERFLOW,
        **ONE_CHOICE_MENUS,
        **MANY_CHOICE_MENUS,
        **LISTS,
        **PICKERS,
    }
)
OF_SECTION = by_type(
    {
        "button": BUTTON,
        "image": IMAGE,
        "overflow": OVERFLOW,
        **ONE_CHOICE_MENUS,
        **MANY_CHOICE_MENUS,
        **LISTS,
        **PICKERS,
    }
)
OF_INPUT = by_type({**ONE_CHOICE_MENUS, **MANY_CHOICE_MENUS, **LISTS, **PICKERS, **TYPED})
OF_CONTEXT = by_type(
    {
        "plain_text": plain_text(limits.TEXT),
        "mrkdwn": text(limits.TEXT),
        "image": IMAGE,
    }
)
