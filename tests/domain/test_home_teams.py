"""Everybody counts in one team, whatever sources, groups and orders there are."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.home_teams import home_teams, in_order, next_monday
from bot.domain.teams import Team, TeamSource

PEOPLE = ("ada", "bob", "cyd", "dan")


def team(number: int, source: TeamSource = TeamSource.FILE, position: int = 0) -> Team:
    return Team(
        id=number,
        name=f"Team {number}",
        channel=None,
        time_zone="UTC",
        source=source,
        position=position,
    )


teams = st.lists(
    st.builds(team, st.integers(1, 12), st.sampled_from(TeamSource), st.integers(0, 3)),
    max_size=12,
    unique_by=lambda known: known.id,
)
wishes = st.lists(st.tuples(st.integers(1, 14), st.sampled_from(PEOPLE)), max_size=40)


class TestOrder:
    def test_has_the_file_first_then_imports_then_groups(self):
        group, imported, file = team(1, TeamSource.GROUP), team(2, TeamSource.IMPORT), team(3)

        assert in_order([group, imported, file]) == [file, imported, group]

    def test_is_that_of_positions_within_a_source(self):
        later, earlier = team(1, position=2), team(2, position=1)

        assert in_order([later, earlier]) == [earlier, later]


class TestHome:
    def test_of_a_person_in_five_groups_is_the_first_of_them(self):
        five = [team(number, TeamSource.GROUP, position=-number) for number in range(1, 6)]

        assert home_teams(five, [(known.id, "ada") for known in five]) == {"ada": 5}

    def test_of_a_nested_group_is_the_one_that_comes_first(self):
        """A group in another one has all its people in both, as Slack resolves it."""
        inner, outer = team(1, position=1), team(2, position=0)
        listed = [(1, "ada"), (2, "ada"), (2, "bob")]

        assert home_teams([inner, outer], listed) == {"ada": 2, "bob": 2}
        assert home_teams([replace(inner, position=-1), outer], listed) == {"ada": 1, "bob": 2}

    def test_is_nowhere_without_a_team(self):
        assert home_teams([], [(1, "ada")]) == {}
        assert home_teams([team(1)], []) == {}

    @given(teams, wishes)
    def test_is_one_for_everybody_who_is_wished_into_a_team(self, teams, wishes):
        homes = home_teams(teams, wishes)

        known = {known.id for known in teams}
        assert homes.keys() == {who for number, who in wishes if number in known}
        assert all((home, who) in wishes for who, home in homes.items())

    @given(teams, wishes)
    def test_is_before_every_other_that_one_is_wished_into(self, teams, wishes):
        places = {known.id: place for place, known in enumerate(in_order(teams))}

        homes = home_teams(teams, wishes)

        others = [(number, who) for number, who in wishes if number in places]
        assert all(places[homes[who]] <= places[number] for number, who in others)

    @given(teams, wishes, st.randoms(use_true_random=False))
    def test_does_not_depend_on_who_is_told_of_first(self, teams, wishes, chance: random.Random):
        shuffled, mixed = list(wishes), list(teams)
        chance.shuffle(shuffled)
        chance.shuffle(mixed)

        assert home_teams(mixed, [*shuffled, *shuffled]) == home_teams(teams, wishes)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_changes_begin_with_the_next_iso_week(today):
    monday = next_monday(today)

    assert monday.weekday() == 0
    assert timedelta(0) < monday - today <= timedelta(days=7)


@pytest.mark.parametrize("today", [date(2026, 12, 28), date(2027, 1, 3)])
def test_a_week_goes_over_new_year(today):
    assert next_monday(today) == date(2027, 1, 4)
