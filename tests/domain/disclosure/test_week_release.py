"""A week's release: what teams, the pool and the workspace are told."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import get_type_hints

import pytest

from bot.domain.disclosure.caps import caps_of
from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.figures import Rounded, Share, TeamRelease, WeekRelease, Withheld
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.snapshot import Snapshot
from bot.domain.outcomes import OutcomeKind
from tests.domain.disclosure.weeks import (
    CAPS,
    MERGED,
    SPEND,
    STEP,
    WEEK,
    figure,
    group,
    released,
    tag,
    told_teams,
)

TEN = [40] * 10


def with_amounts(team: Group, cell: Cell, *amounts: float) -> Group:
    """The same people, who also have *amounts* of *cell*."""
    return replace(
        team,
        members=tuple(
            replace(one, amounts={**one.amounts, cell: Decimal(amount)})
            for one, amount in zip(team.members, amounts, strict=True)
        ),
    )


def test_a_week_of_a_workspace():
    week = released(group(*TEN, *TEN), group(*TEN, team=2), group(40, 40, 40, team=3))

    assert week.teams[2] == week.teams[3] == Withheld()
    assert figure(week.teams[1]) == 800
    assert figure(week.other) == 500
    assert week.total == TeamRelease(figures={SPEND: Rounded(value=Decimal(1_300), step=STEP)})
    assert week.coverage is Share.OVER_90


def test_a_figure_is_near_the_amount():
    assert abs(figure(released(group(*TEN, *TEN)).total) - 800) <= 300


def test_every_figure_passes_with_its_own_contributors():
    team = group(*TEN)

    week = released(with_amounts(team, MERGED, *[9] * 4, *[0] * 6))

    assert figure(week.teams[1], SPEND) is not None
    assert figure(week.teams[1], MERGED) is None


def test_a_team_without_spend_is_told_of_its_work():
    team = group(*[30] * 9, cell=MERGED)

    week = released(team)

    assert week.teams[1] == week.total
    assert figure(week.teams[1], MERGED) is not None
    assert week.coverage is None


def test_teams_are_pooled_figure_by_figure():
    coders = with_amounts(group(*TEN), MERGED, *[40] * 10)
    sellers = with_amounts(group(*TEN, team=2), MERGED, *[0] * 8, 20, 20)
    helpers = with_amounts(group(*TEN, *TEN, team=3), MERGED, *[40] * 20)

    week = released(coders, sellers, helpers)

    assert told_teams(week, SPEND) == {1, 2, 3}
    assert told_teams(week, MERGED) == {3}
    assert figure(week.other, SPEND) is None
    assert figure(week.other, MERGED) is not None


def test_a_workspace_of_small_teams_is_told_nothing():
    assert released(group(9, 9), group(9, 9, team=2)) == WeekRelease(
        teams={1: Withheld(), 2: Withheld()},
        other=Withheld(),
        total=Withheld(),
        coverage=None,
    )


def test_a_workspace_without_teams_is_told_nothing():
    assert released() == WeekRelease(teams={}, other=Withheld(), total=Withheld(), coverage=None)


def test_an_empty_team_and_one_of_a_manager_alone_are_withheld():
    week = released(group(*TEN, *TEN), group(team=2), group(90, team=3), group(*TEN, team=4))

    assert week.teams[2] == week.teams[3] == Withheld()


@pytest.mark.parametrize(
    "teams",
    [
        (group(1, 2), replace(group(3, team=2), members=group(1).members)),
        (group(1, 2), group(3)),
        (replace(group(1), members=group(1).members * 2),),
    ],
)
def test_nobody_is_counted_twice(teams):
    with pytest.raises(ValueError, match="one team"):
        released(*teams)


def test_whom_a_hidden_team_leaves_out_shows_in_the_coverage():
    hidden = group(*[30] * 12, cell=MERGED, team=2)

    assert released(group(*TEN), hidden).coverage is Share.OVER_90
    assert released(group(40, 40), hidden).coverage is None


def test_every_kind_of_outcome_has_a_cell():
    assert {Cell.of(kind) for kind in OutcomeKind} == set(Cell) - {Cell.SPEND, Cell.REVERTED}


def test_a_snapshot_has_all_that_a_release_is_made_of():
    snapshot = Snapshot(week=WEEK, groups=(group(*TEN, *TEN),), past={})

    week = released(*snapshot.groups, caps=caps_of(snapshot.past), week=snapshot.week)

    assert figure(week.total) is not None


def test_pieces_have_whole_figures():
    caps = {**CAPS, MERGED: Decimal(5)}

    told = released(group(*[3] * 20, cell=MERGED), caps=caps).teams[1].figures[MERGED]

    assert told == Rounded(value=Decimal(62), step=Decimal(2))


def test_a_release_has_no_room_for_identities():
    room = {get_type_hints(TeamRelease)[one.name] for one in fields(TeamRelease)}

    assert not any("str" in str(kind) or "bytes" in str(kind) for kind in room)
    assert not fields(Withheld)
    assert {str for kind in get_type_hints(Contribution).values() if kind is str} == set()


def test_thousands_of_teams_are_released():
    teams = [group(*[20] * (n % 9), team=n) for n in range(2_000)]

    week = released(*teams)

    assert told_teams(week) == {n for n in range(2_000) if n % 9 >= 5}
    assert len(week.teams) == 2_000


def test_tags_of_any_length_are_in_order():
    some = [Contribution(member=bytes(n), amounts={SPEND: Decimal(40)}) for n in range(1, 12)]

    one_way = released(Group(team=1, members=tuple(some)))

    assert one_way == released(Group(team=1, members=tuple(reversed(some))))
    assert tag(1, 1) != tag(1, 2)


def test_strict_mode_asks_for_ten():
    strict = Parameters(strict=True, minimum=10)

    assert released(group(*[40] * 9), rules=strict).teams[1] == Withheld()
    assert released(group(*[40] * 10), rules=strict).teams[1] != Withheld()
