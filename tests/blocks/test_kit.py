"""The shapes of Block Kit stay within Slack's limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.blocks.kit import bar_chart, fields, header, message, section
from bot.blocks.welcome import render_welcome
from bot.domain.commands import CommandNames
from bot.language import ENGLISH


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_a_chart_takes_finite_numbers_only(amount):
    with pytest.raises(ValueError, match="finite"):
        bar_chart("chart", "Spend", {"9 Nov": Decimal(amount)}, name="Spend", unit="dollars")


def test_what_is_too_long_is_cut_rather_than_refused():
    long = "word " * 2_000

    shown = message("Hello.", header("a", long), section("b", long), fields("c", long, long))

    assert len(shown.blocks[0]["text"]["text"]) <= 150
    assert len(shown.blocks[1]["text"]["text"]) <= 3_000
    assert all(len(field["text"]) <= 2_000 for field in shown.blocks[2]["fields"])
    assert len(shown.text) < 3_900


def test_a_button_says_more_to_a_screen_reader_where_its_word_is_short():
    stop = render_welcome(ENGLISH, CommandNames()).blocks[-1]["elements"][1]

    assert stop["text"]["text"] == "Stop"
    assert stop["accessibility_label"] == "Stop my digests from Upshot"


def test_the_first_message_has_no_figure():
    assert not any(
        character.isdigit() for character in render_welcome(ENGLISH, CommandNames()).text
    )
