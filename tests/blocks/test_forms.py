"""Facts about every form: Slack takes it, each input has its label, and nothing in it is alive."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from slackblocks import SectionBlock

from bot.blocks import forms
from bot.blocks.controls import (
    TierChoice,
    delete_button,
    edit_button,
    log_button,
    tag_button,
    tier_choice,
    tier_menu,
)
from bot.blocks.kit import actions, as_dicts
from bot.blocks.log_form import log_errors
from bot.blocks.logged_wording import BENEFITS, FAULTS, KINDS, TIERS, VISIBILITIES
from bot.blocks.tag_form import tag_errors
from bot.domain.drafts import Fault, Faults, LogDraft, TagDraft
from bot.domain.logged import Benefit, LoggedKind, Visibility
from bot.domain.messages import Message
from bot.domain.tiers import Tier
from bot.language import ENGLISH
from bot.playground.slack.block_kit import violations
from handlers.modals import view_of
from tests.blocks.form_cases import LOGGED, MODALS, MODALS_IN_EVERY_LANGUAGE, TAG, WORST
from tests.blocks.making import HOSTILE
from tests.blocks.test_every_message import texts_of
from tests.blocks.words import NEVER_SAID

every_modal = pytest.mark.parametrize(
    "modal", MODALS_IN_EVERY_LANGUAGE.values(), ids=MODALS_IN_EVERY_LANGUAGE
)


@pytest.mark.parametrize("case", MODALS_IN_EVERY_LANGUAGE)
def test_looks_as_agreed(case, snapshot_json):
    assert view_of(MODALS_IN_EVERY_LANGUAGE[case]) == snapshot_json


@every_modal
def test_slack_takes_it(modal):
    assert violations(view_of(modal), "modal") == []


@every_modal
def test_names_each_block_once_and_the_same_every_time(modal):
    ids = [block["block_id"] for block in modal.blocks]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", block_id) for block_id in ids)


@every_modal
def test_never_judges_praises_or_compares(modal):
    assert not NEVER_SAID.search(json.dumps(modal.blocks))


@every_modal
def test_lets_nothing_come_alive_that_somebody_typed(modal):
    mrkdwn = [text for text in texts_of(modal.blocks) if text["type"] == "mrkdwn"]

    assert all(text["verbatim"] for text in mrkdwn)
    assert not any("<" in text["text"] for text in mrkdwn)
    shown = [text["text"] for text in texts_of(modal.blocks)]
    filled = [block.get("element", {}).get("initial_value", "") for block in modal.blocks]
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", "".join((*shown, *filled)))


@every_modal
def test_has_room_for_no_more_about_a_row_than_its_id(modal):
    assert re.fullmatch(r"[0-9a-f-]{36}|", modal.private_metadata)


def test_a_form_can_be_left_by_the_word_that_its_own_complaints_name():
    left_by = {name: modal.close for name, modal in MODALS_IN_EVERY_LANGUAGE.items()}

    assert [left_by[name] for name in ("log", "log-de", "log-es")] == [
        "Cancel",
        "Abbrechen",
        "Cancelar",
    ]


def test_what_stands_in_place_of_a_form_sends_nothing():
    shown = forms.note(Message("Hello.", as_dicts(actions("a", log_button(ENGLISH)))))

    assert "submit" not in view_of(shown)
    assert "close" not in view_of(shown)


def test_a_form_is_empty_but_for_the_day_and_who_sees_it():
    filled = {
        block["block_id"]: key
        for block in MODALS["log"].blocks
        for key in block["element"]
        if key.startswith("initial_")
    }

    assert filled == {"log-done-on": "initial_date", "log-visibility": "initial_option"}


def test_only_ones_own_tools_are_asked_for():
    def ids(case: str) -> set[str]:
        return {block["block_id"] for block in MODALS[case].blocks}

    assert ids("log") - ids("log-without-tools") == {"log-helped-by"}


def test_what_did_not_work_is_a_kind_like_the_others():
    assert list(KINDS) == list(LoggedKind)
    assert "fail" not in KINDS[LoggedKind.DID_NOT_WORK].lower()


@pytest.mark.parametrize(
    ("titles", "known"),
    [
        (KINDS, LoggedKind),
        (BENEFITS, Benefit),
        (TIERS, Tier),
        (VISIBILITIES, Visibility),
        (FAULTS, Fault),
    ],
)
def test_everything_that_can_be_chosen_has_its_words(titles, known):
    assert list(titles) == list(known)
    assert all(titles.values())


@pytest.mark.parametrize(
    ("errors", "draft", "cases"),
    [
        (log_errors, LogDraft, ("log", "log-without-tools")),
        (tag_errors, TagDraft, ("tag",)),
    ],
)
def test_every_fault_stands_under_an_input_of_the_form(errors, draft, cases):
    told = errors(ENGLISH, Faults(dict.fromkeys(draft.__dataclass_fields__, Fault.UNKNOWN)))

    named = {block["block_id"] for case in cases for block in MODALS[case].blocks}
    assert set(told) == named


class TestControls:
    @pytest.mark.parametrize("logged", [LOGGED, WORST])
    def test_are_taken_by_slack(self, logged):
        row = actions(
            "row",
            edit_button(ENGLISH, logged),
            delete_button(ENGLISH, logged),
            tag_button(ENGLISH, TAG),
        )
        [block] = as_dicts(row)

        assert violations({"text": "x", "blocks": [block]}, "message") == []
        assert [element["value"] for element in block["elements"]] == [str(logged.id)] * 2 + ["7"]

    def test_ask_again_before_anything_is_deleted(self):
        [block] = as_dicts(actions("row", delete_button(ENGLISH, LOGGED)))

        assert block["elements"][0]["confirm"]["title"]["text"] == "Delete this entry?"

    def test_take_back_only_what_has_a_number(self):
        assert tag_button(ENGLISH, replace(TAG, id=None)) is None

    @pytest.mark.parametrize("tier", Tier)
    @pytest.mark.parametrize("source_id", ["app#1", "group/app!1:2", "", HOSTILE])
    def test_name_the_outcome_and_the_tier(self, tier, source_id):
        menu = tier_menu(ENGLISH, "git", source_id, tier)

        [block] = as_dicts(SectionBlock("A change", accessory=menu, block_id="work"))
        chosen = tier_choice(block["accessory"]["initial_option"]["value"])
        assert chosen == TierChoice(source="git", source_id=source_id, tier=tier)

    def test_leave_out_an_outcome_whose_name_is_too_long(self):
        assert tier_menu(ENGLISH, "git", "x" * 200, Tier.ROUTINE) is None

    @pytest.mark.parametrize("value", ["", "routine", "platinum:git:1", "routine:git", "::"])
    def test_believe_nothing_else(self, value):
        assert tier_choice(value) is None
