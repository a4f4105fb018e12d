"""What admins and channels are told of teams, and what is never told of them."""

from __future__ import annotations

import re

import pytest

from bot.blocks.team_import import CONFIRMED, LINES, MOST_PASTED, import_errors, render_import_form
from bot.blocks.teams_admin import MOST_LISTED, render_teams
from bot.domain.commands import CommandNames
from bot.domain.team_lists import TeamRefusal, TeamRefused
from bot.domain.team_table import Fault, WrongLine
from bot.language import ENGLISH
from bot.language.catalogues import TRANSLATED, language_of
from bot.playground.slack.block_kit import violations
from handlers.modals import view_of
from tests.blocks.making import HOSTILE
from tests.blocks.teams_admin_cases import LISTED, MANY, messages, modals
from tests.blocks.words import NEVER_SAID

NAMES = CommandNames()
LANGUAGES = ("en", *TRANSLATED)
MODALS = {
    f"{name}-{language}": modal
    for language in LANGUAGES
    for name, modal in modals(language_of(language)).items()
}
MESSAGES = {
    f"{name}-{language}": message
    for language in LANGUAGES
    for name, message in messages(language_of(language)).items()
}


@pytest.mark.parametrize("case", MODALS)
def test_slack_takes_the_form(case, snapshot_json):
    view = view_of(MODALS[case])

    assert violations(view, "modal") == []
    assert view == snapshot_json


@pytest.mark.parametrize("case", MESSAGES)
def test_slack_takes_an_answer_that_has_no_figure_in_its_first_line(case):
    message = MESSAGES[case]
    payload = {"text": message.text, "blocks": list(message.blocks)}

    assert violations(payload, "message") == []
    assert not re.search(r"\d", message.text.split("\n")[0])
    assert not NEVER_SAID.search(message.text)


@pytest.mark.parametrize("case", MESSAGES)
def test_nothing_comes_alive_but_people_and_channels(case):
    shown = str(MESSAGES[case].blocks)

    assert not re.search(r"<(?!@[UW][A-Z0-9]+>|#[CG][A-Z0-9]+>)", shown)


class TestTheList:
    def test_says_where_each_comes_from_and_who_leads_it(self):
        text = render_teams(ENGLISH, LISTED, NAMES).text

        for words in (
            "1. Data Platform",
            "From the operator's file. Told in <#C01DATA>, on Europe/Berlin time.",
            "Imported by an admin. It has no channel.",
            "Managers: <@U01ADA> and <@U02BOB>.",
        ):
            assert words in text

    def test_says_what_is_wrong_and_what_waits(self):
        text = render_teams(ENGLISH, LISTED, NAMES).text

        for words in (
            "it is shared with another organization",
            "Upshot is not in <#C01DATA>.",
            "From next Monday on it has 3 people more.",
            "From next Monday on 1 person counts here no longer.",
            "It ends on November 23.",
        ):
            assert words in text

    def test_counts_no_place_for_what_ends(self):
        text = render_teams(ENGLISH, LISTED, NAMES).text

        assert [int(place) for place in re.findall(r"^(\d+)\. ", text, re.MULTILINE)] == [
            1, 2, 3, 4, 5, 6, 7,
        ]  # fmt: skip

    def test_of_two_thousand_says_how_many_more_there_are(self):
        shown = render_teams(ENGLISH, MANY, NAMES)

        assert len(shown.blocks) <= 50
        listed = sum("Everybody" in str(block) for block in shown.blocks)
        assert 0 < listed <= MOST_LISTED
        assert f"and {2_000 - listed:,} more teams" in shown.text

    def test_keeps_the_place_in_the_whole_order_where_a_word_is_asked_for(self):
        found = render_teams(ENGLISH, LISTED, NAMES, named="evil")

        assert "5. <!" not in found.text
        assert re.search(r"^5\. ", found.text, re.MULTILINE)

    @pytest.mark.parametrize("case", [name for name in MESSAGES if name.startswith("teams-")])
    def test_has_no_word_of_spend_and_of_what_is_withheld(self, case):
        assert not re.search(r"\$|€|\bwithheld this week\b", MESSAGES[case].text)


class TestTheImport:
    def test_names_the_limit_and_what_there_is_for_more(self):
        form = str(render_import_form(ENGLISH).blocks)

        assert f"{MOST_PASTED:,} characters" in form
        assert "UPSHOT_TEAMS_FILE" in form
        assert f"'max_length': {MOST_PASTED}" in form

    @pytest.mark.parametrize("fault", Fault)
    def test_names_the_line_that_is_wrong(self, fault):
        missing = ("role",) if fault is Fault.COLUMNS_MISSING else ()

        [(block, told)] = import_errors(ENGLISH, WrongLine(7, fault, missing)).items()

        assert block == LINES
        assert "7" in told or "role" in told

    @pytest.mark.parametrize("reason", sorted(set(TeamRefusal) - {TeamRefusal.CHANNEL_UNSEEN}))
    def test_says_why_nothing_was_imported(self, reason):
        [(block, told)] = import_errors(ENGLISH, TeamRefused(reason, HOSTILE)).items()

        assert block == LINES
        assert "{" not in told

    def test_asks_for_the_admins_word_where_it_can_be_given(self):
        errors = import_errors(ENGLISH, TeamRefused(TeamRefusal.CHANNEL_UNSEEN, "C1"))

        assert list(errors) == [CONFIRMED]
