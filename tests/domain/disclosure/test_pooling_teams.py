"""Pooling: a small team is not what is left when the others are taken off the total."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.pooling import Published, publish
from bot.domain.disclosure.safety import is_safe
from tests.domain.disclosure.weeks import tag

RULES = Parameters()
sizes = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=7)


def team(number: int, contributors: int, idle: int = 0) -> Cohort:
    members = tuple(tag(number, n) for n in range(contributors + idle))
    return Cohort(members=members, amounts=dict.fromkeys(members[:contributors], Decimal(10)))


def pooled(*teams: Cohort, hides_nobody: bool = True) -> Published:
    return publish(dict(enumerate(teams)), RULES, hides_nobody=hides_nobody)


def members_of(*teams: Cohort) -> tuple[bytes, ...]:
    return Cohort.union(teams).members


def test_teams_that_are_large_enough_are_told_by_themselves():
    several = [team(n, 6) for n in range(3)]

    assert pooled(*several) == Published(teams=dict(enumerate(several)))


def test_small_teams_are_told_of_together():
    small, tiny, large = team(0, 3), team(1, 2), team(2, 9)

    assert pooled(small, tiny, large) == Published(
        teams={2: large}, other=Cohort.union([small, tiny])
    )


def test_one_small_team_is_not_told_under_another_name():
    small, middle, large = team(0, 4), team(1, 6), team(2, 9)

    assert pooled(small, middle, large) == Published(
        teams={2: large}, other=Cohort.union([small, middle])
    )


def test_the_smallest_team_by_its_members_follows_whoever_of_them_has_something():
    small, many_idle, few_idle = team(0, 4), team(1, 6, idle=9), team(2, 7)

    assert set(pooled(small, many_idle, few_idle).teams) == {1}


def test_of_two_as_small_it_is_always_the_same():
    small, one, another = team(0, 4), team(1, 6), team(2, 6)
    backwards = {2: another, 1: one, 0: small}

    assert publish(backwards, RULES, hides_nobody=True) == pooled(small, one, another)


def test_a_pool_that_never_gets_safe_silences_all():
    assert pooled(team(0, 2), team(1, 2)) == Published()


def test_that_nobody_of_a_team_has_any_does_not_show():
    busy, idle, small, large = team(0, 1, idle=2), team(0, 0, idle=3), team(1, 6), team(2, 9)

    with_one, without = pooled(busy, small, large), pooled(idle, small, large)

    assert set(with_one.teams) == set(without.teams) == {2}


def test_work_that_a_team_never_does_takes_nobody_elses_figure():
    others, support = team(0, 0, idle=8), team(1, 6)

    assert pooled(others, support, hides_nobody=False) == Published(teams={1: support})
    assert set(pooled(team(0, 1), support, hides_nobody=False).teams) == set()


def test_nobody_is_no_team():
    assert pooled() == Published()


@given(sizes, st.booleans())
def test_nobody_is_told_of_twice_and_nothing_unsafe_is_told(teams, hides_nobody):
    published = pooled(*(team(n, *size) for n, size in enumerate(teams)), hides_nobody=hides_nobody)

    told = [*published.teams.values(), *([published.other] if published.other else [])]
    everybody = [who for cohort in told for who in cohort.members]
    assert len(everybody) == len(set(everybody))
    assert all(is_safe(cohort, RULES) for cohort in told)


@given(sizes)
def test_whoever_has_something_is_told_of_with_others_or_nothing_is_told(teams):
    cohorts = [team(n, *size) for n, size in enumerate(teams)]

    published = pooled(*cohorts)

    told = [*published.teams.values(), *([published.other] if published.other else [])]
    assert not told or Cohort.union(told) == Cohort.union(cohorts)
