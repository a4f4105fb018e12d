"""How far off a released figure is taken to be, measured against what releases really do."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from bot.domain.disclosure.contributions import Cell, Contribution, Group
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.releasing import release_week
from bot.domain.keyed import Key
from bot.domain.team_figures import bounds_of
from tests.domain.released_weeks import LAST

CAPS = [Decimal(cap) for cap in (80, 100, 120, 150, 200, 250, 300, 400, 500, 600)]
TEAMS = 300


def team_of(size: int, cap: Decimal, rng: random.Random) -> Group:
    """Amounts as they are among people: every tenth is above the cap."""
    amounts = [cap / 4 * Decimal(rng.lognormvariate(0, 1.1)) for _ in range(size)]
    return Group(
        team=1,
        members=tuple(
            Contribution(member=rng.randbytes(16), amounts={Cell.SPEND: amount})
            for amount in amounts
        ),
    )


@pytest.mark.parametrize("size", [8, 12, 20, 40, 80])
def test_eight_weeks_of_ten_are_within_the_bounds(size):
    rng = random.Random(size)
    key, within, released = Key(b"a secret of the test"), 0, 0
    for _ in range(TEAMS):
        cap = rng.choice(CAPS)
        group = team_of(size, cap, rng)
        caps = dict.fromkeys(Cell, cap)
        release = release_week([group], caps, Parameters(), key=key, week=LAST).teams[1]
        if figure := getattr(release, "figures", {}).get(Cell.SPEND):
            truth = sum(min(one.amounts[Cell.SPEND], cap) for one in group.members)
            bounds = bounds_of(figure)
            within += bounds.low <= truth <= bounds.high
            released += 1

    assert released > TEAMS / 2
    assert within / released > 0.78
