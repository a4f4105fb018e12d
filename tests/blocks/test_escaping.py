"""What others typed stays text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.escaping import clip, code, escape, mention, plain


@given(st.text(max_size=400), st.integers(1, 300))
def test_nothing_typed_comes_alive(text, most):
    shown = escape(text, most=most)

    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", shown)
    assert 1 <= len(shown) <= most


@given(st.text(max_size=400))
def test_a_name_is_one_visible_line(text):
    shown = plain(text)

    assert not re.search(
        r"[\n\r\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x1f]", shown
    )
    shown.encode()


@given(st.text(max_size=400))
def test_nothing_typed_leaves_its_fixed_width_face(text):
    assert code(text).count("`") == 2


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("R&D", "R&amp;D"),
        ("abc\u202edef", "abc def"),
        ("two\nlines", "two lines"),
        ("\u200f", "—"),
        ("", "—"),
        ("Zürich 東京 \U0001f469\u200d\U0001f4bb", "Zürich 東京 \U0001f469\u200d\U0001f4bb"),
    ],
)
def test_what_is_typed_is_what_is_shown(typed, shown):
    assert escape(typed) == shown


def test_a_long_name_is_cut_where_one_can_see_it():
    assert escape("x" * 61) == "x" * 59 + "…"


@pytest.mark.parametrize("text", ["ab&amp;cdefgh", "ab<@U123>cdefg"])
def test_nothing_is_cut_in_its_middle(text):
    assert clip(text, 7) == "ab…"


def test_an_admin_is_mentioned_by_id_only():
    assert mention("U01ADA") == "<@U01ADA>"
    assert mention("W9") == "<@W9>"
    assert mention("U1> <!channel") == "U1&gt; &lt;!channel"
