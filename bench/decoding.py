"""From the bytes of a source's pages to records, beside the bare decoding of the same bytes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

from bench.pages import assistants, bills, gateways, sent
from bench.pages.anthropic import anthropic
from bench.pages.openai import openai
from bench.pages.wire import Source
from bench.results import Measurement

NAME = "decode_and_map"
FLOOR = 0.60
LEAST_ROUNDS = 9
"""They are short, and the quickest counts."""

SOURCES: tuple[Callable[[int], Source], ...] = (
    anthropic,
    openai,
    assistants.chatgpt,
    assistants.copilot,
    assistants.cursor,
    assistants.kiro,
    bills.bedrock,
    gateways.litellm,
    gateways.openrouter,
    gateways.langfuse,
    assistants.gemini_code_assist,
    bills.google_cloud,
    assistants.devin,
    assistants.windsurf,
    bills.focus,
    sent.neutral,
    sent.telemetry,
)


def measure(people: int, rounds: int) -> Iterator[Measurement]:
    for make in SOURCES:
        yield from measure_one(make(people), max(rounds, LEAST_ROUNDS))


def measure_one(source: Source, rounds: int) -> Iterator[Measurement]:
    """The quickest round of each: on a machine that others use too, the one least disturbed."""
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(_seconds(lambda: _understand(source)))
        bare.append(_seconds(lambda: _decode(source)))
    bare_speed = source.rows / min(bare)
    yield Measurement(
        measure=f"{NAME}_{source.name}",
        value=source.rows / min(ours),
        unit="rows/s",
        floor=min(FLOOR, source.enough / bare_speed),
        ratio=min(bare) / min(ours),
    )
    yield Measurement(measure=f"bare_decode_{source.name}", value=bare_speed, unit="rows/s")


def _seconds(work: Callable[[], None]) -> float:
    """Of this process's time, not of the clock's."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def _understand(source: Source) -> None:
    if not source.understand(page.decode() for page in source.pages):
        raise AssertionError(f"{source.name}: nothing was mapped")


def _decode(source: Source) -> None:
    for page in source.pages:
        source.bare(page.content)
