"""Tips as they are read: something to try, up to how much, and an honest word on the last one."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.blocks.kit import as_dicts, message
from bot.blocks.tips import TEXTS, tip_section
from bot.blocks.tips_told import TITLES, verdict_line
from bot.domain.coaching.tips import RULES
from bot.language import ENGLISH
from bot.playground.slack.block_kit import violations
from tests.blocks.tip_cases import MESSAGES, SHOWN, TIPS
from tests.blocks.words import NEVER_SAID

every_tip = pytest.mark.parametrize("tip", TIPS.values(), ids=TIPS)


def test_every_rule_has_a_text_a_title_and_a_case():
    assert set(TEXTS) == set(TITLES) == set(RULES) == set(TIPS)


@every_tip
def test_a_tip_looks_as_agreed(tip, snapshot_json):
    assert as_dicts(*tip_section(ENGLISH, tip)) == snapshot_json


@every_tip
def test_a_tip_can_be_turned_away_for_good(tip):
    [block] = as_dicts(*tip_section(ENGLISH, tip))

    assert block["accessory"]["action_id"] == "tip_not_useful"
    assert block["accessory"]["value"] == tip.rule


@every_tip
def test_a_tip_speaks_of_an_experiment_and_of_nobody_else(tip):
    said = message("A tip.", *tip_section(ENGLISH, tip)).text

    assert not NEVER_SAID.search(said)
    assert not re.search(r"\b(colleague|team|others|average|waste|too much|should|must)\b", said)
    assert tip.rule == "celebrate" or re.search(r"\b([Tt]ry|may)\b", said)


@pytest.mark.parametrize(
    ("saving", "told"),
    [
        ("43.71", "$44"),
        ("137.4", "$140"),
        ("1240.5", "$1,200"),
        ("7.26", "$7"),
        ("0.2", "$1"),
    ],
)
def test_a_saving_is_an_upper_bound_and_no_more_exact_than_it_can_be(saving: str, told: str):
    tip = replace(TIPS["right_size"], saving=Decimal(saving))

    text = message("A tip.", *tip_section(ENGLISH, tip)).text

    assert f"This may save up to about {told} in four weeks." in text


def test_use_within_a_plan_saves_nothing_on_a_bill():
    text = message("A tip.", *tip_section(ENGLISH, TIPS["stay_in_session"])).text

    assert "By the token, that would be up to about $61 in four weeks." in text
    assert "save" not in text


def test_a_tip_that_is_not_about_money_promises_none():
    assert "save up to" not in message("A.", *tip_section(ENGLISH, TIPS["smaller_tasks"])).text


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_how_a_tip_went_is_told_as_it_is(shown, snapshot_json):
    assert verdict_line(ENGLISH, shown) == snapshot_json


@pytest.mark.parametrize("case", ["tips-all-muted", "tips-many"])
def test_what_was_muted_can_be_had_again(case: str):
    buttons = [block["accessory"] for block in MESSAGES[case].blocks if "accessory" in block]
    again = [button["value"] for button in buttons if button["action_id"] == "tip_again"]

    expected = list(RULES) if case == "tips-all-muted" else ["effort", "batch"]
    assert again == expected


def test_the_list_names_each_tip_that_was_shown_with_its_day_the_latest_first():
    text = MESSAGES["tips-none-and-others-before"].text

    assert re.findall(r"\((.+? \d+)\)", text) == [
        "October 12",
        "October 5",
        "September 28",
        "September 21",
    ]


@pytest.mark.parametrize("told", MESSAGES.values(), ids=MESSAGES)
def test_slack_takes_it(told):
    payload = {"channel": "U01ADA", "text": told.text, "blocks": list(told.blocks)}

    assert violations(payload, "message") == []
