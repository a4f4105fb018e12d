"""Noise: who waits, compares or adds idle people gets no closer."""

from __future__ import annotations

from decimal import Decimal
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.noise import (
    FOR_GOOD,
    LARGEST_SHIFT,
    OF_THE_QUARTER,
    SMALLEST_SHIFT,
    Noise,
    loudness,
)
from bot.domain.keyed import Key
from tests.domain.disclosure.weeks import KEY, KEYS, tag

CAP = Decimal(10)
MANY_QUARTERS = [str(n) for n in range(20)]


def cohort(contributors: int, idle: int = 0, *, amount: str = "100", team: int = 1) -> Cohort:
    members = tuple(sorted(tag(team, n) for n in range(contributors + idle)))
    busy = [tag(team, n) for n in range(contributors)]
    return Cohort(members=members, amounts=dict.fromkeys(busy, Decimal(amount)))


def noise(of: Cohort, *, key: Key = KEY, quarter: str = "Q1", figure: str = "spend") -> Decimal:
    return Noise(key, quarter).added_to(of, figure, CAP) - of.total


def of_set(key: Key, quarter: str = "Q1", figure: str = "spend") -> Decimal:
    """How the noise of a member set differs from another's, with the same contributors."""
    few, more = cohort(20), cohort(20, idle=1)
    return noise(few, key=key, quarter=quarter, figure=figure) - noise(
        more, key=key, quarter=quarter, figure=figure
    )


def of_person(key: Key, quarter: str = "Q1", figure: str = "spend") -> Decimal:
    """What one contributor brings along, in the same member set."""
    few, more = cohort(20, idle=5), cohort(21, idle=4)
    return noise(more, key=key, quarter=quarter, figure=figure) - noise(
        few, key=key, quarter=quarter, figure=figure
    )


@given(st.integers(1, 60), st.integers(0, 60), st.sampled_from(KEYS), st.sampled_from("abc"))
def test_noise_has_its_bounds(contributors, idle, key, quarter):
    these = cohort(contributors, idle)
    most = FOR_GOOD + OF_THE_QUARTER + LARGEST_SHIFT * contributors

    assert abs(noise(these, key=key, quarter=quarter)) <= most * loudness(these) * CAP


def test_noise_goes_either_way():
    every = [noise(cohort(8), key=key) for key in KEYS]

    assert min(every) < 0 < max(every)
    assert len(set(every)) == len(KEYS)


def test_the_same_people_have_the_same_noise_whatever_they_have():
    few = cohort(20, idle=4)

    assert round(noise(few) - noise(cohort(20, idle=4, amount="70")), 20) == 0


def test_a_set_without_one_has_other_noise():
    assert all(of_set(key) for key in KEYS)


def test_another_quarter_has_other_noise():
    assert all(noise(cohort(9), key=key) != noise(cohort(9), key=key, quarter="Q2") for key in KEYS)


def test_the_noise_of_a_set_does_not_average_out_over_the_years():
    left = [abs(fmean(of_set(key, quarter) for quarter in MANY_QUARTERS)) for key in KEYS]

    assert fmean(left) > CAP * FOR_GOOD / 3


def test_whoever_learned_the_noise_once_does_not_know_it_for_good():
    learned = [abs(of_set(key, "Q1") - of_set(key, "Q9")) for key in KEYS]

    assert fmean(learned) > CAP * OF_THE_QUARTER / 3


def test_what_one_person_brings_along_is_off_by_the_same_for_good():
    for key in KEYS:
        (shift,) = {round(of_person(key, quarter), 12) for quarter in MANY_QUARTERS}

        assert CAP * SMALLEST_SHIFT <= abs(shift) <= CAP * LARGEST_SHIFT


def test_no_figures_noise_tells_anothers():
    assert all(of_set(key) != of_set(key, figure="merged") for key in KEYS)
    assert all(of_person(key) != of_person(key, figure="merged") for key in KEYS)


def test_noise_is_louder_among_few():
    assert loudness(cohort(11)) > loudness(cohort(12)) > loudness(cohort(20)) == 1


def test_idle_members_do_not_lower_it():
    assert loudness(cohort(5, idle=50)) == loudness(cohort(5, idle=5)) == loudness(cohort(5))


def test_nothing_is_below_zero():
    assert min(noise(cohort(5, amount="0.01"), key=key) for key in KEYS) == Decimal("-0.05")
