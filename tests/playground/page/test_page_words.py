"""Words on the page: times, what is typed as Slack sends it, hints, and addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page.hints import hints
from bot.playground.page.moments import clock_words, day_words, hour_words, place_words
from bot.playground.page.people import initials
from bot.playground.page.spots import Spot, order_of, since_in
from bot.playground.page.stage import SlashCommand
from bot.playground.page.typed import as_sent
from bot.playground.rendering import SlackWords
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser

NOW = datetime(2025, 11, 17, 14, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
USERS = [
    SlackUser(id="U1", name="ada.obi"),
    SlackUser(id="U2", name="ada"),
    SlackUser(id="U3", name="left", deleted=True),
]
CHANNELS = [SlackChannel(id="C1", name="team-atlas")]


def test_times_are_the_readers_own():
    assert clock_words(NOW) == "Mon 17 Nov 2025, 14:00"
    assert hour_words(NOW, TOKYO) == "Mon 23:00"


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/New_York", "New York"),
        ("America/Sao_Paulo", "São Paulo"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("Europe/Zurich", "Zürich"),
        ("Asia/Tokyo", "Tokyo"),
        ("UTC", "UTC"),
    ],
)
def test_a_place_is_called_as_in_english_with_the_accents_that_it_has_there(zone, told):
    assert place_words(ZoneInfo(zone)) == told


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(), "Today"),
        (timedelta(hours=22), "Today"),
        (timedelta(hours=24), "Yesterday"),
        (timedelta(days=3), "Friday, 14 November 2025"),
    ],
)
def test_days_begin_at_the_readers_midnight(ago, said):
    assert day_words(NOW - ago, NOW, TOKYO) == said


@pytest.mark.parametrize(
    ("language", "today", "friday"),
    [
        ("de", "Heute", "Freitag, 14. November 2025"),
        ("es", "Hoy", "viernes, 14 de noviembre de 2025"),
    ],
)
def test_days_are_told_in_the_readers_language(language, today, friday):
    words = SlackWords(language)

    assert day_words(NOW, NOW, TOKYO, words) == today
    assert day_words(NOW - timedelta(days=3), NOW, TOKYO, words) == friday


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("thresholds set x 5", "thresholds set x 5"),
        ("add @ada", "add <@U2|ada>"),
        ("add @ada.obi, @ada.", "add <@U1|ada.obi>, <@U2|ada>."),
        ("@nobody @left #nowhere", "@nobody @left #nowhere"),
        ("#team-atlas", "<#C1|team-atlas>"),
        ("mail@ada a#team-atlas", "mail@ada a#team-atlas"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("see https://example.com/@ada?a=1&b ok", "see <https://example.com/@ada?a=1&amp;b> ok"),
        ("<@U1> <!channel>", "&lt;@U1&gt; &lt;!channel&gt;"),
    ],
)
def test_what_is_typed_is_sent_as_slack_does(typed, sent):
    assert as_sent(typed, USERS, CHANNELS) == sent


@given(st.text(alphabet=st.characters(exclude_characters="@#:")))
def test_what_names_nobody_comes_through_unchanged(typed):
    assert unescape(as_sent(typed.replace("&", ""), USERS, CHANNELS)) == typed.replace("&", "")


def test_hints_are_the_commands_and_the_words_they_understand():
    command = SlashCommand(
        name="/teamusage", description="Of your team", hint="[TEAM|opt-out|help]"
    )

    assert [(one.fills, one.told) for one in hints([command])] == [
        ("/teamusage ", "Of your team"),
        ("/teamusage opt-out", ""),
        ("/teamusage help", ""),
    ]


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Obi", "AO"), ("Ada", "A"), ("Ana María Ruiz", "AR"), ("", "?")]
)
def test_initials(name, letters):
    assert initials(name) == letters


def test_forms_carry_where_they_lead_back_to():
    spot = Spot(user="U1", place="C1", since="12.000001")
    beside = replace(spot, has_requests=True)

    assert spot.to("press") == "/as/U1/press?at=C1&since=12.000001"
    assert beside.to("say") == "/as/U1/C1/say?at=C1&since=12.000001&requests=1"
    assert spot.url("gone") == "/as/U1/C1?since=12.000001&note=gone"
    assert (spot.path, spot.other_path) == (beside.other_path, beside.path)


@pytest.mark.parametrize("text", [None, "", "-1", "1.5", "x", "1" * 40, "1.000001\n"])
def test_a_since_that_is_none_of_ours_is_none(text):
    assert since_in(text) is None


def test_timestamps_are_ordered_by_time():
    assert order_of("9.000002") < order_of("10.000001") < order_of("10.000002")
    assert order_of("0") == (0, 0)
