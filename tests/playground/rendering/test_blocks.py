"""Facts about blocks: each has its looks, and what has none is a box that says what it holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.rendering import Origin
from bot.playground.slack.block_kit import violations
from tests.playground.rendering.making_blocks import (
    HOSTILE,
    ORIGIN,
    RENDERER,
    asked,
    button,
    element,
    mrkdwn,
    shown,
    text,
)
from tests.playground.rendering.page_tree import page_of

CHART = {
    "type": "data_visualization",
    "title": "Spend",
    "chart": {"type": "pie", "segments": [{"label": "You", "value": 3}]},
}
EVERY_BLOCK: dict[str, dict[str, Any]] = {
    "section": {"type": "section", "text": mrkdwn("Hello"), "fields": [text("a"), text("b")]},
    "header": {"type": "header", "text": text("Hello")},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn("Hello"), text("there")]},
    "actions": {"type": "actions", "elements": [button()]},
    "image": {"type": "image", "alt_text": "Hello", "image_url": "https://example.com/a.png"},
    "input": asked("what", "plain_text_input"),
    "rich_text": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Hello"}]}
        ],
    },
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "Hello"}]]},
    "data_visualization": CHART,
    "markdown": {"type": "markdown", "text": "# Hello"},
}


@pytest.mark.parametrize("block", EVERY_BLOCK.values(), ids=EVERY_BLOCK)
def test_every_block_that_slack_takes_has_its_looks(block):
    assert violations({"text": "x", "blocks": [block]}, "message") == []
    assert shown(block).all(role="note") == []


class TestASection:
    def test_has_its_text_its_fields_and_what_stands_beside_them(self):
        page = shown(
            {
                "type": "section",
                "text": mrkdwn("*Spent*"),
                "fields": [mrkdwn("a"), text("*b*")],
                "accessory": button(),
            }
        )

        assert page.one("strong").text == "Spent"
        fields = page.one("div", "section-fields")
        assert [field.text for field in fields.all("div", "text")] == ["a", "*b*"]
        assert page.one("div", "accessory").one("button").text == "Go"

    def test_has_a_picture_beside_it_in_words(self):
        picture = {"type": "image", "alt_text": "A cat", "image_url": "https://example.com/c.png"}
        page = shown({"type": "section", "text": text("x"), "accessory": picture})

        assert page.one("div", "accessory").text.strip() == "A cat"


class TestAHeader:
    @pytest.mark.parametrize("level", [2, 3, 4])
    def test_is_a_heading_below_what_it_stands_in(self, level):
        page = shown(EVERY_BLOCK["header"], heading=level)

        assert page.one(f"h{level}").text == "Hello"


class TestAPicture:
    def test_is_a_frame_that_says_what_would_be_seen_and_why_it_is_not(self):
        page = shown({**EVERY_BLOCK["image"], "title": text("A picture")})

        assert page.one("figcaption").text == "A picture"
        assert "Hello" in page.one("figure").text
        assert "not loaded" in page.one("figure").text
        assert page.all("img") == []

    def test_in_a_line_is_its_words(self):
        picture = {"type": "image", "alt_text": "A cat", "image_url": "https://example.com/c.png"}
        page = shown({"type": "context", "elements": [picture, text("said")]})

        assert [part.text for part in page.all("div", "text")] == ["A cat", "said"]


class TestAnAlert:
    @pytest.mark.parametrize(
        ("given", "shown_as"), [("error", "alert-error"), (HOSTILE, "alert-default")]
    )
    def test_looks_as_grave_as_it_is(self, given, shown_as):
        block = {"type": "alert", "text": text("Look out"), "level": given}

        assert shown_as in shown(block).one(role="note").classes


def test_an_input_outside_a_form_belongs_to_none():
    page = shown(asked("what", "plain_text_input"))

    assert page.all("form") == []
    assert "form" not in page.one("input").attributes


def test_a_message_without_blocks_is_its_text():
    page = page_of(RENDERER.text("*Hello* <@U1>\n&lt;!channel&gt; <script>"))

    assert page.one("strong").text == "Hello"
    assert page.one("div", "text").text == "Hello @Ada <b>\n<!channel> <script>"
    assert page.all("script") == []


class TestWhatHasNoLooks:
    def test_is_a_box_with_its_kind_and_its_words(self):
        box = shown(
            {"type": "video", "title": text("A film"), "alt_text": "of us", "elements": [HOSTILE]}
        ).one(role="note")

        assert box.one("code").text == "video"
        assert "A film" in box.text
        assert "of us" in box.text

    def test_is_seen_in_a_line_too(self):
        page = shown({"type": "context", "elements": [{"type": "emoji", "name": "wave"}]})

        assert page.one(role="note").one("code").text == "emoji"

    @pytest.mark.parametrize(
        "broken",
        [
            {"type": "header"},
            {"type": "section", "text": "plain"},
            {"type": "actions", "elements": [None]},
            {"type": "input", "label": text("Label"), "element": {}},
            {"type": ["header"]},
            {},
        ],
    )
    def test_is_seen_where_it_is_not_as_it_has_to_be(self, broken):
        assert shown(broken, EVERY_BLOCK["header"]).one(role="note")

    @pytest.mark.parametrize("kind", ["file_input", "rich_text_input", "external_select"])
    def test_is_seen_among_inputs_with_its_label(self, kind):
        page = shown(asked("what", kind))

        assert page.one(role="note").one("code").text == kind
        assert page.one("p", "label").text == "What"


def test_an_input_that_slack_could_not_report_is_seen_as_such():
    nameless = asked("what", "plain_text_input")
    del nameless["element"]["action_id"]

    assert "no action_id" in shown(nameless).one(role="note").text


KINDS = st.sampled_from([*EVERY_BLOCK, "alert", "video"])
WORDS = st.text() | st.just(HOSTILE)
TEXT_OBJECTS = st.builds(
    lambda kind, words: {"type": kind, "text": words},
    st.sampled_from(["plain_text", "mrkdwn"]),
    WORDS,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | TEXT_OBJECTS,
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "text",
                    "elements",
                    "element",
                    "label",
                    "options",
                    "fields",
                    "value",
                    "action_id",
                    "accessory",
                    "alt_text",
                    "rows",
                    "chart",
                ]
            ),
            parts,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "text",
                "elements",
                "fields",
                "accessory",
                "element",
                "label",
                "rows",
                "title",
                "chart",
                "alt_text",
            ]
        ),
        JSON,
    ),
    KINDS,
)
def test_nothing_makes_the_page_fail_or_comes_alive(parts, kind):
    page = page_of(RENDERER.blocks([{**parts, "type": kind}], ORIGIN))

    assert page.one("div", "blocks").inside
    assert page.all("script") == []
    assert not [name for part in page for name in part.attributes if name.startswith("on")]


@given(WORDS, st.sampled_from(["message", "home", "modal"]))
def test_plain_words_are_shown_as_they_are(words, kind):
    origin = Origin(user="U1", kind=kind, id=words, action=words)
    block = {
        "type": "actions",
        "block_id": words,
        "elements": [{**button(words or "x"), "action_id": words, "value": words}],
    }
    page = shown({"type": "section", "block_id": "said", "text": text(words)}, block, origin=origin)

    expected = words.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    assert page.all("div", "text")[0].text.replace("\0", "") in {expected, words}
    assert page.one("form").attributes["action"] == words


def test_a_menu_of_several_blocks_is_told_apart():
    menu = element("static_select", options=[{"text": text("One"), "value": "one"}])
    rows = [
        {"type": "section", "block_id": name, "text": text(name), "accessory": menu}
        for name in ("first", "second")
    ]

    sent = [field.attributes["value"] for field in shown(*rows).all("input", name="block")]
    assert sent == ["first", "second"]
