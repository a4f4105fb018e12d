"""Somebody who tries, on a few hundred made-up workspaces: ``make attack`` has the whole table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from rich.console import Console

from bench.attack import knowing
from bench.attack.attacks import ATTACKS, NOT_HELD
from bench.attack.audit import NARROWEST, audit
from bench.attack.histories import LARGEST, SMALLEST, history_of, week_at
from bench.attack.ledger import year_of
from bench.attack.rules import ACTIVE_5, MEMBERS_5, OURS
from bench.attack.running import SEED, SIZES, Plan, Result, attack_all
from bench.attack.scene import SILENT, Rule, Scene, World, contribution, seeded
from bench.attack.tables import missed, tables
from bench.attack.tallies import Attacker, Tally
from bot.domain.disclosure.caps import caps_of
from bot.domain.disclosure.contributions import Cell, Group
from bot.domain.disclosure.figures import Release, Rounded, TeamRelease, WeekRelease
from bot.domain.disclosure.parameters import Parameters
from bot.domain.disclosure.releasing import release_week
from bot.domain.keyed import Key

pytestmark = pytest.mark.no_cover  # tracing would double what many releases take
CELLS = (Cell.SPEND, Cell.MERGED_CHANGE)
SOME = 5 * len(SIZES)
FEW = 2 * len(SIZES)
DEFEATED = {
    "A1' all others collude",
    "A2b same week again",
    "A2c away for a week",
    "A3 nested group",
    "A4 0-20 dummies",
    "A5 total - siblings",
    "A5 public total",
    "A7 ratios",
}
"""What gives a victim away wherever five members are enough to show an exact sum."""


def attacked(rule: Rule, histories: int, attacks=tuple(ATTACKS)) -> Result:
    plan = Plan(rules=(rule,), caps_of=caps_of, attacks=attacks)
    return attack_all(plan, [SEED * 1_000_000 + number for number in range(histories)])


@pytest.fixture(scope="module")
def ours() -> Result:
    return attacked(OURS, SOME)


@pytest.mark.parametrize("attack", sorted(set(ATTACKS) - NOT_HELD))
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attacker", Attacker)
def test_attacking_a_release_is_no_better_than_guessing(ours, attack, cell, attacker):
    tally = ours.tallies.of(attack, cell, OURS.name, attacker)

    assert tally.trials >= SOME * 0.9
    assert tally.is_no_better(attacker.margin), (
        f"{tally.share:.1%} instead of {tally.guess_share:.1%}"
    )


def test_teams_of_all_sizes_are_attacked():
    assert [SIZES[seed % len(SIZES)] for seed in range(len(SIZES))] == list(
        range(SMALLEST, LARGEST + 1)
    )


@pytest.mark.parametrize("cell", CELLS)
def test_most_releases_are_there_to_be_attacked(ours, cell):
    shown = ours.usefulness.share(cell, (20, 40), "shown")

    assert shown > 0.8


@pytest.mark.parametrize("rule", [MEMBERS_5, ACTIVE_5], ids=lambda rule: rule.name)
def test_a_plain_rule_of_five_gives_victims_away(rule):
    found = attacked(rule, FEW, tuple(DEFEATED))

    given_away = {
        attack
        for attack in DEFEATED
        for cell in CELLS
        if found.tallies.of(attack, cell, rule.name, Attacker.READER).share > 0.6
        and not found.tallies.of(attack, cell, rule.name, Attacker.READER).is_no_better()
    }
    assert given_away == DEFEATED - ({"A4 0-20 dummies"} if rule is ACTIVE_5 else set())


def exact_sums(groups, caps, parameters, *, key, week) -> WeekRelease:
    """Everything as it should be, but for noise and rounding."""
    return _with_figures(groups, caps, parameters, key, week, lambda figure, exact: exact)


def rounded_sums(groups, caps, parameters, *, key, week) -> WeekRelease:
    def to_step(figure: Rounded, exact: Decimal) -> Decimal:
        return (exact / 5).quantize(Decimal(1)) * 5

    return _with_figures(groups, caps, parameters, key, week, to_step)


def noise_that_knows_no_members(groups, caps, parameters, *, key, week) -> WeekRelease:
    """The same for a team whoever is in it, so that it cancels when somebody leaves."""
    return _with_figures(
        groups, caps, parameters, key, week, lambda figure, exact: exact + 3 * figure.step
    )


def _with_figures(
    groups, caps, parameters, key, week, value: Callable[[Rounded, Decimal], Decimal]
) -> WeekRelease:
    release = release_week(groups, caps, parameters, key=key, week=week)
    members = {group.team: group.members for group in groups}

    def leaking(team: int, of_team: Release) -> Release:
        if not isinstance(of_team, TeamRelease):
            return of_team
        figures = {
            cell: Rounded(value=value(figure, _capped(members[team], cell, caps)), step=Decimal(0))
            for cell, figure in of_team.figures.items()
        }
        return replace(of_team, figures=figures)

    return replace(release, teams={team: leaking(team, one) for team, one in release.teams.items()})


def _capped(members, cell: Cell, caps: Mapping[Cell, Decimal]) -> Decimal:
    amounts = (one.amounts.get(cell, Decimal(0)) for one in members)
    return sum((min(amount, caps[cell]) for amount in amounts), Decimal(0))


@pytest.mark.parametrize("leak", [exact_sums, rounded_sums, noise_that_knows_no_members])
def test_a_planted_leak_is_found(leak):
    rule = Rule(name="leak", release=leak, noise=SILENT, is_exact=False)

    found = attacked(rule, FEW, ("A2b same week again",))

    assert any(
        name.startswith("A2b same week again, spend") for name in found.tallies.exceeded("leak")
    )


PEOPLE, CAP, STEP = 25, 100, 50
EXACT = sum(20 + one for one in range(PEOPLE))


@pytest.fixture(scope="module")
def released() -> np.ndarray:
    """What 600 installations would show of the same team."""
    members = tuple(contribution(one, 20.0 + one, 0, has_seat=True) for one in range(PEOPLE))
    releases = (
        release_week(
            [Group(team=1, members=members)],
            {Cell.SPEND: Decimal(CAP)},
            Parameters(),
            key=Key(number.to_bytes(32)),
            week=week_at(10),
        )
        for number in range(600)
    )
    return np.array([float(one.teams[1].figures[Cell.SPEND].value) for one in releases])


@pytest.fixture(scope="module")
def expected() -> np.ndarray:
    rng, noise, draws = np.random.default_rng(1), OURS.noise, 6_000
    size = rng.uniform(noise.smallest_shift, noise.largest_shift, (draws, PEOPLE))
    shifts = (rng.choice((-1, 1), size.shape) * size).sum(axis=1)
    of_set = noise.for_good * rng.uniform(-1, 1, draws)
    of_set = of_set + noise.of_the_quarter * rng.uniform(-1, 1, draws)
    return np.round((EXACT + CAP * noise.loudness(PEOPLE) * (of_set + shifts)) / STEP) * STEP


class TestTheNoiseThatAttackersKnow:
    """They would be straw men if it were not the noise that there is."""

    def test_spreads_as_far(self, released, expected):
        assert released.std() == pytest.approx(expected.std(), rel=0.1)

    def test_lies_as_often_in_the_middle(self, released, expected):
        near = [np.mean(np.abs(one - EXACT) < 60) for one in (released, expected)]

        assert near[0] == pytest.approx(near[1], abs=0.06)

    def test_is_not_to_one_side(self, released, expected):
        assert released.mean() == pytest.approx(expected.mean(), abs=10)


@pytest.mark.parametrize(
    ("tally", "is_no_better"),
    [
        pytest.param(Tally(), True, id="no-trials"),
        pytest.param(Tally(trials=100, hits=8, guessed=8), True, id="as-good-as-a-guess"),
        pytest.param(Tally(trials=100, hits=2, guessed=9, more=1, less=8), True, id="worse"),
        pytest.param(Tally(trials=100, hits=14, guessed=8, more=10, less=4), True, id="by-luck"),
        pytest.param(Tally(trials=100, hits=40, guessed=8, more=36, less=4), False, id="better"),
    ],
)
def test_an_attack_is_better_only_by_more_than_luck(tally, is_no_better):
    assert tally.is_no_better() is is_no_better


@pytest.mark.parametrize("cell", CELLS)
def test_a_quarter_of_releases_pins_nobody(cell):
    year = year_of(OURS, caps_of, cell, seed=3, weeks=13, sizes=(6, 14))

    found = audit(OURS, cell, year)

    assert len({one.person for one in found.intervals}) >= 12
    assert found.narrowest.width >= NARROWEST
    assert all(one.low - 0.01 <= one.true <= one.high + 0.01 for one in found.intervals)


@pytest.mark.parametrize("rule", [MEMBERS_5, ACTIVE_5], ids=lambda rule: rule.name)
def test_a_quarter_of_exact_sums_pins_somebody(rule):
    year = year_of(rule, caps_of, Cell.SPEND, seed=3, weeks=13, sizes=(6, 14))

    assert audit(rule, Cell.SPEND, year).narrowest.width < 0.01


def test_the_tables_have_every_attack_and_say_what_was_missed(ours):
    plan = Plan(rules=(OURS,), caps_of=caps_of, attacks=tuple(ATTACKS))
    console = Console(width=250)

    with console.capture() as written:
        for table in tables(plan, ours):
            console.print(table)

    assert all(written.get().count(attack) == 4 for attack in ATTACKS)
    assert not [line for line in missed(plan, ours) if line.startswith("A")]


def test_what_is_not_known_is_drawn_from_what_is_common():
    draws, key = seeded(1)
    world = World(history=history_of(12, Random(1)), caps_of=caps_of, victim=0, seed=1)
    scene = Scene(world=world, rule=OURS, key=key, rng=draws)

    drawn = knowing.others(scene, Cell.SPEND, 10, 20)

    everybody = scene.capped(range(len(world.history.people)), Cell.SPEND, 10)
    assert drawn.mean() == pytest.approx(20 * everybody.mean(), rel=0.1)
