"""Making the digests of a shard of people: reading, finding tips, working out, rendering."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from bench.results import Measurement
from bench.season import LAST_DAY, PROVIDERS, TODAY, WORK_SOURCE, Reader
from bot.blocks.digest import render_digest
from bot.clock import SetClock
from bot.coaching_side import rates_on
from bot.domain.coaching.rules import Finding, ShownTip
from bot.domain.digest import Digest, build_digest
from bot.domain.history import PersonalHistory
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.thresholds import THRESHOLDS
from bot.language import ENGLISH
from bot.services.coaching import Coach
from db.administration import AdministrationStore
from db.database import Database, make_engine
from db.embedded import Urls
from db.facts import FactsStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.tips import TipStore

NAME = "digests_per_second"
SHARD = 200
WEEK = IsoWeek.of(LAST_DAY).back(1)
LEAST_SAVING = THRESHOLDS["tip_minimum_saving"].default
FEWEST_OUTCOMES = THRESHOLDS["minimum_outcomes"].default
STAGES = ("reading", "coaching", "building", "rendering")


async def measure(urls: Urls, readers: Sequence[Reader], rounds: int) -> list[Measurement]:
    database = Database(make_engine(urls.worker))
    try:
        coach = _coach(database)
        shards = [_shard(readers, number) for number in range(rounds + 1)]
        stages = [await _shard_seconds(coach, shard) for shard in shards][1:]
    finally:
        await database.close()
    middle = [median(values) for values in zip(*stages, strict=True)]
    size = len(shards[0])
    return [
        Measurement(measure=NAME, value=size / sum(middle), unit="digests/s"),
        *(
            Measurement(measure=f"digests_{stage}_share", value=100 * one / sum(middle), unit="%")
            for stage, one in zip(STAGES, middle, strict=True)
        ),
    ]


def _shard(readers: Sequence[Reader], number: int) -> list[PersonId]:
    """Another 200 people each time, as in a night."""
    size = min(SHARD, len(readers))
    start = number * size % (len(readers) - size + 1)
    return [PersonId(reader.id) for reader in readers[start : start + size]]


def _coach(database: Database) -> Coach:
    return Coach(
        personal=PersonalStore(database),
        facts=FactsStore(database),
        tips=TipStore(database),
        preferences=PreferenceStore(database),
        administration=AdministrationStore(database),
        clock=SetClock(TODAY),
        rates_of=rates_on,
        sources=frozenset({*PROVIDERS, WORK_SOURCE}),
        work_sources=frozenset({WORK_SOURCE}),
    )


async def _shard_seconds(coach: Coach, people: Sequence[PersonId]) -> list[float]:
    moments = [time.perf_counter()]
    first = WEEK.back(RATIO_WEEKS - 1).monday
    histories = await coach.personal.histories_of(people, first, WEEK.period.last_day)
    moments.append(time.perf_counter())
    tips = await coach.prepare(histories, WEEK, LEAST_SAVING)
    moments.append(time.perf_counter())
    digests = [_digest(history, *tips[history.owner]) for history in histories]
    moments.append(time.perf_counter())
    messages = [render_digest(ENGLISH, digest) for digest in digests]
    moments.append(time.perf_counter())
    if not all("Spent: $" in message.text for message in messages):
        raise AssertionError("digests without figures are no measure")
    return [end - start for start, end in pairwise(moments)]


def _digest(history: PersonalHistory, tip: Finding | None, last_tip: ShownTip | None) -> Digest:
    digest = build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=FEWEST_OUTCOMES)
    return replace(digest, tip=tip, last_tip=last_tip)
