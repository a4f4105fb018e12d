"""Thresholds: nothing outside its bounds gets in, however it is typed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.parameters import Parameters
from bot.domain.thresholds import (
    SWITCH,
    THRESHOLDS,
    WEEKDAYS,
    Stricter,
    Threshold,
    find,
    with_defaults,
)
from bot.errors import InvalidThresholdError

BIG = Threshold(name="big", default=0, floor=0, ceiling=1_000_000)

every_threshold = pytest.mark.parametrize("threshold", THRESHOLDS.values(), ids=THRESHOLDS)


@every_threshold
def test_the_default_is_within_the_bounds(threshold):
    assert threshold.floor <= threshold.default <= threshold.ceiling


@given(st.sampled_from(sorted(THRESHOLDS)), st.text(max_size=30) | st.integers().map(str))
def test_whatever_is_typed_stays_within_the_bounds(name, typed):
    threshold = THRESHOLDS[name]

    with suppress(InvalidThresholdError):
        assert threshold.floor <= threshold.parse(typed) <= threshold.ceiling


@pytest.mark.parametrize(
    "typed", ["4", "51", "-5", "5.0", "1e1", "\u0665", "", "%", "five", "9" * 5_000, "<!channel>"]
)
def test_a_group_of_fewer_than_five_cannot_be_set(typed):
    with pytest.raises(InvalidThresholdError) as refused:
        find("minimum_group_size").parse(typed)

    assert refused.value.threshold == "minimum_group_size"


def test_what_was_typed_is_not_repeated():
    with pytest.raises(InvalidThresholdError) as refused:
        find("settle_days").parse("<!channel>")

    assert "channel" not in str(refused.value)


def test_a_day_is_set_by_its_name():
    assert find("digest_day").parse("Friday") == WEEKDAYS.index("friday")
    with pytest.raises(InvalidThresholdError):
        find("digest_day").parse("4")


def test_a_share_is_set_with_or_without_its_sign():
    assert find("dominance_share").parse("30") == find("dominance_share").parse("30 %") == 30


@pytest.mark.parametrize("typed", ["1000", "1,000", "1.000", "1 000", "1\u00a0000", "1'000"])
def test_thousands_are_set_as_one_writes_them(typed):
    assert BIG.parse(typed) == 1_000


@pytest.mark.parametrize("typed", ["1,00", "1.5", "10,00", ",000", "1,,000", "1,000.5", "1,000,00"])
def test_what_may_be_no_whole_number_is_refused(typed):
    with pytest.raises(InvalidThresholdError):
        BIG.parse(typed)


def test_what_guards_privacy_says_which_way_is_the_stricter():
    assert {name: t.stricter for name, t in THRESHOLDS.items() if t.guards_privacy} == {
        "minimum_group_size": Stricter.MORE,
        "dominance_share": Stricter.LESS,
        "strict_mode": Stricter.MORE,
        "retention_days": Stricter.LESS,
    }


@pytest.mark.parametrize(
    ("name", "value", "now"),
    [
        ("minimum_group_size", 7, 8),
        ("dominance_share", 41, 40),
        ("strict_mode", 0, 1),
        ("retention_days", 181, 180),
    ],
)
def test_only_what_guards_less_loosens(name, value, now):
    threshold = find(name)

    assert threshold.loosens(value, now=now)
    assert not threshold.loosens(now, now=value)
    assert not threshold.loosens(now, now=now)


def test_what_guards_nobody_never_loosens():
    assert not find("settle_days").loosens(1, now=30)


@every_threshold
def test_nothing_is_stricter_than_the_strictest_or_laxer_than_the_laxest(threshold):
    if threshold.guards_privacy:
        assert {threshold.strictest, threshold.laxest} == {threshold.floor, threshold.ceiling}
        assert threshold.loosens(threshold.laxest, now=threshold.strictest)
        assert threshold.strictest_of([threshold.laxest, threshold.strictest]) == (
            threshold.strictest
        )


def test_the_bounds_are_those_that_the_rules_of_disclosure_hold():
    assert find("minimum_group_size").floor == Parameters.FEWEST
    assert find("dominance_share").ceiling == Parameters.LARGEST_SHARE * 100


def test_a_switch_is_on_or_off():
    assert {word: find("strict_mode").parse(word.upper()) for word in SWITCH} == {
        "off": 0,
        "on": 1,
    }
    with pytest.raises(InvalidThresholdError):
        find("strict_mode").parse("1")


def test_a_name_is_found_however_it_is_typed():
    assert find(" Settle_Days ").name == "settle_days"


def test_an_unknown_name_is_no_threshold_and_not_repeated():
    with pytest.raises(InvalidThresholdError) as refused:
        find("<!channel>")

    assert refused.value.threshold is None
    assert "channel" not in str(refused.value)


def test_what_was_never_set_has_its_default():
    values = with_defaults({"settle_days": 9, "gone": 1})

    assert values == {name: t.default for name, t in THRESHOLDS.items()} | {"settle_days": 9}
