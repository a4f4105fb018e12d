"""The rules that are attacked: two that others use, and ours."""

from __future__ import annotations

from bench.attack.naive import active_5, members_5
from bench.attack.scene import SILENT, Noise, Rule
from bot.domain.disclosure import noise
from bot.domain.disclosure.cohorts import Cohort
from bot.domain.disclosure.releasing import release_week


def _loudness(people: int) -> float:
    tags = tuple(one.to_bytes(4) for one in range(people))
    return float(noise.loudness(Cohort(members=tags, amounts=dict.fromkeys(tags, noise.FOR_GOOD))))


OUR_NOISE = Noise(
    for_good=float(noise.FOR_GOOD),
    of_the_quarter=float(noise.OF_THE_QUARTER),
    smallest_shift=float(noise.SMALLEST_SHIFT),
    largest_shift=float(noise.LARGEST_SHIFT),
    loudness=_loudness,
)
MEMBERS_5 = Rule(name="5 members", release=members_5, noise=SILENT, is_exact=True)
ACTIVE_5 = Rule(name="5 active", release=active_5, noise=SILENT, is_exact=True)
OURS = Rule(name="ours", release=release_week, noise=OUR_NOISE, is_exact=False)
RULES = (MEMBERS_5, ACTIVE_5, OURS)
