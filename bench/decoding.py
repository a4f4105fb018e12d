"""From the bytes of a provider's pages to records, beside msgspec's bare decoding of the bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import msgspec

from bench.pages import WirePage, anthropic_day, openai_day
from bench.results import Measurement
from bench.season import LAST_DAY
from bot.domain.usage import ProviderDay
from bot.providers.anthropic import Anthropic
from bot.providers.openai import OpenAI

NAME = "decode_and_map"
WAYS: tuple[tuple[str, Callable[..., ProviderDay], Callable[..., Any]], ...] = (
    ("anthropic", Anthropic.parse, anthropic_day),
    ("openai", OpenAI.parse, openai_day),
)


def measure(people: int, rounds: int) -> list[Measurement]:
    return [
        _measure(name, parse, list(make(LAST_DAY, people)), rounds) for name, parse, make in WAYS
    ]


def _measure(
    name: str, parse: Callable[..., ProviderDay], pages: Sequence[WirePage], rounds: int
) -> Measurement:
    ours, raw = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        answer = parse(LAST_DAY, [page.decode() for page in pages])
        decoded = time.perf_counter()
        for page in pages:
            msgspec.json.decode(page.content)
        ours.append(decoded - started)
        raw.append(time.perf_counter() - decoded)
        if not answer.records:
            raise AssertionError(f"{name}: nothing was mapped")
    return Measurement(
        measure=f"{NAME}_{name}",
        value=sum(page.rows for page in pages) / median(ours),
        unit="rows/s",
        ratio=median(bare / own for own, bare in zip(ours, raw, strict=True)),
    )
