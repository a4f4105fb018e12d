"""How often a nudge is wrong, and how often it is missed, beside rules that others use.

Lives in which nothing happens tell false alarms: the share of people to whom a rule speaks in a
quarter. Planted loopers spend six times their usual for two weeks and finish nothing in them;
honest migrations spend as much and finish what they would. Who counts as either is told by how a
life was made, never by what a rule makes of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bench.lives import EARLIER, QUARTER, Life, live
from bench.nudge_rules import RULES, Speaks
from bench.results import Measurement

NAME = "nudging"
PEOPLE, MOST_SEEDS = 3_000, 3
SIGMAS = (0.6, 0.9, 1.2)
MOST_FALSE_ALARMS: Mapping[float, float] = {0.6: 0.003, 0.9: 0.008, 1.2: 0.018}
FEWEST_FOUND, MOST_MIGRATIONS = 0.80, 0.02
TIMES = 6
USUAL_SPEND, USUAL_OUTCOMES = 10.0, 2.0
"""Of those who are counted as loopers, at the least."""
HELD = ("nudge", "nudge_with_any_sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Shares; ``migrations`` are of all who spend as much as loopers, whatever they finish."""

    false_alarms: float
    found: float
    migrations: float


def measure(people: int, seeds: int) -> Iterator[Measurement]:
    """And the table of all rules, for whoever looks on."""
    rates = {sigma: rates_of(RULES, sigma, people, range(seeds)) for sigma in SIGMAS}
    _tell(rates)
    for rule in RULES:
        yield from _measurements(rule, {sigma: rates[sigma][rule] for sigma in SIGMAS})


def rates_of(
    rules: Mapping[str, Speaks],
    sigma: float,
    people: int,
    seeds: Sequence[int],
    *,
    lumpiness: float = 0.0,
) -> dict[str, Rates]:
    """All rules on the same lives; the planted weeks lie anywhere in the quarter."""
    lives, loopers, migrations = [], [], []
    for seed in seeds:
        rng = Random(f"{seed}:{sigma}")
        for _ in range(people):
            life = live(sigma, rng, lumpiness=lumpiness)
            last = rng.randrange(EARLIER + 1, EARLIER + QUARTER)
            lives.append(life)
            if life.usual_spend >= USUAL_SPEND:
                migrations.append((life.with_two_weeks(last, times=TIMES, work=True), last))
                if life.usual_outcomes >= USUAL_OUTCOMES:
                    loopers.append((life.with_two_weeks(last, times=TIMES, work=False), last))
    return {name: _rates(speaks, lives, loopers, migrations) for name, speaks in rules.items()}


def _rates(
    speaks: Speaks,
    lives: Sequence[Life],
    loopers: Sequence[tuple[Life, int]],
    migrations: Sequence[tuple[Life, int]],
) -> Rates:
    quarter = range(EARLIER, EARLIER + QUARTER)
    return Rates(
        false_alarms=_share([any(speaks(life, week) for week in quarter) for life in lives]),
        found=_share([_speaks_in_time(speaks, *planted) for planted in loopers]),
        migrations=_share([_speaks_in_time(speaks, *planted) for planted in migrations]),
    )


def _speaks_in_time(speaks: Speaks, life: Life, last: int) -> bool:
    """When the second of the planted weeks is over, or before."""
    return speaks(life, last - 1) or speaks(life, last)


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / max(len(answers), 1)


def _measurements(rule: str, rates: Mapping[float, Rates]) -> Iterator[Measurement]:
    """Those that are held have the share of people who are left alone, or found, as a floor."""
    is_held = rule in HELD
    for sigma, one in rates.items():
        yield _percent(
            f"{rule}_false_alarms_{sigma}",
            one.false_alarms,
            ratio=1 - one.false_alarms,
            floor=1 - MOST_FALSE_ALARMS[sigma] if is_held else None,
        )
    for sigma, one in rates.items():
        first = sigma == SIGMAS[0]
        yield _percent(
            f"{rule}_loopers_found" if first else f"{rule}_loopers_found_{sigma}",
            one.found,
            ratio=one.found,
            floor=FEWEST_FOUND if first and is_held else None,
        )
    worst = max(one.migrations for one in rates.values())
    yield _percent(
        f"{rule}_migrations_flagged",
        worst,
        ratio=1 - worst,
        floor=1 - MOST_MIGRATIONS if rule == HELD[0] else None,
    )


def _percent(name: str, share: float, *, ratio: float, floor: float | None) -> Measurement:
    return Measurement(measure=name, value=100 * share, unit="%", ratio=ratio, floor=floor)


def _tell(rates: Mapping[float, Mapping[str, Rates]]) -> None:
    """To standard error: what is printed elsewhere is for machines."""
    sigmas = " / ".join(map(str, SIGMAS))
    lines = [f"Of people, in percent, at sigma {sigmas}:"]
    lines.append(f"{'':26}{'false alarms':>25}{'loopers found':>25}{'migrations':>25}")
    for rule in RULES:
        of_rule = [rates[sigma][rule] for sigma in SIGMAS]
        columns = (
            " / ".join(f"{100 * share:.2f}" for share in shares)
            for shares in (
                [one.false_alarms for one in of_rule],
                [one.found for one in of_rule],
                [one.migrations for one in of_rule],
            )
        )
        lines.append(f"{rule:26}" + "".join(f"{column:>25}" for column in columns))
    print("\n".join(lines), file=sys.stderr, flush=True)
