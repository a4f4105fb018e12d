"""Agreements: what is fixed can be read by anybody, and what is wrong is refused."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agreement import read_agreement
from bot.domain.agreement import GUARDS, parse_agreement
from bot.domain.thresholds import THRESHOLDS
from bot.errors import FixedByAgreementError, InvalidAgreementError

WHOLE = """
title = "Works agreement on Upshot"
date = 2026-11-02
strict_mode = true

[minimum_group_size]
at_least = 8

[dominance_share]
at_most = 40

[retention_days]
at_most = 150
"""
HEAD = 'title = "Agreement"\ndate = 2026-11-02\n'


def parsed(toml: str):
    return parse_agreement(tomllib.loads(toml), "ab" * 32)


def test_every_setting_that_guards_privacy_can_be_fixed():
    agreement = parsed(WHOLE)

    assert (agreement.title, agreement.signed_on) == (
        "Works agreement on Upshot",
        date(2026, 11, 2),
    )
    assert agreement.bounds == {
        "minimum_group_size": 8,
        "dominance_share": 40,
        "strict_mode": 1,
        "retention_days": 150,
    }
    assert agreement.bounds.keys() == GUARDS.keys()


@pytest.mark.parametrize(
    ("toml", "wrong"),
    [
        (HEAD, "fixes nothing"),
        ("strict_mode = true\ndate = 2026-11-02", "title"),
        ('title = " "\ndate = 2026-11-02\nstrict_mode = true', "title"),
        (f'title = "{"a" * 151}"\ndate = 2026-11-02\nstrict_mode = true', "title"),
        ("title = 7\ndate = 2026-11-02\nstrict_mode = true", "title"),
        ('title = "A"\nstrict_mode = true', "date"),
        ('title = "A"\ndate = "2026-11-02"\nstrict_mode = true', "date"),
        ('title = "A"\ndate = 2026-11-02T10:00:00\nstrict_mode = true', "date"),
        (HEAD + "strict_mode = false", "strict_mode"),
        (HEAD + "strict_mode = 1", "strict_mode"),
        (HEAD + "[strict_mode]\nat_least = 1", "strict_mode"),
        (HEAD + "minimum_group_size = 8", "at_least"),
        (HEAD + "[minimum_group_size]", "at_least"),
        (HEAD + "[minimum_group_size]\nat_most = 8", "at_least"),
        (HEAD + "[minimum_group_size]\nat_least = 8\nat_most = 9", "alone"),
        (HEAD + "[minimum_group_size]\nat_least = true", "whole number"),
        (HEAD + "[minimum_group_size]\nat_least = 8.0", "whole number"),
        (HEAD + "[minimum_group_size]\nat_least = 4", "between 5 and 50"),
        (HEAD + "[minimum_group_size]\nat_least = 51", "between 5 and 50"),
        (HEAD + "[dominance_share]\nat_most = 51", "between 20 and 50"),
        (HEAD + "[retention_days]\nat_least = 150", "at_most"),
        (HEAD + "[retention_days]\nat_most = 401", "between 120 and 400"),
        (HEAD + "[settle_days]\nat_least = 7", "'settle_days' cannot be fixed"),
        (HEAD + "[minimum_groupsize]\nat_least = 8", "'minimum_groupsize' cannot be fixed"),
    ],
)
def test_what_is_wrong_or_weaker_than_the_floors_is_refused_by_name(toml, wrong):
    with pytest.raises(InvalidAgreementError) as refusal:
        parsed(toml)

    assert wrong in str(refusal.value)
    assert "docs/works-council.md" in refusal.value.hint


@given(st.sampled_from(sorted(GUARDS)), st.data())
def test_no_value_that_guards_less_than_what_is_agreed_is_allowed(name, data):
    threshold = GUARDS[name]
    values = st.integers(threshold.floor, threshold.ceiling)
    bound, value = data.draw(values, label="bound"), data.draw(values, label="value")
    word = "at_least" if threshold.strictest == threshold.ceiling else "at_most"
    fixed = True if threshold.is_switch else {word: bound}
    table = {"title": "A", "date": date(2026, 11, 2), name: fixed}
    agreement = parse_agreement(table, "ab" * 32)

    if threshold.loosens(value, now=agreement.bounds[name]):
        with pytest.raises(FixedByAgreementError) as refusal:
            agreement.require(threshold, value)
        assert (refusal.value.threshold, refusal.value.bound) == (name, agreement.bounds[name])
    else:
        agreement.require(threshold, value)


def test_what_is_not_fixed_stays_free():
    agreement = parsed(HEAD + "[retention_days]\nat_most = 150")

    agreement.require(THRESHOLDS["minimum_group_size"], 5)
    agreement.require(THRESHOLDS["settle_days"], 30)


class TestTheFile:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "agreement.toml"

    def test_is_known_by_the_sum_that_everybody_can_work_out(self, path):
        path.write_text(WHOLE, encoding="utf-8")

        agreement = read_agreement(path)

        assert agreement is not None
        assert agreement.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert 0 < agreement.mark < 2**31

    def test_may_have_been_saved_by_an_editor_that_marks_its_beginning(self, path):
        path.write_text(WHOLE, encoding="utf-8-sig")

        assert read_agreement(path) is not None

    def test_that_is_not_set_fixes_nothing(self):
        assert read_agreement(None) is None

    @pytest.mark.parametrize(
        ("raw", "wrong"),
        [
            (None, "cannot be read"),
            (b'title = "\xff"', "not in UTF-8"),
            (b"title = ", "no TOML"),
            (b"", "fixes nothing"),
        ],
    )
    def test_that_is_wrong_is_refused(self, path, raw, wrong):
        if raw is not None:
            path.write_bytes(raw)

        with pytest.raises(InvalidAgreementError) as refusal:
            read_agreement(path)

        assert wrong in str(refusal.value)
