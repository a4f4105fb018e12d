"""All attacks on many histories, on as many processes as wanted; the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random

from bench.attack.attacks import ATTACKS
from bench.attack.attacks.weeks import BEFORE, NOW
from bench.attack.evidence import judge
from bench.attack.histories import LARGEST, SMALLEST, History, history_of
from bench.attack.scene import CapsOf, Rule, Scene, World, seeded
from bench.attack.tallies import Tallies
from bench.attack.usefulness import Usefulness

SEED = 2026
SIZES = range(SMALLEST, LARGEST + 1)
CHUNK = 4
"""Histories of each size that one process takes at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is attacked, and how; the last rule is ours."""

    rules: Sequence[Rule]
    caps_of: CapsOf
    attacks: Sequence[str]

    @property
    def ours(self) -> Rule:
        return self.rules[-1]


@dataclass(slots=True)
class Result:
    tallies: Tallies = field(default_factory=Tallies)
    usefulness: Usefulness = field(default_factory=Usefulness)
    histories: int = 0

    def merge(self, other: Result) -> None:
        self.tallies.merge(other.tallies)
        self.usefulness.merge(other.usefulness)
        self.histories += other.histories


def run(plan: Plan, histories: int, *, processes: int = 2) -> Iterator[Result]:
    """Results so far, again and again, the last of which is the whole."""
    seeds = [SEED * 1_000_000 + number for number in range(histories)]
    chunks = [seeds[at : at + CHUNK * len(SIZES)] for at in range(0, histories, CHUNK * len(SIZES))]
    whole = Result()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(attack_all, plan, chunk) for chunk in chunks]):
            whole.merge(future.result())
            yield whole


def attack_all(plan: Plan, seeds: Sequence[int]) -> Result:
    result = Result()
    for seed in seeds:
        attack_one(plan, SIZES[seed % len(SIZES)], seed, result)
    return result


def attack_one(plan: Plan, size: int, seed: int, result: Result) -> None:
    rng = Random(seed)
    history = history_of(size, rng)
    world = World(history=history, caps_of=plan.caps_of, victim=_victim(history, rng), seed=seed)
    result.histories += 1
    for rule in plan.rules:
        draws, key = seeded(seed)
        scene = Scene(world=world, rule=rule, key=key, rng=draws)
        for name in plan.attacks:
            for trial in ATTACKS[name](scene):
                if trial.truth > 0:
                    result.tallies.add(name, trial.cell, rule.name, size, judge(trial))
        if rule is plan.ours:
            result.usefulness.look(scene)


def _victim(history: History, rng: Random) -> int:
    """Somebody of the first team of whom there is something to find, if there is anybody."""
    team = history.teams[0]
    busy = [
        one
        for one in team
        if all(history.people[one].spend[week] for week in (BEFORE, NOW))
        and all(history.people[one].outcomes[week] for week in (BEFORE, NOW))
    ]
    return rng.choice(busy or team)
