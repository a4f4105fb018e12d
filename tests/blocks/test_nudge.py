"""A nudge: kind, exact and private, whatever is in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.blocks.what_ran import render_what_ran
from bot.domain.coaching.nudges import Sign
from bot.domain.history import DayOfUse
from bot.domain.periods import IsoWeek
from bot.language import ENGLISH
from tests.blocks.nudge_cases import FIRST_DAY, MESSAGES, NUDGES, RAN

NUDGED = [name for name in MESSAGES if name.startswith("nudge-")]
TAME = [name for name in MESSAGES if not name.endswith(("hostile", "many"))]
FIGURE = re.compile(r"\d")
DAY = date(2026, 11, 12)
every_message = pytest.mark.parametrize("case", MESSAGES)
every_nudge = pytest.mark.parametrize("case", NUDGED)


@every_message
def test_says_no_figure_where_others_may_see_it_and_who_can_see_it_at_the_end(case):
    first, *_, last = MESSAGES[case].text.split("\n")

    assert not FIGURE.search(first)
    assert last == "Only you can see this message."


@every_message
def test_neither_judges_nor_compares(case):
    assert not re.search(
        r"\b(score|suspicious|abuse|waste\w*|colleague|team|others|warning)\b",
        MESSAGES[case].text.lower(),
    )


@pytest.mark.parametrize("case", TAME)
def test_does_not_shout(case):
    assert "!" not in MESSAGES[case].text


@every_nudge
def test_innocent_reasons_come_before_any_sign_or_loop(case):
    said = MESSAGES[case].text

    assert 0 < said.index("fine.") < said.index("looping")
    assert all(
        said.index("fine.") < said.index(sign) for sign in ("No finished work",) if sign in said
    )


@every_nudge
def test_has_four_answers_that_name_the_nudge_and_nothing_else(case):
    [answers] = [block for block in MESSAGES[case].blocks if block["type"] == "actions"]

    nudge = NUDGES[case.removeprefix("nudge-")]
    assert [
        (one["text"]["text"], one["action_id"], one["value"]) for one in answers["elements"]
    ] == [
        ("This was expected", "nudge_expected", f"{nudge.kind.value}:{nudge.first_day}"),
        ("Mark as exploration", "nudge_exploration", f"{nudge.kind.value}:{nudge.first_day}"),
        ("Check what ran", "nudge_check", f"{nudge.kind.value}:{nudge.first_day}"),
        ("Don't tell me this", "nudge_never", f"{nudge.kind.value}:{nudge.first_day}"),
    ]


def test_each_sign_has_words_of_its_own():
    alone, every = MESSAGES["nudge-two-weeks"].text, MESSAGES["nudge-two-weeks-every-sign"].text

    assert len(every.split("\n")) - len(alone.split("\n")) == len(Sign) - 1


def test_says_each_week_beside_the_usual_one():
    assert (
        "$118 and $131 in the weeks from November 2 and November 9; "
        "your usual week is $20 to $45.\nMost of it was Claude Code."
    ) in MESSAGES["nudge-two-weeks"].text


def test_a_guarded_day_speaks_of_a_session_that_may_be_looping():
    said = MESSAGES["nudge-cost-guard"].text

    assert "November 12: $212. Half of your active days cost less than $9.30." in said
    assert "a session may be looping" in said


def test_what_ran_adds_up_the_weeks_of_a_model_and_leaves_unknown_what_is():
    said = MESSAGES["what-ran-two-weeks"].text

    assert "Claude Code · claude-opus-5: Cost $160.60 · Requests 680 · Tokens 19,160,000" in said
    assert "Cursor: Cost no price in US dollars · Requests not told · Tokens not told" in said
    assert "November 4: $43.50" in said
    assert "November 13: no price known" in said


def test_what_ran_tells_each_currency_and_names_as_they_are():
    spent = {"cost": None, "bases": frozenset(), "foreign_cost": Decimal("2.5")}
    day = DayOfUse(day=DAY, provider="kiro", currency="EUR", **spent)
    more = replace(day, cost=Decimal("0.004"), currency="USD", foreign_cost=None)
    model = next(iter(RAN["two-weeks"][3]))
    models = [replace(model, week=IsoWeek.of(DAY), provider="ingest:r&d")]

    ran = render_what_ran(ENGLISH, DAY, DAY, use=(day, day, more), models=models)

    assert "November 12: under $0.01 and €5.00" in ran.text
    [table] = [block for block in ran.blocks if block["type"] == "table"]
    assert table["rows"][1][0]["text"].startswith("r&d · ")


def test_what_ran_on_one_day_tells_models_of_its_week():
    said = MESSAGES["what-ran-one-day"].text

    assert "November 12: $88.20" in said
    assert "November 4" not in said
    assert "By tool and model, Nov 9" in said
    assert "Claude Code · claude-opus-5: Cost $90.50" in said


def test_the_dearest_models_are_shown_and_the_rest_is_counted():
    [table] = [b for b in MESSAGES["what-ran-many"].blocks if b["type"] == "table"]

    assert "1,029" in json.dumps(table["rows"][1])
    assert "and 18 more, with less spend" in MESSAGES["what-ran-many"].text


def test_a_value_is_a_kind_and_a_day():
    assert f"two_weeks:{FIRST_DAY}" in json.dumps(MESSAGES["nudge-two-weeks"].blocks)
