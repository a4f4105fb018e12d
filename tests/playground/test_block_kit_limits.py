"""What Slack takes and what it refuses, one rule a line."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.block_kit import violations
from bot.playground.slack.block_kit_limits import Surface

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Words") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**parts: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **parts}


def button(**parts: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": "go", **parts}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def confirm(**parts: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **parts}


def option(number: int = 0, **parts: Any) -> Json:
    return {"text": plain(), "value": str(number), **parts}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def menu(**parts: Any) -> Json:
    return {"type": "static_select", "options": options(2), **parts}


def checkboxes(count: int) -> Json:
    return {"type": "checkboxes", "options": options(count)}


def radio(count: int) -> Json:
    return {"type": "radio_buttons", "options": options(count)}


def overflow(count: int) -> Json:
    return {"type": "overflow", "options": options(count)}


def input_of(element: Json | None = None, **parts: Any) -> Json:
    field = element or {"type": "plain_text_input"}
    return {"type": "input", "label": plain(), "element": field, **parts}


def image(**parts: Any) -> Json:
    source = {"image_url": "https://example.com/a.png"}
    return {"type": "image", "alt_text": "A picture", **source, **parts}


def rich_text(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def rich_line(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def rich_list(**parts: Any) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": [rich_line()], **parts}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, text: str = "x", **parts: Any) -> Json:
    return {"type": "table", "rows": [[cell(text)] * columns] * rows, **parts}


def chart(chart: Json, **parts: Any) -> Json:
    return {"type": "data_visualization", "title": "Spend", "chart": chart, **parts}


def series(name: str = "You", labels: tuple[str, ...] = ("W1", "W2"), value: Any = 1) -> Json:
    return {"name": name, "data": [{"label": label, "value": value} for label in labels]}


def line(*lines: Json, categories: tuple[str, ...] = ("W1", "W2"), **axes: Any) -> Json:
    axis = {"categories": list(categories), **axes}
    return {"type": "line", "series": list(lines or (series(),)), "axis_config": axis}


def weeks(count: int) -> tuple[str, ...]:
    return tuple(f"W{number}" for number in range(count))


def pie(*values: Any) -> Json:
    segments = [{"label": str(index), "value": value} for index, value in enumerate(values)]
    return {"type": "pie", "segments": segments}


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


def message(*blocks: Json, **parts: Any) -> Json:
    return {"text": "All of it in words", "blocks": list(blocks), **parts}


def modal(*blocks: Json, **parts: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **parts}


def home(*blocks: Json, **parts: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **parts}


# rule: what Slack takes, what it refuses, and where it says the fault is
MESSAGES: dict[str, tuple[Json, Json, str]] = {
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
    "rich text has known leaves": (
        message(rich_text(rich_line({"type": "text", "text": "x", "style": {"bold": True}}))),
        message(rich_text(rich_line({"type": "mrkdwn", "text": "x"}))),
        "/blocks/0/elements/0/elements/0/type",
    ),
    "list indent of 8": (
        message(rich_text(rich_list(indent=8))),
        message(rich_text(rich_list(indent=9))),
        "/blocks/0/elements/0/indent",
    ),
    "100 rows": (message(table(100)), message(table(101)), "/blocks/0/rows"),
    "20 columns": (message(table(1, 20)), message(table(1, 21)), "/blocks/0/rows/0"),
    "a cell is not empty": (message(table()), message(table(1, 1, "")), "/rows/0/0/text"),
    "10,000 characters in a table": (
        message(table(10, 10, "x" * 100)),
        message(table(10, 10, "x" * 101)),
        "/blocks/0/rows",
    ),
    "a numeric cell has a number": (
        message({"type": "table", "rows": [[{"type": "raw_number", "value": 1, "text": "1"}]]}),
        message({"type": "table", "rows": [[{"type": "raw_number", "value": "1", "text": "1"}]]}),
        "/blocks/0/rows/0/0/value",
    ),
    "columns have settings": (
        message(table(column_settings=[None, {"align": "right"}])),
        message(table(column_settings=[{"align": "top"}])),
        "/blocks/0/column_settings/0/align",
    ),
    "one table": (message(table()), message(table(), table()), "/blocks"),
    "chart title of 50": (
        message(chart(line(), title="x" * 50)),
        message(chart(line(), title="x" * 51)),
        "/blocks/0/title",
    ),
    "a chart has a known type": (
        message(chart(line())),
        message(chart({"type": "radar"})),
        "/blocks/0/chart/type",
    ),
    "6 series": (
        message(chart(line(*[series(str(n)) for n in range(6)]))),
        message(chart(line(*[series(str(n)) for n in range(7)]))),
        "/blocks/0/chart/series",
    ),
    "series have names of their own": (
        message(chart(line(series("You"), series("Usual")))),
        message(chart(line(series("You"), series("You")))),
        "/blocks/0/chart/series",
    ),
    "series name of 20": (
        message(chart(line(series("x" * 20)))),
        message(chart(line(series("x" * 21)))),
        "/blocks/0/chart/series/0/name",
    ),
    "20 points": (
        message(chart(line(series(labels=weeks(20)), categories=weeks(20)))),
        message(chart(line(series(labels=weeks(21)), categories=weeks(21)))),
        "/blocks/0/chart/series/0/data",
    ),
    "a point for each category": (
        message(chart(line(series(labels=("W2", "W1"))))),
        message(chart(line(series(labels=("W1",))))),
        "/blocks/0/chart/series/0/data",
    ),
    "points have the categories' labels": (
        message(chart(line())),
        message(chart(line(series(labels=("W1", "W3"))))),
        "/blocks/0/chart/series/0/data",
    ),
    "category of 20": (
        message(chart(line(series(labels=("x" * 20,)), categories=("x" * 20,)))),
        message(chart(line(series(labels=("x" * 21,)), categories=("x" * 21,)))),
        "/blocks/0/chart/axis_config/categories/0",
    ),
    "axis label of 50": (
        message(chart(line(x_label="x" * 50))),
        message(chart(line(x_label="x" * 51))),
        "/blocks/0/chart/axis_config/x_label",
    ),
    "values are finite": (
        message(chart(line(series(value=-1.5)))),
        message(chart(line(series(value=math.nan)))),
        "/blocks/0/chart/series/0/data/0/value",
    ),
    "values are not missing": (
        message(chart(line(series(value=0)))),
        message(chart(line(series(value=None)))),
        "/blocks/0/chart/series/0/data/0/value",
    ),
    "6 segments": (
        message(chart(pie(*[1] * 6))),
        message(chart(pie(*[1] * 7))),
        "/blocks/0/chart/segments",
    ),
    "segments are positive": (
        message(chart(pie(0.1))),
        message(chart(pie(0))),
        "/blocks/0/chart/segments/0/value",
    ),
    "2 charts": (message(*[chart(line())] * 2), message(*[chart(line())] * 3), "/blocks"),
    "12,000 characters of markdown in all": (
        message(markdown("x" * 6000), markdown("x" * 6000)),
        message(markdown("x" * 6000), markdown("x" * 6001)),
        "/blocks",
    ),
    "an alert is for modals": (
        message(section()),
        message({"type": "alert", "text": plain()}),
        "/blocks/0/type",
    ),
}  # fmt: skip

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


def cases() -> Iterator[Any]:
    for rule, (taken, refused, where) in MESSAGES.items():
        yield pytest.param("message", taken, refused, where, id=rule)
    for rule, (surface, taken, refused, where) in VIEWS.items():
        yield pytest.param(surface, taken, refused, where, id=rule)


@pytest.mark.parametrize(("surface", "taken", "refused", "where"), list(cases()))
class TestEveryRule:
    def test_lets_the_right_pass(self, surface: Surface, taken: Json, refused: Json, where: str):
        assert violations(taken, surface) == []

    def test_says_where_the_wrong_is(
        self, surface: Surface, taken: Json, refused: Json, where: str
    ):
        complaints = violations(refused, surface)

        assert complaints
        assert any(where in complaint for complaint in complaints)


class TestNativeCharts:
    @pytest.mark.parametrize("block", [table(), chart(line())])
    def test_are_unknown_where_the_rollout_has_not_arrived(self, block: Json):
        complaints = violations(message(section(), block), "message", native_charts=False)

        assert complaints == [
            f"[ERROR] unsupported type: {block['type']} [json-pointer:/blocks/1/type]"
        ]


class TestAnythingAtAll:
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
        st.sampled_from(["message", "modal", "home"]),
    )
    def test_gets_an_answer_and_not_an_exception(self, junk: Any, surface: Surface):
        assert isinstance(violations({"text": "x", "blocks": junk}, surface), list)

    @given(st.sampled_from(sorted(MESSAGES)), st.data())
    def test_survives_any_part_being_replaced(self, rule: str, data: st.DataObject):
        broken = copy.deepcopy(MESSAGES[rule][0])
        data.draw(st.sampled_from(list(_places(broken))))(data.draw(_JUNK))

        assert isinstance(violations(broken, "message"), list)

    def test_does_not_change_what_it_reads(self):
        before = message(section(), table(), chart(line()))
        after = copy.deepcopy(before)

        violations(after, "message")

        assert json.dumps(after) == json.dumps(before)


_JUNK = st.sampled_from([None, 0, "", [], {}, [None], [{}], {"type": []}, True])


def _places(part: Any) -> Iterator[Any]:
    keys = part.keys() if isinstance(part, dict) else range(len(part))
    for key in list(keys):
        yield lambda value, key=key: part.__setitem__(key, value)
        if isinstance(part[key], dict | list):
            yield from _places(part[key])
