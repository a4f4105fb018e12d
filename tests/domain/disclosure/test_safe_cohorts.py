"""Safety: who has nothing hides nobody, and nobody is most of what is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.safety import is_safe
from tests.domain.disclosure.weeks import SPEND, people

CAP = Decimal(100)


def cohort(*amounts: float | str, cap: Decimal = CAP) -> Cohort:
    return Cohort.of(people(*amounts), lambda one: one.amounts[SPEND], cap)


def is_told(*amounts: float, **rules: object) -> bool:
    return is_safe(cohort(*amounts), Parameters(**rules))


def test_five_who_have_something_are_enough():
    assert is_told(20, 20, 20, 20, 20)
    assert not is_told(20, 20, 20, 20)


@given(st.integers(0, 40))
def test_idle_members_hide_nobody(idle):
    assert not is_told(20, 20, 20, 20, *[0] * idle)


def test_who_owes_less_than_nothing_hides_nobody():
    assert not is_told(20, 20, 20, 20, -20, -0.01)


def test_a_stricter_minimum_holds():
    assert is_told(*[20] * 7, minimum=7)
    assert not is_told(*[20] * 6, minimum=7)


def test_whoever_is_second_cannot_tell_the_first():
    assert not is_told(80, 80, 6, 6, 6, p=Decimal("0.25"))
    assert is_told(80, 80, 6, 7, 7, p=Decimal("0.25"))
    assert not is_told(80, 80, 6, 7, 7, p=Decimal("0.3"))


def test_nobody_is_more_than_half():
    assert is_told(80, 20, 20, 20, 20)
    assert not is_told(80, 20, 20, 20, 19)
    assert not is_told(80, 20, 20, 20, 20, share=Decimal("0.4"))


def test_nobody_has_more_than_the_cap():
    assert cohort(30, 100, 5_000).amounts == cohort(30, 100, 100).amounts


def test_nobody_is_lost_where_cohorts_join():
    some, others = cohort(1, 2, 0), Cohort(members=(b"z", b"zz"), amounts={b"z": Decimal(4)})

    both = Cohort.union([others, some])

    assert both.total == 7
    assert list(both.members) == sorted([*some.members, *others.members])


@pytest.mark.parametrize("amounts", [(), (0,), (1,), (-3,)])
def test_nobody_and_one_person_are_never_enough(amounts):
    assert not is_told(*amounts)
