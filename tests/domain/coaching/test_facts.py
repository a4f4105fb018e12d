"""What is worked out of a person's facts is worked out once, and belongs to those facts alone."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.coaching.facts import Facts, once
from tests.domain.coaching.making import facts, model_week, model_weeks, week


def test_what_several_rules_ask_is_worked_out_for_the_first_of_them():
    asked: list[Facts] = []

    @once
    def count(known: Facts) -> int:
        asked.append(known)
        return len(known.models)

    known = facts(model_week())

    assert (count(known), count(known)) == (1, 1)
    assert len(asked) == 1


def test_nothing_is_an_answer_too():
    asked: list[Facts] = []
    nothing = once(asked.append)
    known = facts()

    assert (nothing(known), nothing(known)) == (None, None)
    assert len(asked) == 1


def test_other_facts_are_worked_out_anew():
    known = facts(*model_weeks())
    before = known.models_in([week(0)])

    later = replace(known, models=(*known.models, model_week(0, model="gpt-6")))

    assert len(before) == 1
    assert len(later.models_in([week(0)])) == 2


def test_what_was_worked_out_makes_no_difference_between_facts():
    asked, unasked = facts(model_week()), facts(model_week())
    asked.models_in([week(0)])

    assert asked == unasked


def test_use_is_found_by_its_weeks():
    known = facts(*model_weeks(range(5)))

    found = known.models_in([week(3), week(1), week(9)])

    assert [use.week for use in found] == [week(3), week(1)]
