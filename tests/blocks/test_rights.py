"""What is said of forgetting and of leaving, and how everything is told where no file can be."""

from __future__ import annotations

import re

import pytest

from bot.blocks.export import file_said, render_everything
from bot.blocks.rights import (
    FORGET_WORD,
    WORD_BLOCK,
    forget_errors,
    is_forget_word,
    render_forget_form,
)
from bot.domain.commands import CommandNames
from bot.domain.rights import Everything
from bot.language import ENGLISH
from bot.language.catalogues import TRANSLATED, language_of
from bot.playground.slack.block_kit import violations
from handlers.modals import view_of
from tests.blocks.rights_cases import USER, messages, modals
from tests.blocks.words import NEVER_SAID

NAMES = CommandNames()
MODALS_IN_EVERY_LANGUAGE = {
    f"{name}-{language}": modal
    for language in ("en", *TRANSLATED)
    for name, modal in modals(language_of(language)).items()
}
MESSAGES_IN_EVERY_LANGUAGE = {
    f"{name}-{language}": message
    for language in ("en", *TRANSLATED)
    for name, message in messages(language_of(language)).items()
}


@pytest.mark.parametrize("typed", ["FORGET", "forget", "  Forget ", '"FORGET"', "'forget'"])
def test_the_word_may_be_typed_as_hands_type_it(typed):
    assert is_forget_word(typed)


@pytest.mark.parametrize("typed", [None, "", "yes", "forget me", "forge"])
def test_no_other_word_is_enough(typed):
    assert not is_forget_word(typed)


def test_the_form_asks_for_the_word_that_it_wants():
    form = str(render_forget_form(ENGLISH, NAMES, by_settings=False).blocks)

    assert FORGET_WORD in form
    assert forget_errors(ENGLISH) == {WORD_BLOCK: "Type FORGET, or press Cancel."}


def test_the_form_says_what_goes_what_stays_and_that_nobody_is_told():
    form = str(render_forget_form(ENGLISH, NAMES, by_settings=False).blocks)

    for words in ("What goes", "What stays", "Nobody learns that it was you"):
        assert words in form


def test_an_admin_of_the_settings_hears_that_the_settings_stay():
    assert "Only the operator" in str(render_forget_form(ENGLISH, NAMES, by_settings=True).blocks)


def test_beside_the_file_stands_that_nobody_else_sees_it():
    assert "Nobody else can see this conversation." in file_said(ENGLISH)


def test_nothing_kept_makes_no_page():
    assert render_everything(ENGLISH, Everything(lines=(), left_out=0), USER) == ()


def test_pages_are_as_many_as_slack_takes_and_count_the_rest():
    row = '{"day": "2026-11-19", "cost": "1.25"}'
    lines = (("usage_records", row),) * 1_000
    pages = render_everything(ENGLISH, Everything(lines=lines, left_out=5), USER)

    shown = sum(page.text.count("2026-11-19") for page in pages)
    assert len(pages) == 4
    assert f"{1_005 - shown:,} rows more" in pages[-1].text
    assert "upshot export --slack-user U01ADA" in pages[-1].text
    assert not any("upshot export" in page.text for page in pages[:-1])


@pytest.mark.parametrize("case", MODALS_IN_EVERY_LANGUAGE)
def test_looks_as_agreed(case, snapshot_json):
    assert view_of(MODALS_IN_EVERY_LANGUAGE[case]) == snapshot_json


@pytest.mark.parametrize("case", MODALS_IN_EVERY_LANGUAGE)
def test_slack_takes_the_form(case):
    assert violations(view_of(MODALS_IN_EVERY_LANGUAGE[case]), "modal") == []


@pytest.mark.parametrize("case", MESSAGES_IN_EVERY_LANGUAGE)
def test_slack_takes_an_answer_that_has_no_figure_in_its_first_line(case):
    message = MESSAGES_IN_EVERY_LANGUAGE[case]
    payload = {"text": message.text, "blocks": list(message.blocks)}

    assert violations(payload, "message") == []
    assert not re.search(r"\d", message.text.split("\n")[0])
    assert not NEVER_SAID.search(message.text)
