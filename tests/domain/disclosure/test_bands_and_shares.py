"""Shares: bands that never mean nobody or everybody, with noise at their edges."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure.bands import FEWEST_IN_SHARE, share_of
from bot.domain.disclosure.contributions import Contribution
from bot.domain.disclosure.figures import Share, TeamRelease
from bot.domain.disclosure.noise import Noise
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.shares import adoption, tier_mix
from bot.domain.tiers import Tier
from tests.domain.disclosure.weeks import KEY, KEYS, group, released, tag

RULES = Parameters()
CAP = Decimal(100)
EXPLORATION, ROUTINE, PRODUCTION = Tier


def seats(active: int, idle: int, without: int = 0) -> list[Contribution]:
    return [
        Contribution(member=tag(1, n), has_seat=n < active + idle, is_active=n < active)
        for n in range(active + idle + without)
    ]


def use_of(
    people: list[Contribution], rules: Parameters = RULES, key: object = KEY
) -> Share | None:
    return adoption(people, rules, Noise(key, "Q1"))


def mix_of(*tiers: dict[Tier, int], key: object = KEY) -> dict[Tier, Share]:
    people = [
        Contribution(
            member=tag(1, n), tiers={tier: Decimal(amount) for tier, amount in one.items()}
        )
        for n, one in enumerate(tiers)
    ]
    return tier_mix(people, CAP, RULES, Noise(key, "Q1"))


@pytest.mark.parametrize(
    ("part", "band"),
    [
        (0, Share.UNDER_10),
        (9, Share.UNDER_10),
        (10, Share.FROM_10),
        (25, Share.FROM_25),
        (50, Share.FROM_50),
        (75, Share.FROM_75),
        (90, Share.OVER_90),
        (100, Share.OVER_90),
    ],
)
def test_a_share_is_in_its_band(part, band):
    assert share_of(Decimal(part), Decimal(100)) is band


def test_no_band_means_nobody_or_everybody():
    assert not {"0 %", "100 %"} & {band.value for band in Share}


@pytest.mark.parametrize(
    ("active", "band"),
    [(0, Share.UNDER_10), (35, Share.FROM_10), (75, Share.FROM_25), (200, Share.OVER_90)],
)
def test_use_of_seats_comes_in_bands(active, band):
    assert {use_of(seats(active, 200 - active), key=key) for key in KEYS} == {band}


def test_few_seats_tell_nothing_of_their_use():
    assert use_of(seats(6, FEWEST_IN_SHARE - 7)) is None
    assert use_of(seats(6, FEWEST_IN_SHARE - 6)) is not None


def test_a_stricter_minimum_holds_for_seats_too():
    assert use_of(seats(6, 9), Parameters(minimum=16)) is None


def test_who_has_no_seat_does_not_count():
    assert use_of(seats(6, 14)) is use_of(seats(6, 14, without=80))


def test_that_the_band_changes_does_not_tell_who_it_was():
    edge = {use_of(seats(3, 9), key=key) for key in KEYS}

    assert edge == {Share.FROM_10, Share.FROM_25}


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(KEYS))
def test_a_share_is_of_everybody_at_most(active, idle, key):
    assert use_of(seats(active, idle), key=key) in {None, *Share}


def test_adoption_stands_beside_a_figure():
    busy = group(*[40] * 12, has_seat=True, is_active=True)

    week = released(busy, group(40, 40, team=2, has_seat=True, is_active=True))

    assert released(busy).teams[1].adoption is Share.OVER_90
    assert not isinstance(week.teams[1], TeamRelease)


def test_the_mix_is_in_bands():
    mix = mix_of(*[{ROUTINE: 80, EXPLORATION: 40, PRODUCTION: 60}] * 60)

    assert mix == {EXPLORATION: Share.FROM_10, ROUTINE: Share.FROM_25, PRODUCTION: Share.FROM_25}


def test_a_tier_of_a_few_takes_all_others_along():
    assert mix_of(*[{ROUTINE: 40}] * 20, *[{PRODUCTION: 60}] * 4) == {}


def test_some_of_a_tier_does_not_show_where_nobody_may_have_any():
    nobody = mix_of(*[{ROUTINE: 40}] * 21)

    assert nobody[PRODUCTION] is Share.UNDER_10
    assert mix_of(*[{ROUTINE: 40}] * 20, {ROUTINE: 1, PRODUCTION: 39}) == nobody


def test_without_spend_there_is_no_mix():
    assert mix_of({}, {}) == {}
    assert mix_of(*[{ROUTINE: 0}] * 9) == {}


def test_tiers_have_noise():
    edge = [{ROUTINE: 60, EXPLORATION: 20}] * 20

    assert len({mix_of(*edge, key=key)[EXPLORATION] for key in KEYS}) == 2


def test_noise_that_leaves_nothing_leaves_no_mix():
    trifle = [{ROUTINE: 1}] * 5

    assert {} in [mix_of(*trifle, key=key) for key in KEYS]
