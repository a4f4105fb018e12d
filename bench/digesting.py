"""Making the digests of a shard of people: reading, working out, rendering."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from bench.results import Measurement
from bench.season import LAST_DAY, Reader
from bot.blocks.digest import render_digest
from bot.domain.digest import build_digest
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek
from bot.domain.ratios import RATIO_WEEKS
from bot.language import ENGLISH
from db.database import Database, make_engine
from db.embedded import Urls
from db.personal import PersonalStore

NAME = "digests_per_second"
SHARD = 200
WEEK = IsoWeek.of(LAST_DAY).back(1)
STAGES = ("reading", "building", "rendering")


async def measure(urls: Urls, readers: Sequence[Reader], rounds: int) -> list[Measurement]:
    database = Database(make_engine(urls.worker))
    try:
        store = PersonalStore(database)
        shards = [_shard(readers, number) for number in range(rounds + 1)]
        stages = [await _shard_seconds(store, shard) for shard in shards][1:]
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


async def _shard_seconds(store: PersonalStore, people: Sequence[PersonId]) -> list[float]:
    moments = [time.perf_counter()]
    first = WEEK.back(RATIO_WEEKS - 1).monday
    histories = await store.histories_of(people, first, WEEK.period.last_day)
    moments.append(time.perf_counter())
    digests = [
        build_digest(history, WEEK.period, is_closed=True, minimum_outcomes=5)
        for history in histories
    ]
    moments.append(time.perf_counter())
    messages = [render_digest(ENGLISH, digest) for digest in digests]
    moments.append(time.perf_counter())
    if not all("Spent: $" in message.text for message in messages):
        raise AssertionError("digests without figures are no measure")
    return [end - start for start, end in pairwise(moments)]
