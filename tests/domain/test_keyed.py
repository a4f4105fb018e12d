"""Tags and chances that only the secret of an installation can tell."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.keyed import FEWEST_BYTES, Key

KEY = Key(b"k" * FEWEST_BYTES)
parts = st.lists(st.text(max_size=4), max_size=3)


def test_a_secret_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="at least"):
        Key(b"k" * (FEWEST_BYTES - 1))


@given(parts, parts)
def test_two_tags_are_the_same_where_all_their_parts_are(one, other):
    assert (KEY.tag("a", *one) == KEY.tag("a", *other)) == (one == other)


@given(parts)
def test_what_is_tagged_for_one_purpose_proves_nothing_for_another(given_parts):
    assert KEY.tag("a", *given_parts) != KEY.tag("b", *given_parts)


def test_text_and_its_bytes_are_one_part():
    assert KEY.tag("a", "é") == KEY.tag("a", "é".encode())


def test_another_secret_tags_otherwise():
    assert KEY.tag("a") != Key(b"x" * FEWEST_BYTES).tag("a")


def test_chances_are_spread_evenly():
    drawn = [KEY.chance("a", str(number)) for number in range(1000)]

    assert all(0 <= chance < 1 for chance in drawn)
    assert abs(sum(drawn) / len(drawn) - Fraction(1, 2)) < Fraction(3, 100)
