"""Every step of the algorithm has a fact that does not hold without it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from statistics import correlation, fmean

import pytest

from bot.domain.disclosure.contributions import Contribution, Group
from bot.domain.disclosure.figures import Banded, Share, TeamRelease, Withheld
from bot.domain.disclosure.parameters import Parameters, p_of
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier
from tests.domain.disclosure.weeks import (
    CAPS,
    KEY,
    KEYS,
    MANY_KEYS,
    MERGED,
    NEXT_QUARTER,
    QUARTER,
    SPEND,
    STEP,
    WEEK,
    by_key,
    figure,
    group,
    released,
    shown,
    told_teams,
    total_of,
)

TEN, TWENTY = [60] * 10, [60] * 20
STRICT = Parameters(strict=True, minimum=10)


def differing(some: list[Decimal | None], others: list[Decimal | None]) -> int:
    return sum(one != other for one, other in zip(some, others, strict=True))


# Contributors, the minimum, the p % rule and dominance


@pytest.mark.parametrize("idle", range(21))
def test_dummies_around_a_few_show_nothing(idle):
    assert shown(group(60, 60, 60, 60, *[0] * idle)) is None


def test_who_is_owed_something_is_no_contributor():
    assert shown(group(60, 60, 60, 60, *[-1] * 9)) is None


def test_two_who_have_nearly_all_are_not_told_of():
    assert shown(group(90, 90, 5, 5, 5, 5)) is None


def test_this_installations_p_is_the_one_that_counts():
    nearly_all = group(80, 80, 7, 7, 7)

    assert shown(nearly_all, rules=Parameters(p=Decimal("0.25"))) is not None
    assert shown(nearly_all, rules=Parameters(p=Decimal("0.27"))) is None
    assert p_of(KEY) != p_of(KEYS[1])


def test_one_who_has_most_is_not_told_of():
    assert shown(group(100, *[10] * 8)) is None


# Capping


def test_who_has_far_more_does_not_show():
    assert by_key(group(5_000, *TEN)) == by_key(group(100, *TEN))


def test_who_has_far_more_does_not_silence_the_others():
    assert shown(group(5_000, *TEN)) is not None


# Pooling


def test_a_small_team_is_never_what_the_others_leave():
    week = released(group(*TWENTY), group(*TEN, team=2), group(90, 90, team=3))

    assert told_teams(week) == {1}
    assert figure(week.other) is not None


def test_small_teams_are_not_silenced_but_pooled():
    week = released(group(*TWENTY), group(60, 60, 60, team=2), group(60, 60, 60, team=3))

    assert told_teams(week) == {1}
    assert figure(week.other) is not None


def test_nothing_is_told_where_a_team_cannot_be_hidden():
    week = released(group(60, 60), group(60, 60, team=2))

    assert week.total == week.other == Withheld()


def test_a_hidden_team_takes_the_same_along_while_it_is_idle():
    around = (group(*TWENTY), group(*TEN, team=2))

    busy, idle = (released(*around, group(amount, 0, team=3)) for amount in (90, 0))

    assert told_teams(busy) == told_teams(idle) == {1}


# Noise


def test_a_figure_is_not_the_rounded_amount():
    told = by_key(group(*TWENTY))

    assert len(set(told)) > 3
    assert all(Counter(told)[amount] < len(KEYS) / 2 for amount in set(told))


def test_noise_does_not_shift_the_whole():
    assert abs(fmean(float(told) for told in by_key(group(*TWENTY))) - 1_200) < 25


def test_whoever_leaves_takes_the_noise_of_the_team_along():
    idle = 0

    assert differing(by_key(group(*TWENTY, idle)), by_key(group(*TWENTY))) > len(KEYS) / 3


def test_whoever_is_away_takes_noise_of_her_own_along():
    present, away = by_key(group("0.01", *TWENTY)), by_key(group(0, *TWENTY))

    assert differing(present, away) >= 3
    assert differing(by_key(group("0.02", *TWENTY)), present) == 0


def spread(*amounts: int) -> float:
    """How far off a figure is."""
    told = by_key(group(*amounts), keys=MANY_KEYS)
    return fmean(abs(float(one) - sum(amounts)) for one in told)


def test_small_teams_have_louder_noise():
    assert spread(*TEN) > 1.25 * spread(*TWENTY)


def test_dummies_do_not_make_it_softer():
    assert spread(*TEN[:5], *[0] * 30) > 0.75 * spread(*TEN[:5])


# Stickiness


def test_waiting_does_not_wear_noise_off():
    assert {shown(group(*TEN), week=week) for week in QUARTER} == {shown(group(*TEN))}


def test_a_trend_is_no_noise():
    before, after = group(*TWENTY), group(*[80] * 20)

    rises = {b - a for a, b in zip(by_key(before), by_key(after), strict=True)}
    assert rises <= {400 - STEP, Decimal(400), 400 + STEP}


def test_members_who_come_back_bring_the_same_noise_again():
    out_and_in = [shown(group(*TEN, *[0] * (n % 2)), week=week) for n, week in enumerate(QUARTER)]

    assert len(set(out_and_in)) <= 2


def test_noise_is_drawn_anew_next_quarter():
    assert differing(by_key(group(*TEN)), by_key(group(*TEN), week=NEXT_QUARTER)) > len(KEYS) / 3


def test_waiting_for_years_does_not_wear_noise_off_either():
    def mean_over_years(*amounts: int) -> list[float]:
        weeks = [IsoWeek(year, 1) for year in range(2001, 2031)]
        return [
            fmean(float(shown(group(*amounts), key=key, week=week)) for week in weeks)
            for key in KEYS[:10]
        ]

    sets = zip(mean_over_years(*TWENTY), mean_over_years(*TWENTY, 0), strict=True)
    assert fmean(abs(one - other) for one, other in sets) > 15


# Keyed by the cell


def test_who_knows_all_work_learns_nothing_of_the_noise_of_spend():
    def both(*members: int) -> Group:
        spent, done = group(*members), group(*members, cell=MERGED)
        return replace(
            spent,
            members=tuple(
                replace(one, amounts={**one.amounts, **other.amounts})
                for one, other in zip(spent.members, done.members, strict=True)
            ),
        )

    weeks = [released(both(*TEN), key=key).teams[1] for key in MANY_KEYS]
    spent, done = ([float(figure(week, cell)) for week in weeks] for cell in (SPEND, MERGED))
    assert abs(correlation(spent, done)) < 0.2


# Rounding


def test_figures_are_rounded():
    told = [shown(group(*[n] * 20)) for n in range(20, 90, 7)]

    assert all(amount % STEP == 0 for amount in told)


def test_one_person_is_less_than_two_steps():
    told = released(group(*TEN)).teams[1].figures[SPEND]

    assert told.step * 2 >= CAPS[SPEND]


# The total


def test_the_total_minus_all_teams_is_nothing():
    for key in KEYS:
        week = released(group(*TEN), group(*TWENTY, team=2), group(60, 60, team=3), key=key)

        told = [figure(one) for one in (*week.teams.values(), week.other)]
        assert figure(week.total) == total_of(told)


def test_the_total_leaves_out_what_is_withheld():
    week = released(group(*TEN), group(1, 1, cell=MERGED, team=2))

    assert figure(week.total, MERGED) is None
    assert week.total.figures.keys() == {SPEND}


# Shares


def with_seats(active: int, idle: int) -> Group:
    busy = group(*[60] * active, has_seat=True, is_active=True).members
    rest = [Contribution(member=bytes([n]), has_seat=True) for n in range(idle)]
    return Group(team=1, members=(*busy, *rest))


def use_of(team: Group, **changes: object) -> Share | None:
    return released(team, **changes).teams[1].adoption


def test_that_all_use_their_seats_does_not_show():
    for key in KEYS:
        all_of_them, all_but_one = with_seats(60, 0), with_seats(59, 1)

        assert use_of(all_of_them, key=key) is use_of(all_but_one, key=key) is Share.OVER_90


def test_use_of_few_seats_does_not_show():
    assert use_of(with_seats(10, 0)) is None


def test_the_edge_of_a_band_does_not_tell_whether_one_person_was_active():
    at_the_edge, below = with_seats(15, 5), with_seats(14, 6)

    assert {use_of(at_the_edge, key=key) for key in KEYS} == {Share.FROM_50, Share.FROM_75}
    assert use_of(below) is Share.FROM_50


def in_tiers(*production: int) -> Group:
    return Group(
        team=1,
        members=tuple(
            replace(
                one,
                tiers={Tier.ROUTINE: Decimal(60 - part), Tier.PRODUCTION: Decimal(part)},
            )
            for one, part in zip(group(*TWENTY).members, production, strict=True)
        ),
    )


def mix_of(team: Group, **changes: object) -> dict[Tier, Share]:
    return released(team, **changes).teams[1].tiers


def test_a_tier_that_few_have_is_not_told_nor_what_the_others_leave_of_it():
    assert mix_of(in_tiers(*[60] * 4, *[0] * 16)) == {}


def test_a_little_of_a_tier_does_not_show():
    assert mix_of(in_tiers(60, *[0] * 19)) == mix_of(in_tiers(*[0] * 20)) != {}


def test_the_mix_has_noise():
    mixes = [mix_of(in_tiers(*[30] * 20), key=key)[Tier.ROUTINE] for key in KEYS]

    assert set(mixes) == {Share.FROM_25, Share.FROM_50}


# Strict mode and what goes in


def test_strict_mode_tells_no_amount():
    week = released(group(*TWENTY), rules=STRICT)

    assert isinstance(week.teams[1], TeamRelease)
    assert week.teams[1].figures == {SPEND: Banded(low=Decimal(1_000), high=Decimal(2_000))}
    assert week.total == TeamRelease(figures=week.teams[1].figures)


def test_strict_mode_asks_for_ten_contributors():
    assert released(group(*TEN[:9]), rules=STRICT).total == Withheld()
    with pytest.raises(ValueError, match="never laxer"):
        Parameters(strict=True, minimum=9)


def test_the_edge_of_a_band_of_strict_mode_has_noise():
    edge = group(*[50] * 20)

    bands = {released(edge, rules=STRICT, key=key).teams[1].figures[SPEND] for key in KEYS}
    assert len(bands) == 2


def test_nobody_is_in_two_teams():
    with pytest.raises(ValueError, match="one team"):
        released(group(*TEN), replace(group(*TEN), team=2), week=WEEK)
