"""What admins are told: settings and health, and what to do about them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.blocks.admin import (
    render_not_allowed,
    render_threshold_set,
    render_thresholds,
)
from bot.blocks.announcement import render_threshold_announced
from bot.blocks.health import render_sources, render_status
from bot.domain.commands import CommandNames
from bot.domain.health import DeliveryCounts, ThresholdValue
from bot.domain.thresholds import THRESHOLDS
from bot.language import ENGLISH
from tests.blocks.making import NOW, source, status, troubled_source

NAMES = CommandNames()
WAITING = ThresholdValue(
    name="minimum_group_size", value=5, next_value=8, effective_on=date(2026, 11, 23)
)


def test_a_threshold_is_shown_with_its_bounds():
    text = render_thresholds(ENGLISH, [ThresholdValue(name="settle_days", value=9)], NAMES).text

    assert "settle_days is 9: days that finished work must stand" in text
    assert "(a whole number from 1 to 30)" in text


def test_a_change_that_waits_is_told_with_its_day():
    assert "8 from 23 November" in render_thresholds(ENGLISH, [WAITING], NAMES).text
    assert (
        "will be 8 from 23 November on; until then it is 5."
        in render_threshold_set(ENGLISH, WAITING).text
    )


def test_the_teams_hear_what_changes_and_who_set_it():
    text = render_threshold_announced(ENGLISH, WAITING, "U01ADA").text

    assert "It is 5 until then, and 8 from 23 November." in text
    assert "Changed by <@U01ADA>." in text


def test_every_threshold_can_be_shown():
    values = [ThresholdValue(name=name, value=t.floor) for name, t in THRESHOLDS.items()]

    text = render_thresholds(ENGLISH, values, NAMES).text

    assert all(name in text for name in THRESHOLDS)


def test_a_refused_stranger_learns_where_the_admins_are_named():
    assert "/myusage privacy" in render_not_allowed(ENGLISH, NAMES).text


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(minutes=15), "The clock ticked 15 minutes ago"),
        (timedelta(minutes=16), "The clock last ticked 16 minutes ago: see that it runs"),
    ],
)
def test_a_clock_that_stands_still_is_told(ago, told):
    assert told in render_status(ENGLISH, status(last_tick=NOW - ago)).text


def test_a_clock_that_never_ticked_is_told():
    assert "has never ticked" in render_status(ENGLISH, status(last_tick=None)).text


def test_parked_messages_come_with_what_to_do():
    parked = DeliveryCounts(planned=0, sent=59, rejected=0, parked=1, unknown=0)

    assert "im:history" in render_status(ENGLISH, status(deliveries=parked)).text
    assert "im:history" not in render_status(ENGLISH, status()).text


def test_a_source_in_trouble_says_what_and_what_to_do():
    text = render_sources(ENGLISH, [source(), troubled_source()]).text

    assert "OpenAI: It refused our credentials.\nWhat to do: Check that the key" in text


def test_a_source_that_never_answered_has_no_data_yet():
    assert "data through no data yet" in render_sources(ENGLISH, [source(data_through=None)]).text


def test_accounts_that_match_nobody_can_be_seen():
    assert "accounts matched 57 of 60" in render_sources(ENGLISH, [source()]).text


def test_many_sources_are_shortened_aloud():
    text = render_sources(ENGLISH, [source(title=f"Source {n}") for n in range(1, 16)]).text

    assert "Source 12" in text
    assert "Source 13" not in text
    assert "and 3 more sources" in text
