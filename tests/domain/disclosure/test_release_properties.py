"""Whatever a workspace looks like: nothing unsafe is told, and nothing follows from the rest."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.figures import Banded, Rounded, TeamRelease
from bot.domain.disclosure.parameters import Parameters
from bot.domain.tiers import Tier
from tests.domain.disclosure.weeks import (
    CAPS,
    MERGED,
    NEXT_QUARTER,
    QUARTER,
    SPEND,
    STEP,
    by_key,
    figure,
    group,
    released,
    tag,
    told_teams,
    total_of,
)

CELLS = (SPEND, MERGED, Cell.REVERTED)
STRICT = Parameters(strict=True, minimum=10)


def workspace(sizes: list[int], seed: int) -> tuple[Group, ...]:
    """Drawn by a seed: Hypothesis takes long over hundreds of amounts."""
    chance = random.Random(seed)
    return tuple(
        Group(team=number, members=tuple(one(chance, number, n) for n in range(size)))
        for number, size in enumerate(sizes)
    )


def one(chance: random.Random, team: int, member: int) -> Contribution:
    def amount() -> Decimal:
        drawn = Decimal(chance.randint(-5_000, 40_000)) / 100
        return chance.choice([drawn, drawn, Decimal(0), Decimal(60)])

    return Contribution(
        member=tag(team, member),
        amounts={cell: amount() for cell in CELLS if chance.random() < 0.8},
        tiers={tier: abs(amount()) for tier in Tier if chance.random() < 0.6},
        has_seat=chance.random() < 0.9,
        is_active=chance.random() < 0.8,
    )


workspaces = st.builds(workspace, st.lists(st.integers(0, 24), max_size=5), st.integers(0, 2**32))
strictness = st.builds(
    Parameters,
    minimum=st.integers(5, 9),
    share=st.decimals("0.2", "0.5", places=2),
    p=st.decimals("0.2", "0.35", places=2),
)


def capped(team: Group, cell: Cell) -> list[Decimal]:
    every = (min(one.amounts.get(cell, Decimal(0)), CAPS[cell]) for one in team.members)
    return sorted((amount for amount in every if amount > 0), reverse=True)


def obeys(parts: list[Decimal], rules: Parameters) -> bool:
    if len(parts) < rules.minimum:
        return False
    total = sum(parts)
    return total - parts[0] - parts[1] >= rules.p * parts[0] and parts[0] <= rules.share * total


@given(workspaces, strictness)
def test_no_team_is_told_of_that_breaks_a_rule(teams, rules):
    week = released(*teams, rules=rules)

    for team in teams:
        for cell in CELLS:
            if figure(week.teams[team.team], cell) is not None:
                assert obeys(capped(team, cell), rules)


@given(workspaces, strictness)
def test_the_pool_breaks_no_rule_either_and_has_nobody_who_is_told_of_elsewhere(teams, rules):
    week = released(*teams, rules=rules)

    for cell in CELLS:
        if figure(week.other, cell) is not None:
            own = told_teams(week, cell)
            rest = [part for team in teams if team.team not in own for part in capped(team, cell)]
            assert obeys(sorted(rest, reverse=True), rules)


@given(workspaces, strictness)
def test_the_total_is_the_sum_of_what_is_told(teams, rules):
    week = released(*teams, rules=rules)

    for cell in CELLS:
        told = [figure(one, cell) for one in (*week.teams.values(), week.other)]
        assert (figure(week.total, cell) or 0) == total_of(told)


@given(workspaces, st.randoms(use_true_random=False))
def test_no_order_says_anything(teams, chance: random.Random):
    mixed = [
        replace(team, members=tuple(chance.sample(team.members, len(team.members))))
        for team in chance.sample(teams, len(teams))
    ]

    assert released(*mixed) == released(*teams)


@given(workspaces)
def test_no_figure_is_negative_or_finer_than_its_step(teams):
    week = released(*teams)

    for one in (*week.teams.values(), week.other, week.total):
        if isinstance(one, TeamRelease):
            for told in one.figures.values():
                assert isinstance(told, Rounded)
                assert told.value >= 0
                assert told.step == STEP
                assert told.value % STEP == 0


@given(workspaces)
def test_strict_mode_has_bands_only(teams):
    week = released(*teams, rules=STRICT)

    for one in (*week.teams.values(), week.other, week.total):
        if isinstance(one, TeamRelease):
            assert {type(told) for told in one.figures.values()} <= {Banded}
            assert all(0 <= told.low < told.high for told in one.figures.values())


@given(workspaces)
def test_a_band_of_the_total_goes_from_the_lowest_to_the_highest(teams):
    week = released(*teams, rules=STRICT)

    parts = [
        one.figures[SPEND]
        for one in (*week.teams.values(), week.other)
        if isinstance(one, TeamRelease) and SPEND in one.figures
    ]
    if parts:
        assert week.total.figures[SPEND] == Banded(
            low=sum(part.low for part in parts), high=sum(part.high for part in parts)
        )


@given(workspaces)
def test_tiers_are_told_all_or_none_and_only_beside_a_spend(teams):
    for one in released(*teams).teams.values():
        if isinstance(one, TeamRelease) and one.tiers:
            assert set(one.tiers) == set(Tier)
            assert SPEND in one.figures


@given(workspaces)
def test_the_same_week_is_told_the_same_way_again(teams):
    assert released(*teams) == released(*teams)


@given(st.lists(st.integers(20, 90), min_size=6, max_size=24))
def test_the_same_people_have_the_same_noise_all_quarter(spent):
    week = group(*spent)

    assert len({figure(released(week, week=one).total) for one in QUARTER}) == 1


def test_noise_is_drawn_anew_with_the_quarter_and_with_the_set():
    several = group(*[60] * 12)

    assert by_key(several) != by_key(several, week=NEXT_QUARTER)
    assert by_key(several) != by_key(group(*[60] * 12, 0))
