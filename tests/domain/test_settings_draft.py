"""What the settings form may say, and what is asked for again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.preferences import Cadence, Preferences
from bot.domain.settings_draft import (
    HIGHEST_BUDGET,
    LOWEST_BUDGET,
    SettingsDraft,
    SettingsFault,
    SettingsFaults,
    read_settings,
    with_usual_anew,
)

WEDNESDAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 16)
BEFORE = Preferences(
    muted_until=date(2026, 12, 1), usual_since=date(2026, 9, 7), budget=300, digest_day=3
)


def read(**said) -> Preferences | SettingsFaults:
    return read_settings(SettingsDraft(**{"cadence": "weekly", **said}), BEFORE, today=WEDNESDAY)


@pytest.mark.parametrize("cadence", Cadence)
def test_keeps_how_often(cadence):
    assert read(cadence=cadence.value).cadence is cadence


@pytest.mark.parametrize(("said", "day"), [("shared", None), ("0", 0), ("6", 6)])
def test_keeps_a_day_of_ones_own_or_that_of_the_workspace(said, day):
    assert read(day=said).digest_day == day


def test_keeps_the_day_where_the_form_did_not_ask_for_it():
    assert read().digest_day == BEFORE.digest_day == 3


def test_keeps_what_is_ticked_and_turns_the_rest_off():
    kept = read(topics=("tips", "budget_notes"))

    assert (kept.tips, kept.nudges, kept.budget_notes) == (True, False, True)


def test_leaves_alone_what_the_form_does_not_ask():
    kept = read()

    assert (kept.muted_until, kept.usual_since) == (BEFORE.muted_until, BEFORE.usual_since)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1", 1),
        ("200", 200),
        (" 0200 ", 200),
        ("$200", 200),
        ("$ 200", 200),
        ("200 usd", 200),
        ("1,500", 1500),
        ("1.500", 1500),
        ("1'500", 1500),
        ("1\u00a0500", 1500),
        ("100,000", 100_000),
        ("100000", 100_000),
    ],
)
def test_takes_whole_dollars_as_people_type_them(typed, amount):
    assert read(budget=typed).budget == amount


@pytest.mark.parametrize("typed", [None, "", "  ", "\u00a0"])
def test_takes_nothing_for_the_amount_of_the_workspace(typed):
    assert read(budget=typed).budget is None


@pytest.mark.parametrize(
    "typed",
    ["0", "-5", "100001", "12.50", "1,50", "2e3", "two", "200 EUR", "1,2345", "9" * 5_000, "٢٠٠"],
)
def test_asks_again_for_what_is_no_such_amount(typed):
    assert read(budget=typed) == SettingsFaults({"budget": SettingsFault.NO_AMOUNT})


def test_takes_nothing_that_it_did_not_offer():
    refused = read(cadence="hourly", day="7", topics=("tips", "colleagues"), budget="x")

    assert refused == SettingsFaults(
        {
            "cadence": SettingsFault.UNKNOWN,
            "day": SettingsFault.UNKNOWN,
            "topics": SettingsFault.UNKNOWN,
            "budget": SettingsFault.NO_AMOUNT,
        }
    )
    assert read(cadence=None) == SettingsFaults({"cadence": SettingsFault.UNKNOWN})


def test_a_usual_week_that_starts_anew_has_the_running_week_in_it():
    assert read(usual_anew=True).usual_since == MONDAY


def test_a_usual_week_never_gets_back_what_was_left_out():
    later = Preferences(usual_since=date(2026, 11, 23))

    assert with_usual_anew(later, WEDNESDAY) == later
    assert with_usual_anew(Preferences(), WEDNESDAY).usual_since == MONDAY


@given(typed=st.text() | st.from_regex(r"[$0-9 .,'-]{0,30}", fullmatch=True))
def test_whatever_is_typed_is_an_amount_within_bounds_or_asked_again(typed):
    kept = read(budget=typed)

    if isinstance(kept, Preferences):
        assert kept.budget is None or LOWEST_BUDGET <= kept.budget <= HIGHEST_BUDGET
    else:
        assert kept == SettingsFaults({"budget": SettingsFault.NO_AMOUNT})
