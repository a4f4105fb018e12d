"""What is said of whose accounts are: to the one it is about, and to admins without names."""

from __future__ import annotations

import json

import pytest

from bot.blocks import accounts
from bot.domain.account_lines import LineFault
from bot.language import ENGLISH
from bot.language.catalogues import TRANSLATED, language_of
from bot.playground.slack.block_kit import violations
from handlers.modals import view_of
from tests.blocks.account_cases import ASSERTION, COUNTS, NAMES, errors, messages, modals

IN_EVERY_LANGUAGE = {
    f"{name}-{language}": modal
    for language in ("en", *TRANSLATED)
    for name, modal in modals(language_of(language)).items()
}


@pytest.mark.parametrize("case", IN_EVERY_LANGUAGE)
def test_looks_as_agreed(case, snapshot_json):
    assert view_of(IN_EVERY_LANGUAGE[case]) == snapshot_json


@pytest.mark.parametrize("modal", IN_EVERY_LANGUAGE.values(), ids=IN_EVERY_LANGUAGE)
def test_slack_takes_the_form_and_its_answers(modal):
    assert violations(view_of(modal), "modal") == []


@pytest.mark.parametrize("case", errors(ENGLISH))
def test_errors_stand_under_the_lines(case, snapshot_json):
    told = errors(ENGLISH)[case]

    assert list(told) == [accounts.LINES]
    assert told == snapshot_json


def test_an_error_names_its_line_and_repeats_nothing_of_it():
    [told] = accounts.line_errors(ENGLISH, {7: LineFault.PROVEN}).values()

    assert told == "Line 7: whose this account is was proven otherwise."


def test_the_button_of_a_question_holds_nothing_but_its_number():
    asked = accounts.render_asserted(ENGLISH, ASSERTION, NAMES)

    [buttons] = [block for block in asked.blocks if block["type"] == "actions"]
    assert [button["value"] for button in buttons["elements"]] == [str(ASSERTION.id)]


def test_the_owner_is_not_told_whose_it_would_be_nor_who_said_so():
    told = json.dumps(accounts.render_disputed(ENGLISH, ASSERTION, NAMES).blocks)

    assert ASSERTION.asserted_by not in told


def test_admins_see_counts_and_no_account():
    counted = accounts.render_account_counts(ENGLISH, [COUNTS], NAMES)

    assert "12 by their addresses" in counted.text
    assert ASSERTION.account not in counted.text


def test_every_message_about_accounts_is_checked_with_all_others():
    assert len(messages(ENGLISH)) > 10
