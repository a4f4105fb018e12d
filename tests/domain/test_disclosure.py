"""Team figures: nobody can be singled out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure import (
    FEWEST_SEATS,
    SPEND_STEP,
    AdoptionBand,
    Contribution,
    Rules,
    TeamRelease,
    Withheld,
    release,
)
from bot.domain.outcomes import OutcomeKind

MERGED = OutcomeKind.MERGED_CHANGE
SPANS = {
    AdoptionBand.UNDER_10: (0, 0.1),
    AdoptionBand.FROM_10: (0.1, 0.25),
    AdoptionBand.FROM_25: (0.25, 0.5),
    AdoptionBand.FROM_50: (0.5, 0.75),
    AdoptionBand.FROM_75: (0.75, 0.9),
    AdoptionBand.OVER_90: (0.9, 1.001),
}

amounts = st.decimals(min_value=0, max_value=2_000, places=2) | st.just(Decimal(0))
credited = st.decimals(min_value=-500, max_value=2_000, places=2)
shares = st.sampled_from([Decimal(0), Decimal(1), Decimal("0.5"), Decimal(7), Decimal(300)])


def teams_of(spend):
    members = st.builds(
        Contribution,
        spend=spend,
        outcomes=st.dictionaries(st.sampled_from(OutcomeKind), shares),
        has_seat=st.booleans(),
    )
    return st.lists(members, max_size=40)


strictness = st.builds(
    Rules,
    minimum_group_size=st.integers(5, 12),
    dominance_share=st.decimals("0.2", "0.5", places=2),
)


def member(spend: str = "100", merged: str = "2", *, has_seat: bool = True) -> Contribution:
    return Contribution(
        spend=Decimal(spend),
        outcomes={MERGED: Decimal(merged)},
        has_seat=has_seat,
        is_active=Decimal(spend) > 0,
    )


@given(teams_of(amounts), strictness)
def test_a_small_group_never_gets_numbers(team, rules):
    if sum(one.spend > 0 for one in team) < rules.minimum_group_size:
        assert release(team, rules) == Withheld()


@given(teams_of(amounts | credited), strictness)
def test_no_figure_of_spend_has_few_contributors_or_one_that_dominates(team, rules):
    spend = [one.spend for one in team]

    if isinstance(release(team, rules), TeamRelease):
        assert sum(value > 0 for value in spend) >= rules.minimum_group_size
        assert max(map(abs, spend)) <= rules.dominance_share * sum(spend)


@given(teams_of(amounts), strictness)
def test_no_count_of_outcomes_has_few_contributors_or_one_that_dominates(team, rules):
    match release(team, rules):
        case TeamRelease(outcomes=outcomes):
            for kind in outcomes:
                cell = [one.outcomes.get(kind, Decimal(0)) for one in team]
                assert sum(value > 0 for value in cell) >= rules.minimum_group_size
                assert max(cell) <= rules.dominance_share * sum(cell)


@given(teams_of(amounts), strictness)
def test_spend_is_rounded(team, rules):
    match release(team, rules):
        case TeamRelease(spend=spend):
            assert spend % SPEND_STEP == 0
            assert abs(spend - sum(one.spend for one in team)) <= SPEND_STEP / 2


@given(active=st.integers(0, 40), idle=st.integers(0, 40), seatless=st.integers(5, 10))
def test_a_share_of_people_never_means_nobody_or_everybody(active, idle, seatless):
    team = [
        *[member()] * active,
        *[member("0")] * idle,
        *[member(has_seat=False)] * seatless,
    ]

    match release(team, Rules()):
        case TeamRelease(adoption=AdoptionBand() as band):
            seats = active + idle
            low, high = SPANS[band]
            possible = {n for n in range(seats + 1) if low <= n / seats < high}
            assert active in possible
            assert possible - {0, seats}


@given(teams_of(amounts), strictness)
def test_the_order_of_people_says_nothing(team, rules):
    assert release(team, rules) == release(team[::-1], rules)


@given(teams_of(amounts), st.integers(0, 20))
def test_idle_members_hide_nobody(team, idle):
    without = release(team, Rules())
    withered = release([*team, *[member("0", "0", has_seat=False)] * idle], Rules())

    assert withered == without


def test_a_contribution_and_a_release_have_no_room_for_identities():
    room = {
        get_type_hints(kind)[field.name]
        for kind in (Contribution, TeamRelease)
        for field in fields(kind)
    }

    assert room == {
        Decimal,
        bool,
        Mapping[OutcomeKind, Decimal],
        Mapping[OutcomeKind, int],
        AdoptionBand | None,
    }
    assert not fields(Withheld)


def test_every_band_says_something_between_nobody_and_everybody():
    assert not {"0 %", "100 %"} & {band.value for band in AdoptionBand}


def test_a_week_of_a_team():
    team = [member(str(80 + 10 * n), "1.5") for n in range(12)] + [member("0", "0")] * 2

    assert release(team, Rules()) == TeamRelease(
        spend=Decimal(1620), outcomes={MERGED: 18}, adoption=AdoptionBand.FROM_75
    )


def test_every_figure_passes_on_its_own():
    team = [member(merged="0") for _ in range(4)] + [member(merged="9")]

    assert release(team, Rules()) == TeamRelease(spend=Decimal(500), outcomes={}, adoption=None)


def test_one_who_spends_more_than_all_the_others_is_hidden():
    others = [member("100") for _ in range(5)]

    assert isinstance(release([*others, member("500")], Rules()), TeamRelease)
    assert release([*others, member("501")], Rules()) == Withheld()


def test_a_credit_does_not_make_one_person_the_rest():
    team = [member("100") for _ in range(5)] + [member("300"), member("-290")]

    assert release(team, Rules()) == Withheld()


@pytest.mark.parametrize(
    ("active", "band"),
    [
        (5, AdoptionBand.FROM_25),
        (10, AdoptionBand.FROM_50),
        (15, AdoptionBand.FROM_75),
        (18, AdoptionBand.OVER_90),
        (20, AdoptionBand.OVER_90),
    ],
)
def test_use_of_seats_comes_in_bands(active, band):
    team = [member() for _ in range(active)] + [member("0") for _ in range(20 - active)]

    match release(team, Rules()):
        case TeamRelease(adoption=told):
            assert told is band


def test_few_seats_tell_nothing_of_their_use():
    few = [member() for _ in range(FEWEST_SEATS - 1)]

    assert release(few, Rules()) == TeamRelease(
        spend=Decimal(1_000), outcomes={MERGED: 20}, adoption=None
    )


def test_nobody_is_no_team():
    assert release([], Rules()) == Withheld()


@pytest.mark.parametrize("laxer", [{"minimum_group_size": 4}, {"dominance_share": Decimal("0.51")}])
def test_the_rules_cannot_be_made_laxer(laxer):
    with pytest.raises(ValueError, match="never laxer"):
        Rules(**laxer)
