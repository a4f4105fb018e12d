"""Facts about tables on the page: real ones, that can be read aloud and scrolled by key."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.kit import as_dicts
from bot.blocks.kit import table as table_of_the_bot
from bot.playground.rendering.slack_words import IN_ENGLISH
from bot.playground.rendering.tables import table
from tests.playground.rendering.html_seen import Seen
from tests.playground.rendering.known_names import NAMES


def shown(rows: list[list[dict[str, Any]]], **more: Any) -> Seen:
    return Seen(table({"type": "table", "rows": rows, **more}, NAMES, IN_ENGLISH))


def raw(said: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": said}


class TestATable:
    def test_of_the_bot_has_titles_and_figures_to_the_right(self):
        [block] = as_dicts(table_of_the_bot("t", ["Work", "Done"], [["Changes", "12"]]))
        page = Seen(table(block, NAMES, IN_ENGLISH))

        titles = [(cell.text, cell.attributes) for cell in page.all("th")]
        assert titles == [
            ("Work", {"scope": "col", "class": "align-left"}),
            ("Done", {"scope": "col", "class": "align-right"}),
        ]
        assert [cell.text for cell in page.all("td")] == ["Changes", "12"]

    def test_stands_in_a_box_that_a_keyboard_can_scroll(self):
        [box] = shown([[raw("A"), raw("B")]]).all("div", "table-scroll")

        assert box.attributes["tabindex"] == "0"
        assert (box.attributes["role"], box.attributes["aria-label"]) == ("group", "Table: A, B")

    def test_has_cells_of_every_kind(self):
        rich = {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "r", "style": {"bold": True}}],
                }
            ],
        }
        number = {"type": "raw_number", "value": 1234.5}
        page = shown([[raw("A")], [rich], [number], [{**number, "text": "1.2k"}], [{"type": "?"}]])

        said = [cell.text.strip() for cell in page.all("td")]
        assert said[:3] == ["r", "1,234.50", "1.2k"]
        assert "?" in said[3]
        assert page.all("strong")[0].text == "r"

    def test_may_leave_columns_without_settings(self):
        settings = [None, {"align": "center"}, {"align": "<odd>"}]
        page = shown([[raw(x) for x in "ABCD"]], column_settings=settings)

        sides = [title.attributes["class"] for title in page.all("th")]
        assert sides == ["align-left", "align-center", "align-left", "align-left"]

    def test_may_be_empty(self):
        assert shown([]).all("table")

    @given(st.lists(st.lists(st.text(), min_size=1, max_size=3), min_size=1, max_size=4))
    def test_shows_every_text_as_it_is(self, rows):
        page = shown([[raw(cell) for cell in row] for row in rows])

        seen = [element.text for element in page.elements if element.tag in {"th", "td"}]
        assert seen == [cell for row in rows for cell in row]
