"""What the meters on cloud bills count: which kind of a model's tokens, and how many at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bot.domain.usage import TokenUsage

REGION = re.compile(r"(?:(?:[A-Z]{3,4}[0-9]|EU)-)?(?P<market>MP:[A-Z0-9]+_)?")
TOKENS = re.compile(
    r"(?:^|[-_ ])(?P<kind>(?:cache[-_ ]?(?P<cache>read|write)[-_ ]?)?(?P<side>input|output)?"
    r"(?:[-_ ]?tokens?(?:[-_ ]?count)?)s?)(?![a-z])(?P<variant>.*)",
    re.IGNORECASE,
)
ROUTE = re.compile(r"[-_ ]mantle$", re.IGNORECASE)
VARIANT = re.compile(r"[-_ ]+")
USUAL = {"", "standard", "units"}

SIZES = {"tokens": 1, "token": 1, "1k tokens": 1_000, "1m tokens": 1_000_000}
MARKET_UNIT = "units"
"""Of third parties' models, which Amazon sells through its marketplace: a million tokens each."""


class Meter(NamedTuple):
    """*part* is a field of ``TokenUsage``, and *size* how many tokens a unit has, ``None`` where
    nobody can tell; *cost_type* keeps batches and tiers apart.
    """

    model: str | None
    part: str | None
    cost_type: str
    size: Decimal | None


@lru_cache(maxsize=4096)
def meter(name: str, unit: str | None) -> Meter:
    """What *name*, such as ``USE1-Claude4.6Sonnet-cache-read-input-token-count``, stands for."""
    region = REGION.match(name)
    rest = name[region.end() :] if region else name
    found = TOKENS.search(rest)
    if found is None or not (found["cache"] or found["side"]):
        return Meter(None, None, rest, None)
    variant = [part for part in VARIANT.split(found["variant"].lower()) if part not in USUAL]
    model = ROUTE.sub("", rest[: found.start()]).strip("-_ ")
    return Meter(
        model=model or None,
        part=_part(found["cache"], found["side"]),
        cost_type="-".join(["tokens", *variant]),
        size=_size(unit, is_market=bool(region and region["market"])),
    )


def tokens(counts: Mapping[str, Decimal]) -> TokenUsage:
    """What *counts* by part come to."""
    return TokenUsage(
        input_uncached=round(counts.get("input_uncached", 0)),
        cache_read=round(counts.get("cache_read", 0)),
        cache_write=round(counts.get("cache_write", 0)),
        output=round(counts.get("output", 0)),
    )


def _part(cache: str | None, side: str | None) -> str:
    if cache:
        return f"cache_{cache.lower()}"
    return "output" if side and side.lower() == "output" else "input_uncached"


def _size(unit: str | None, *, is_market: bool) -> Decimal | None:
    unit = (unit or "").strip().lower()
    if is_market and unit == MARKET_UNIT:
        return Decimal(1_000_000)
    size = SIZES.get(unit)
    return None if size is None else Decimal(size)
