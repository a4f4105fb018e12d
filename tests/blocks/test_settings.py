"""Facts about the settings form and about the answers to what was chosen."""

from __future__ import annotations

import re

import pytest

from bot.blocks.settings_form import settings_errors
from bot.blocks.settings_wording import FAULTS
from bot.domain.settings_draft import SettingsDraft, SettingsFault, SettingsFaults
from bot.language import ENGLISH
from bot.language.catalogues import TRANSLATED, language_of
from bot.playground.slack.block_kit import violations
from handlers.modals import view_of
from tests.blocks.settings_cases import MODALS, messages, modals
from tests.blocks.words import NEVER_SAID

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
FORM = MODALS["settings-daily"]


@pytest.mark.parametrize("case", MODALS_IN_EVERY_LANGUAGE)
def test_looks_as_agreed(case, snapshot_json):
    assert view_of(MODALS_IN_EVERY_LANGUAGE[case]) == snapshot_json


@pytest.mark.parametrize("case", MODALS_IN_EVERY_LANGUAGE)
def test_slack_takes_it(case):
    assert violations(view_of(MODALS_IN_EVERY_LANGUAGE[case]), "modal") == []


@pytest.mark.parametrize("case", MESSAGES_IN_EVERY_LANGUAGE)
def test_slack_takes_an_answer_that_has_no_figure_in_its_first_line(case):
    message = MESSAGES_IN_EVERY_LANGUAGE[case]
    payload = {"text": message.text, "blocks": list(message.blocks)}

    assert violations(payload, "message") == []
    assert not re.search(r"\d", message.text.split("\n")[0])
    assert not NEVER_SAID.search(message.text)


def element(block_id: str):
    [block] = [block for block in FORM.blocks if block["block_id"] == block_id]
    return block["element"]


def test_the_form_comes_with_what_was_chosen():
    ticked = [option["value"] for option in element("settings-topics")["initial_options"]]

    assert element("settings-cadence")["initial_option"]["value"] == "daily"
    assert element("settings-day")["initial_option"]["value"] == "3"
    assert ticked == ["tips", "nudges", "budget_notes"]
    assert element("settings-budget")["initial_value"] == "100000"
    assert "initial_options" not in element("settings-usual")


def test_a_day_of_the_workspace_is_not_named_as_ones_own():
    [_, day, *_] = MODALS["settings-as-it-comes"].blocks

    assert day["element"]["initial_option"]["value"] == "shared"


def test_nothing_that_is_off_is_ticked():
    blocks = {block["block_id"]: block for block in MODALS["settings-all-off"].blocks}

    assert "initial_options" not in blocks["settings-topics"]["element"]
    assert "initial_value" not in blocks["settings-budget"]["element"]


def test_each_field_has_a_label_and_a_place_for_what_is_wrong_with_it():
    labels = [block["label"]["text"] for block in FORM.blocks]
    faults = dict.fromkeys(("cadence", "day", "topics", "budget"), SettingsFault.UNKNOWN)

    assert len({*labels}) == len(labels) == 5
    assert all(hasattr(SettingsDraft(), name) for name in faults)
    assert settings_errors(ENGLISH, SettingsFaults(faults)).keys() <= {
        block["block_id"] for block in FORM.blocks
    }


@pytest.mark.parametrize("fault", SettingsFault)
def test_every_fault_has_a_sentence(fault):
    [sentence] = settings_errors(ENGLISH, SettingsFaults({"budget": fault})).values()

    assert sentence.endswith(".")
    assert "{" not in sentence
    assert set(FAULTS) == set(SettingsFault)


def test_the_sentence_about_an_amount_names_its_bounds():
    faults = SettingsFaults({"budget": SettingsFault.NO_AMOUNT})

    assert settings_errors(ENGLISH, faults) == {
        "settings-budget": "Please give whole US dollars from 1 to 100,000, such as 200, "
        "or leave this empty."
    }
