"""``python -m bench``: one JSON object a line, and failure where a ratio is under its floor."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench import asking, decoding, digesting, ingest, linking, memory, night, nudging, season
from bench.results import Measurement
from bench.server import empty_database
from bot.logs import configure_logs


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    day_rows: int
    quarter_rows: int
    night_rows: int
    requests: int
    rounds: int


Measure = Callable[[Sizes], Iterable[Measurement]]
FULL = Sizes(day_rows=50_000, quarter_rows=1_000_000, night_rows=1_260_000, requests=600, rounds=7)
QUICK = Sizes(day_rows=10_000, quarter_rows=100_000, night_rows=120_000, requests=100, rounds=3)


def main(
    arguments: Sequence[str] | None = None, measures: Mapping[str, Measure] | None = None
) -> int:
    measures = MEASURES if measures is None else measures
    asked = _parser(measures).parse_args(arguments)
    sizes = QUICK if asked.quick else FULL
    missed = []
    for name, measure in measures.items():
        if asked.only not in (None, name):
            continue
        started = time.perf_counter()
        for measurement in measure(sizes):
            print(measurement.as_json(), flush=True)
            if not measurement.is_met:
                missed.append(measurement)
        _tell(f"{name}: {time.perf_counter() - started:.0f} s")
    for measurement in missed:
        enough = f"{measurement.floor} or more"
        _tell(f"missed: {measurement.measure}, {measurement.ratio} instead of {enough}")
    return 1 if missed else 0


def _parser(measures: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, for a first look")
    parser.add_argument(
        "--only", choices=list(measures), help="one of them; digests go with myusage"
    )
    return parser


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _ingest(sizes: Sizes) -> list[Measurement]:
    with empty_database() as urls:
        return asyncio.run(ingest.measure_in(urls, sizes.day_rows, sizes.rounds))


def _asking(sizes: Sizes) -> Iterator[Measurement]:
    """Both over the same quarter, which takes a while to fill."""
    with empty_database() as urls:
        readers = season.fill(urls, sizes.quarter_rows)
        yield from asyncio.run(asking.measure(urls, readers, sizes.requests))
        yield from asyncio.run(digesting.measure(urls, readers, sizes.rounds))


def _decoding(sizes: Sizes) -> Iterator[Measurement]:
    return decoding.measure(sizes.day_rows // 20, sizes.rounds)


def _memory(sizes: Sizes) -> list[Measurement]:
    with empty_database() as urls:
        return memory.measure_in(urls, sizes.day_rows)


def _night(sizes: Sizes) -> list[Measurement]:
    with empty_database() as urls:
        return night.measure_in(urls, sizes.night_rows)


def _linking(sizes: Sizes) -> list[Measurement]:
    with empty_database() as urls:
        return linking.measure_in(urls, sizes.night_rows)


def _nudging(sizes: Sizes) -> Iterator[Measurement]:
    return nudging.measure(nudging.PEOPLE, min(sizes.rounds, nudging.MOST_SEEDS))


MEASURES: Mapping[str, Measure] = {
    ingest.NAME: _ingest,
    asking.NAME: _asking,
    decoding.NAME: _decoding,
    memory.NAME: _memory,
    night.NAME: _night,
    linking.NAME: _linking,
    nudging.NAME: _nudging,
}

if __name__ == "__main__":
    configure_logs("WARNING")
    sys.exit(main())
