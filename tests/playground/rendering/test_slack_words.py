"""Facts about the words that Slack itself adds: they are in the language of who reads."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.playground import page, rendering
from bot.playground.page import acting
from bot.playground.rendering import Renderer, SlackWords, slack_words
from bot.playground.rendering.slack_words import IN_ENGLISH, LANGUAGES
from tests.playground.rendering.known_names import NAMES
from tests.playground.rendering.making_blocks import ORIGIN, asked, mrkdwn, view
from tests.playground.rendering.page_tree import Part, page_of

SPOKEN = slack_words._TRANSLATED
TRANSLATED = [language for language in LANGUAGES if language != IN_ENGLISH.language]
SECTION = {"type": "section", "block_id": "s", "text": mrkdwn("Hallo")}
CHART = {
    "type": "data_visualization",
    "block_id": "c",
    "title": "Ausgaben",
    "chart": {
        "type": "bar",
        "series": [{"name": "x", "data": [{"label": "a", "value": 1}]}],
        "axis_config": {"categories": ["a", "b"]},
    },
}
ROW = {"type": "table", "block_id": "t", "rows": [[{"type": "raw_text", "text": "Woche"}]]}

in_every_language = pytest.mark.parametrize("language", TRANSLATED)


def form(language: str, **payload: object) -> Part:
    renderer = Renderer(NAMES, words=SlackWords(language))
    opened = view(asked("why", "plain_text_input", optional=True), **payload)
    return page_of(renderer.modal(opened, post_to="/s", close_to="/c", press_to="/p", refused=None))


def message(language: str, *blocks: dict[str, object]) -> Part:
    return page_of(Renderer(NAMES, words=SlackWords(language)).blocks(blocks, ORIGIN))


@in_every_language
def test_a_form_and_a_message_say_which_language_they_are_in(language):
    assert form(language).one("dialog").attributes["lang"] == language
    assert message(language, SECTION).one("div", class_="blocks").attributes["lang"] == language


def test_what_is_in_the_language_of_the_page_does_not_say_so():
    assert "lang" not in form("en").one("dialog").attributes
    assert "lang" not in message("en", SECTION).one("div", class_="blocks").attributes


@pytest.mark.parametrize(
    ("language", "optional", "cancel"),
    [
        ("en", "(optional)", "Cancel"),
        ("de", "(optional)", "Abbrechen"),
        ("es", "(opcional)", "Cancelar"),
    ],
)
def test_a_form_without_words_of_its_own_has_those_of_the_readers_slack(language, optional, cancel):
    text = form(language).text

    assert optional in text
    assert cancel in text


def test_a_chart_and_a_table_are_read_aloud_in_the_readers_language():
    shown = message("de", CHART, ROW)

    assert "Balkendiagramm, 2 Werte von a bis b. Niedrigster Wert 1, höchster 1." in shown.text
    assert "keine Daten" in shown.text
    assert {one.attributes["aria-label"] for one in shown.all("div", role="group")} == {
        "Zahlen: Ausgaben",
        "Tabelle: Woche",
    }


@in_every_language
def test_every_word_has_the_values_of_the_english_one(language):
    different = {
        text: told for text, told in SPOKEN[language].items() if values_in(text) != values_in(told)
    }

    assert different == {}


@in_every_language
def test_every_word_that_is_said_is_known_and_no_other(language):
    assert set(SPOKEN[language]) == said()


def values_in(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def said() -> set[str]:
    """What the code and the templates put through `words`, and what they name elsewhere."""
    folders = [Path(part.__file__ or "").parent for part in (page, rendering)]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in KINDS]
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    found = set(re.findall(r"""\bwords\(\s*["']([^"']+)["']""", sources))
    return found | {"Close", "Choose", "Day", "Time", acting.NOT_SENT} | CHARTS


KINDS = {".py", ".html"}
CHARTS = {f"{kind} chart" for kind in ("Bar", "Line", "Area", "Pie")}
