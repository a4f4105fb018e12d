"""What admins are told: settings and health, and what to do about them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.blocks.admin import (
    render_not_allowed,
    render_threshold_fixed,
    render_threshold_refused,
    render_threshold_set,
)
from bot.blocks.agreement import render_agreement_announced
from bot.blocks.announcement import render_threshold_announced
from bot.blocks.audit import render_audit
from bot.blocks.health import render_sources, render_status
from bot.blocks.threshold_list import GROUPS, render_thresholds
from bot.blocks.threshold_wording import ABOUT, accepted, shown
from bot.domain.audit import OF_ONESELF, Action
from bot.domain.commands import CommandNames
from bot.domain.health import DeliveryCounts, ThresholdValue
from bot.domain.teams import ChannelProblem
from bot.domain.thresholds import THRESHOLDS, Threshold
from bot.errors import FixedByAgreementError
from bot.language import ENGLISH
from bot.language.catalogues import TRANSLATED, language_of
from tests.blocks.admin_cases import AGREEMENT, WAITING, entry
from tests.blocks.making import NOW, source, status, troubled_source

NAMES = CommandNames()


def some_values(threshold: Threshold) -> set[int]:
    near = range(threshold.floor, threshold.floor + 7)
    known = {*near, threshold.default, threshold.ceiling}
    return {value for value in known if value <= threshold.ceiling}


def test_a_threshold_is_shown_with_its_bounds():
    text = render_thresholds(ENGLISH, [ThresholdValue(name="settle_days", value=9)], NAMES).text

    assert "Days until finished work counts as settled: 9 · settle_days (1 to 30)" in text


def test_every_threshold_stands_in_one_group_of_the_list():
    listed = [name for group in GROUPS for name in group.labels]

    assert sorted(listed) == sorted(THRESHOLDS)


def test_a_group_of_which_nothing_is_known_is_not_named():
    text = render_thresholds(ENGLISH, [ThresholdValue(name="settle_days", value=9)], NAMES).text

    assert "Finished work and keeping" in text
    assert "Personal digests" not in text


def test_a_change_that_waits_is_told_with_its_day():
    assert (
        "at least: 5; 8 from November 23 · minimum_group_size (5 to 50)"
        in render_thresholds(ENGLISH, [WAITING], NAMES).text
    )
    assert (
        "will be 8 from November 23; until then it is 5."
        in render_threshold_set(ENGLISH, WAITING).text
    )


def test_the_teams_hear_what_changes_and_who_set_it():
    text = render_threshold_announced(ENGLISH, WAITING, "U01ADA").text

    assert "It is 5 until then, and 8 from November 23." in text
    assert "Changed by <@U01ADA>." in text


def test_every_threshold_can_be_shown():
    values = [ThresholdValue(name=name, value=t.floor) for name, t in THRESHOLDS.items()]

    text = render_thresholds(ENGLISH, values, NAMES).text

    assert all(name in text for name in THRESHOLDS)


@pytest.mark.parametrize("threshold", THRESHOLDS.values(), ids=THRESHOLDS)
def test_a_value_can_be_typed_as_it_is_shown(threshold):
    for value in some_values(threshold):
        assert threshold.parse(shown(ENGLISH, threshold, value)) == value


@pytest.mark.parametrize("locale", [*TRANSLATED, "es-MX", "de-CH"])
def test_a_number_can_be_typed_as_it_is_shown_in_every_language(locale):
    say = language_of(locale)

    for threshold in THRESHOLDS.values():
        in_words = threshold.is_weekday or threshold.is_switch
        for value in () if in_words else some_values(threshold):
            assert threshold.parse(shown(say, threshold, value)) == value


@pytest.mark.parametrize("locale", ["en", *TRANSLATED])
def test_the_days_that_can_be_typed_are_told_as_they_are_typed(locale):
    say, digest_day = language_of(locale), THRESHOLDS["digest_day"]

    assert shown(language_of("de-DE"), digest_day, 0) == "Montag"
    typed = re.findall(r"`(\w+)`", accepted(say, digest_day))
    assert [digest_day.parse(word) for word in typed] == list(range(7))


def test_a_refused_value_is_answered_with_what_would_be_accepted():
    text = render_threshold_refused(ENGLISH, "minimum_group_size", NAMES).text

    assert "Nothing was changed. minimum_group_size is a whole number from 5 to 50." in text


def test_an_unknown_threshold_is_answered_with_the_known_ones():
    text = render_threshold_refused(ENGLISH, None, NAMES).text

    assert "There is no such threshold." in text
    assert all(name in text for name in THRESHOLDS)


def test_every_threshold_has_its_words():
    assert list(ABOUT) == list(THRESHOLDS)


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
    assert "Data through no data yet" in render_sources(ENGLISH, [source(data_through=None)]).text


def test_accounts_that_match_nobody_can_be_seen():
    assert "Accounts matched 57 of 60" in render_sources(ENGLISH, [source()]).text


def test_many_sources_are_shortened_aloud():
    text = render_sources(ENGLISH, [source(title=f"Source {n}") for n in range(1, 16)]).text

    assert "Source 12" in text
    assert "Source 13" not in text
    assert "and 3 more sources" in text


def test_a_switch_is_typed_and_shown_as_on_or_off():
    strict_mode = THRESHOLDS["strict_mode"]

    assert [shown(ENGLISH, strict_mode, value) for value in (0, 1)] == ["off", "on"]
    assert accepted(language_of("de-DE"), strict_mode).count("`o") == 2


def test_what_an_agreement_fixes_is_told_beside_the_setting():
    values = [ThresholdValue(name=name, value=8, fixed=b) for name, b in AGREEMENT.bounds.items()]

    text = render_thresholds(ENGLISH, values, NAMES).text

    assert "(5 to 50; fixed by agreement: at least 8)" in text
    assert "(20% to 50%; fixed by agreement: at most 40%)" in text
    assert "(off or on; fixed by agreement: on)" in text


def test_who_wants_less_than_is_agreed_is_told_by_which_agreement():
    refusal = FixedByAgreementError(
        "retention_days", title="Works agreement", signed_on=date(2026, 11, 2), bound=150
    )

    text = render_threshold_fixed(ENGLISH, refusal).text

    assert "Nothing was changed." in text
    assert "fixed by agreement (Works agreement, November 2, 2026): at most 150" in text


def test_the_teams_can_compare_the_file_with_what_was_read():
    assert "0123456789ab" in render_agreement_announced(ENGLISH, AGREEMENT).text
    assert "No setting is fixed" in render_agreement_announced(ENGLISH, None).text


@pytest.mark.parametrize("action", sorted(OF_ONESELF))
def test_who_used_a_right_is_nowhere_in_the_audit_log(action):
    told = render_audit(ENGLISH, [entry(action, "U01ADA")], NAMES)

    assert "U01ADA" not in f"{told.text} {told.blocks}"


def test_every_kind_of_entry_has_its_words():
    for action in Action:
        assert "November 19, 2026" in render_audit(ENGLISH, [entry(action)], NAMES).text


def test_an_audit_log_that_is_too_long_ends_with_the_oldest_that_fits():
    entries = [entry(Action.TEAM_ADDED, team=f"Team {n}") for n in range(200)]

    text = render_audit(ENGLISH, entries, NAMES).text

    assert "Team 0." in text
    assert "Team 199." not in text
    assert text.endswith("nobody's figures are shown here.")


def test_teams_whose_channel_is_closed_to_us_are_named():
    silent = (("Data Platform", ChannelProblem.NOT_IN), ("Payments", ChannelProblem.GONE))

    text = render_status(ENGLISH, status(silent=silent)).text

    assert "2 teams' channels cannot be told anything:" in text
    assert "Data Platform: Upshot is not in its channel. Invite it." in text
