"""Facts about rich text on the page: its looks are given, its text is never parsed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.rendering.rich_text import rich_text
from tests.playground.rendering.html_seen import Seen
from tests.playground.rendering.known_names import NAMES

STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight")


def text(said: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": said, "style": style}


def section(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(leaves)}


def shown(*parts: dict[str, Any]) -> Seen:
    return Seen(rich_text({"type": "rich_text", "elements": list(parts)}, NAMES))


class TestText:
    def test_is_never_parsed(self):
        typed = "*a* <!channel> &lt; https://example.com\n<b>"
        page = shown(section(text(typed)))

        assert page.text == typed
        assert page.tags == ["div", "div", "br"]

    @pytest.mark.parametrize(
        ("style", "tag"),
        [
            ("bold", "strong"),
            ("italic", "em"),
            ("strike", "s"),
            ("code", "code"),
            ("underline", "u"),
            ("highlight", "mark"),
        ],
    )
    def test_has_the_look_it_is_given(self, style, tag):
        assert shown(section(text("x", **{style: True}))).all(tag)[0].text == "x"

    def test_may_have_several_looks_or_be_told_that_it_has_none(self):
        page = shown(section(text("a", bold=True, code=True), text("b", bold=False)))

        assert page.all("strong")[0].text == "a" == page.all("code")[0].text

    @given(st.lists(st.tuples(st.text(min_size=1), st.sets(st.sampled_from(STYLES)))))
    def test_is_all_there_whatever_its_looks(self, pieces):
        leaves = [text(said, **dict.fromkeys(style, True)) for said, style in pieces]
        page = shown(section(*leaves))

        assert page.text == "".join(said for said, _ in pieces)
        assert not any(element.attributes for element in page.elements[1:])


class TestLeaves:
    @pytest.mark.parametrize(
        ("leaf", "said"),
        [
            ({"type": "user", "user_id": "U1"}, "@Ada <b>"),
            ({"type": "user", "user_id": "U404"}, "@U404"),
            ({"type": "channel", "channel_id": "C1"}, "#sales"),
            ({"type": "usergroup", "usergroup_id": "S1"}, "@leads"),
            ({"type": "broadcast", "range": "here"}, "@here"),
            ({"type": "emoji", "name": "tada"}, ":tada:"),
            ({"type": "color", "value": "#ff0000"}, "#ff0000"),
            ({"type": "link", "url": "https://example.com", "text": "x"}, "x"),
            ({"type": "link", "url": "https://example.com"}, "https://example.com"),
            ({"type": "date", "timestamp": 0, "format": "{date}", "fallback": "then"}, "then"),
            ({"type": "date", "timestamp": 0, "format": "{date}"}, "1 January 1970, 00:00 UTC"),
        ],
    )
    def test_say_what_they_stand_for(self, leaf, said):
        assert shown(section(leaf)).text == said

    def test_a_link_that_should_not_be_opened_is_its_text(self):
        page = shown(section({"type": "link", "url": "javascript:alert(1)", "text": "press"}))

        assert (page.all("a"), page.text) == ([], "press")

    def test_a_date_may_be_a_link(self):
        leaf = {"type": "date", "timestamp": 0, "format": "{date}", "url": "https://example.com"}

        assert shown(section(leaf)).tags == ["div", "div", "a", "time"]

    @pytest.mark.parametrize("part", [section({"type": "hologram", "text": "hi"}), {"type": "new"}])
    def test_what_is_not_known_shows_as_a_box(self, part):
        [box] = shown(part).all("div", "unknown")

        assert "hologram" in box.text or "new" in box.text


class TestParts:
    def test_quotes_and_preformatted_lines_keep_their_lines(self):
        page = shown(
            {"type": "rich_text_quote", "elements": [text("a\nb")]},
            {"type": "rich_text_preformatted", "elements": [text("c\nd")]},
        )

        assert page.all("blockquote")[0].text == "a\nb"
        assert page.all("pre")[0].text == "c\nd"

    def test_lists_are_real_lists_that_know_their_depth_and_first_number(self):
        item = section(text("a"))
        page = shown(
            {"type": "rich_text_list", "style": "bullet", "elements": [item, item], "indent": 2},
            {"type": "rich_text_list", "style": "ordered", "elements": [item], "offset": 3},
        )

        assert len(page.all("li")) == 3
        assert page.all("ul")[0].attributes == {"class": "indent-2"}
        assert page.all("ol")[0].attributes == {"class": "indent-0", "start": "4"}
