"""What stands in blocks to be pressed, chosen, filled in or looked at."""

from __future__ import annotations

from tests.playground.slack.limits.making import (
    Json,
    actions,
    button,
    checkboxes,
    confirm,
    image,
    input_of,
    menu,
    message,
    mrkdwn,
    option,
    options,
    overflow,
    plain,
    radio,
)

ELEMENTS: dict[str, tuple[Json, Json, str]] = {
    "25 actions": (
        message(actions(*[button(action_id=str(n)) for n in range(25)])),
        message(actions(*[button(action_id=str(n)) for n in range(26)])),
        "/blocks/0/elements",
    ),
    "one action at least": (message(actions(button())), message(actions()), "/blocks/0/elements"),
    "button text of 75": (
        message(actions(button(text=plain("x" * 75)))),
        message(actions(button(text=plain("x" * 76)))),
        "/blocks/0/elements/0/text/text",
    ),
    "button text is plain_text": (
        message(actions(button(text=plain()))),
        message(actions(button(text=mrkdwn()))),
        "/blocks/0/elements/0/text/type",
    ),
    "button value of 2000": (
        message(actions(button(value="x" * 2000))),
        message(actions(button(value="x" * 2001))),
        "/blocks/0/elements/0/value",
    ),
    "button url of 3000": (
        message(actions(button(url="x" * 3000))),
        message(actions(button(url="x" * 3001))),
        "/blocks/0/elements/0/url",
    ),
    "button style": (
        message(actions(button(style="danger"))),
        message(actions(button(style="warning"))),
        "/blocks/0/elements/0/style",
    ),
    "button accessibility_label of 75": (
        message(actions(button(accessibility_label="x" * 75))),
        message(actions(button(accessibility_label="x" * 76))),
        "/blocks/0/elements/0/accessibility_label",
    ),
    "confirm title of 100": (
        message(actions(button(confirm=confirm(title=plain("x" * 100))))),
        message(actions(button(confirm=confirm(title=plain("x" * 101))))),
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text of 300": (
        message(actions(button(confirm=confirm(text=mrkdwn("x" * 300))))),
        message(actions(button(confirm=confirm(text=mrkdwn("x" * 301))))),
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "confirm buttons of 30": (
        message(actions(button(confirm=confirm(deny=plain("x" * 30))))),
        message(actions(button(confirm=confirm(deny=plain("x" * 31))))),
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "confirm is complete": (
        message(actions(button(confirm=confirm()))),
        message(actions(button(confirm={"title": plain()}))),
        "/blocks/0/elements/0/confirm",
    ),
    "100 options": (
        message(actions(menu(options=options(100)))),
        message(actions(menu(options=options(101)))),
        "/blocks/0/elements/0/options",
    ),
    "option text of 75": (
        message(actions(menu(options=[option(text=plain("x" * 75))]))),
        message(actions(menu(options=[option(text=plain("x" * 76))]))),
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value of 150": (
        message(actions(menu(options=[option(value="x" * 150)]))),
        message(actions(menu(options=[option(value="x" * 151)]))),
        "/blocks/0/elements/0/options/0/value",
    ),
    "option description of 75": (
        message(actions(menu(options=[option(description=plain("x" * 75))]))),
        message(actions(menu(options=[option(description=plain("x" * 76))]))),
        "/blocks/0/elements/0/options/0/description/text",
    ),
    "options or groups of options": (
        message(actions({"type": "static_select", "option_groups": [
            {"label": plain(), "options": options(1)}
        ]})),
        message(actions({"type": "static_select"})),
        "/blocks/0/elements/0",
    ),
    "an initial option is offered": (
        message(actions(menu(initial_option=option(1)))),
        message(actions(menu(initial_option=option(7)))),
        "/blocks/0/elements/0",
    ),
    "option values are unique": (
        message(actions(menu(options=options(2)))),
        message(actions(menu(options=[option(1), option(1)]))),
        "/blocks/0/elements/0/options",
    ),
    "placeholder of 150": (
        message(actions(menu(placeholder=plain("x" * 150)))),
        message(actions(menu(placeholder=plain("x" * 151)))),
        "/blocks/0/elements/0/placeholder/text",
    ),
    "a menu of people": (
        message(actions({"type": "users_select", "initial_user": "U1"})),
        message(actions({"type": "users_select", "options": options(1)})),
        "/blocks/0/elements/0/options",
    ),
    "a menu of conversations": (
        message(actions({"type": "conversations_select", "filter": {"include": ["private"]}})),
        message(actions({"type": "conversations_select", "filter": {"include": ["secret"]}})),
        "/blocks/0/elements/0/filter/include/0",
    ),
    "5 options of overflow": (
        message(actions(overflow(5))),
        message(actions(overflow(6))),
        "/blocks/0/elements/0/options",
    ),
    "10 checkboxes": (
        message(actions(checkboxes(10))),
        message(actions(checkboxes(11))),
        "/blocks/0/elements/0/options",
    ),
    "10 radio buttons": (
        message(actions(radio(10))),
        message(actions(radio(11))),
        "/blocks/0/elements/0/options",
    ),
    "a date": (
        message(actions({"type": "datepicker", "initial_date": "2026-11-21"})),
        message(actions({"type": "datepicker", "initial_date": "21.11.2026"})),
        "/blocks/0/elements/0/initial_date",
    ),
    "a time": (
        message(actions({"type": "timepicker", "initial_time": "09:00"})),
        message(actions({"type": "timepicker", "initial_time": "9 am"})),
        "/blocks/0/elements/0/initial_time",
    ),
    "an image has alt_text": (
        message(image()),
        message({"type": "image", "image_url": "https://example.com/a.png"}),
        "/blocks/0",
    ),
    "alt_text of 2000": (
        message(image(alt_text="x" * 2000)),
        message(image(alt_text="x" * 2001)),
        "/blocks/0/alt_text",
    ),
    "an image comes from one place": (
        message({"type": "image", "alt_text": "x", "slack_file": {"id": "F12345678"}}),
        message(image(slack_file={"id": "F12345678"})),
        "/blocks/0",
    ),
    "a Slack file has an id": (
        message({"type": "image", "alt_text": "x", "slack_file": {"id": "F12345678"}}),
        message({"type": "image", "alt_text": "x", "slack_file": {"id": "f1"}}),
        "/blocks/0/slack_file/id",
    ),
    "image title of 2000": (
        message(image(title=plain("x" * 2000))),
        message(image(title=plain("x" * 2001))),
        "/blocks/0/title/text",
    ),
    "input label of 2000": (
        message(input_of(label=plain("x" * 2000))),
        message(input_of(label=plain("x" * 2001))),
        "/blocks/0/label/text",
    ),
    "input hint of 2000": (
        message(input_of(hint=plain("x" * 2000))),
        message(input_of(hint=plain("x" * 2001))),
        "/blocks/0/hint/text",
    ),
    "an input holds no button": (
        message(input_of(menu())),
        message(input_of(button())),
        "/blocks/0/element/type",
    ),
    "typed text of 3000": (
        message(input_of({"type": "plain_text_input", "max_length": 3000})),
        message(input_of({"type": "plain_text_input", "max_length": 3001})),
        "/blocks/0/element/max_length",
    ),
    "bounds of a number are strings": (
        message(input_of({"type": "number_input", "is_decimal_allowed": True, "min_value": "0"})),
        message(input_of({"type": "number_input", "is_decimal_allowed": True, "min_value": 0})),
        "/blocks/0/element/min_value",
    ),
    "a number says whether it has decimals": (
        message(input_of({"type": "number_input", "is_decimal_allowed": False})),
        message(input_of({"type": "number_input"})),
        "/blocks/0/element",
    ),
    "10 files": (
        message(input_of({"type": "file_input", "max_files": 10})),
        message(input_of({"type": "file_input", "max_files": 11})),
        "/blocks/0/element/max_files",
    ),
}  # fmt: skip
