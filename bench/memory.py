"""How much memory a process needs to take in a day: a child of its own, from bytes to commit."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.pages.anthropic import MODELS_A_PERSON, anthropic_day
from bench.results import Measurement
from bench.season import LAST_DAY
from bot.providers.anthropic import Anthropic
from db.database import Database, make_engine
from db.embedded import Urls
from db.usage import UsageStore

NAME = "peak_memory_mb"
_ASKED = datetime(2026, 11, 22, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    url: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """In MB; ``idle`` before the day came."""

    idle: float
    busy: float


def measure_in(urls: Urls, rows: int) -> list[Measurement]:
    # Over standard input: the URL holds a password, and arguments are for all to see.
    child = subprocess.run(
        [sys.executable, "-m", "bench.memory"],
        input=msgspec.json.encode(Order(url=urls.worker, rows=rows)),
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        check=True,
    )
    peaks = msgspec.json.decode(child.stdout, type=Peaks)
    return [
        Measurement(measure=NAME, value=peaks.busy, unit="MB"),
        Measurement(measure="idle_memory_mb", value=peaks.idle, unit="MB"),
    ]


async def _take_in(order: Order) -> Peaks:
    idle = peak_mb()
    pages = anthropic_day(LAST_DAY, order.rows // MODELS_A_PERSON)
    answer = Anthropic.parse(LAST_DAY, (page.decode() for page in pages))
    database = Database(make_engine(order.url))
    try:
        await UsageStore(database).replace_day(answer, _ASKED)
    finally:
        await database.close()
    return Peaks(idle=idle, busy=peak_mb())


def peak_mb() -> float:
    """The most this process ever held; ``ru_maxrss`` would begin with what its parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    print(msgspec.json.encode(asyncio.run(_take_in(order))).decode())
