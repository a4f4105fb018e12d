"""What is in force when: what guards more comes soon, what guards less waits for the quarter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.agreement import GUARDS, Agreement
from bot.domain.disclosure.parameters import epoch_of
from bot.domain.health import Waiting
from bot.domain.in_force import (
    Word,
    bound_name,
    bound_takes_effect,
    said_by,
    takes_effect,
    threshold_values,
    values_on,
)
from bot.domain.periods import IsoWeek
from bot.domain.thresholds import THRESHOLDS, find

TODAY = date(2026, 3, 25)
"""A Wednesday in the 13th week, the last of its quarter."""
NEXT_MONDAY = date(2026, 3, 30)
IN_APRIL = date(2026, 4, 8)
NEXT_QUARTER = date(2026, 6, 29)
SIZE = find("minimum_group_size")
A_WEEK = timedelta(weeks=1)


class Chamber:
    """Where words about one threshold are said, one after the other."""

    def __init__(self, name: str = "minimum_group_size") -> None:
        self.threshold = find(name)
        self.words: list[Word] = []

    def say(self, value: int, today: date = IN_APRIL) -> date:
        effective_on = takes_effect(self.threshold, value, self.words, today)
        self.words.append(Word(name=self.threshold.name, value=value, effective_on=effective_on))
        return effective_on

    def on(self, day: date) -> int:
        return values_on(day, self.words, None)[self.threshold.name]


@pytest.fixture
def chamber():
    return Chamber()


def agreed(**bounds: int) -> Agreement:
    return Agreement(title="A", signed_on=TODAY, bounds=bounds, sha256="ab" * 32)


def test_what_touches_nobodys_privacy_counts_at_once():
    chamber = Chamber("settle_days")

    assert chamber.say(9) == IN_APRIL
    assert chamber.on(IN_APRIL) == 9


def test_what_guards_more_waits_for_the_next_week(chamber):
    assert chamber.say(8) == date(2026, 4, 13)
    assert (chamber.on(date(2026, 4, 12)), chamber.on(date(2026, 4, 13))) == (5, 8)


def test_what_guards_less_waits_for_the_next_quarter(chamber):
    chamber.say(8, TODAY)

    assert chamber.say(6) == NEXT_QUARTER
    assert (chamber.on(NEXT_QUARTER - A_WEEK), chamber.on(NEXT_QUARTER)) == (8, 6)


def test_in_the_last_week_of_a_quarter_the_next_one_is_a_week_away(chamber):
    chamber.say(8, TODAY - A_WEEK)

    assert chamber.say(6, TODAY) == NEXT_MONDAY


def test_a_loosening_that_waits_is_taken_back_by_guarding_more(chamber):
    chamber.say(8, TODAY)
    chamber.say(5)
    chamber.say(9)

    assert chamber.on(NEXT_QUARTER) == 9


def test_a_loosening_that_waits_is_taken_back_by_the_value_in_force(chamber):
    chamber.say(8, TODAY)
    chamber.say(5)
    chamber.say(8)

    assert chamber.on(NEXT_QUARTER) == 8


def test_what_was_announced_is_not_taken_back_before_the_quarter_is_over(chamber):
    chamber.say(10)
    assert chamber.say(5) == NEXT_QUARTER

    assert chamber.on(NEXT_QUARTER - A_WEEK) == 10
    assert chamber.on(NEXT_QUARTER) == 5


def test_a_53rd_week_is_a_quarter_of_its_own(chamber):
    chamber.say(8, date(2026, 12, 1))

    assert chamber.say(5, date(2026, 12, 22)) == date(2026, 12, 28)
    assert epoch_of(IsoWeek.of(date(2026, 12, 28))) != epoch_of(IsoWeek.of(date(2027, 1, 4)))


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """Of a threshold that guards privacy: what was said on which day, in order."""
    threshold = GUARDS[draw(st.sampled_from(sorted(GUARDS)))]
    values = st.integers(threshold.floor, threshold.ceiling)
    said = draw(st.lists(st.tuples(st.integers(0, 400), values), max_size=12))
    return threshold.name, sorted(said, key=lambda word: word[0])


@given(histories())
@example(("minimum_group_size", [(0, 8), (14, 5), (15, 8), (16, 5), (17, 20), (17, 5)]))
@example(("retention_days", [(0, 120), (80, 400), (81, 120), (82, 400)]))
def test_no_week_is_laxer_than_any_word_up_to_then_allows(history):
    name, said = history
    chamber = Chamber(name)
    first = date(2026, 9, 7)
    for days, value in said:
        chamber.say(value, first + timedelta(days=days))

    for week in range(1, 80):
        monday = first + week * A_WEEK
        now, before = chamber.on(monday), chamber.on(monday - A_WEEK)
        begins_quarter = epoch_of(IsoWeek.of(monday)) != epoch_of(IsoWeek.of(monday - A_WEEK))
        assert begins_quarter or not chamber.threshold.loosens(now, now=before)
        assert THRESHOLDS[name].floor <= now <= THRESHOLDS[name].ceiling
        for days, value in said:
            of_this_week = monday - A_WEEK <= first + timedelta(days=days) < monday
            assert begins_quarter or not (
                of_this_week and chamber.threshold.loosens(now, now=value)
            )


@given(histories())
def test_after_the_quarter_the_latest_word_counts(history):
    name, said = history
    chamber = Chamber(name)
    for days, value in said:
        chamber.say(value, IN_APRIL + timedelta(days=days))

    latest = said[-1][1] if said else THRESHOLDS[name].default
    assert chamber.on(IN_APRIL + timedelta(days=600)) == latest


class TestStrictMode:
    def test_asks_for_ten_at_least(self):
        words = [Word(name="strict_mode", value=1, effective_on=NEXT_MONDAY)]

        assert values_on(TODAY, words, None)["minimum_group_size"] == 5
        assert values_on(NEXT_MONDAY, words, None)["minimum_group_size"] == 10

    def test_lets_a_larger_group_be(self):
        words = [
            Word(name="strict_mode", value=1, effective_on=TODAY),
            Word(name="minimum_group_size", value=12, effective_on=TODAY),
        ]

        assert values_on(TODAY, words, None)["minimum_group_size"] == 12

    def test_is_told_beside_what_it_changes(self):
        words = [Word(name="strict_mode", value=1, effective_on=NEXT_MONDAY)]

        values = {value.name: value for value in threshold_values(TODAY, words, None)}

        assert values["strict_mode"].waiting == (Waiting(value=1, effective_on=NEXT_MONDAY),)
        assert values["minimum_group_size"].waiting == (
            Waiting(value=10, effective_on=NEXT_MONDAY),
        )


class TestAnAgreement:
    def test_holds_whatever_was_said(self):
        words = [
            Word(name="minimum_group_size", value=5, effective_on=TODAY),
            Word(name="retention_days", value=400, effective_on=TODAY),
        ]

        values = values_on(TODAY, words, agreed(minimum_group_size=8, retention_days=150))

        assert (values["minimum_group_size"], values["retention_days"]) == (8, 150)

    def test_lets_what_guards_more_be(self):
        words = [Word(name="minimum_group_size", value=9, effective_on=TODAY)]

        assert values_on(TODAY, words, agreed(minimum_group_size=8))["minimum_group_size"] == 9

    def test_that_was_taken_away_holds_while_it_is_kept(self):
        kept = [
            Word(name=bound_name("minimum_group_size"), value=8, effective_on=TODAY),
            Word(name=bound_name("minimum_group_size"), value=5, effective_on=NEXT_QUARTER),
        ]

        [size] = [v for v in threshold_values(TODAY, kept, None) if v.name == SIZE.name]

        assert (size.value, size.fixed) == (8, 8)
        assert size.waiting == (Waiting(value=5, effective_on=NEXT_QUARTER),)

    def test_is_told_with_what_it_fixes(self):
        values = threshold_values(TODAY, [], agreed(minimum_group_size=8))

        assert {v.name: v.fixed for v in values if v.fixed is not None} == {SIZE.name: 8}

    def test_that_fixes_no_more_than_the_code_is_nothing_to_tell(self):
        values = threshold_values(TODAY, [], agreed(minimum_group_size=5))

        assert [v.name for v in values if v.fixed is not None] == []

    def test_holds_at_once_and_is_loosened_with_the_quarter(self):
        name = bound_name(SIZE.name)
        said = [Word(name=name, value=8, effective_on=IN_APRIL)]

        assert bound_takes_effect(SIZE, 8, [], IN_APRIL) == IN_APRIL
        assert bound_takes_effect(SIZE, 9, said, IN_APRIL) == IN_APRIL
        assert bound_takes_effect(SIZE, 5, said, IN_APRIL) == NEXT_QUARTER


def test_words_about_what_is_no_threshold_any_more_are_passed_over():
    words = [Word(name="abolished", value=7, effective_on=TODAY)]

    assert said_by(TODAY, words) == {"abolished": 7}
    assert "abolished" not in values_on(TODAY, words, None)
