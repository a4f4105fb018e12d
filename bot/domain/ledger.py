"""The ledger of releases: each entry is sealed over the one before it, so that none can change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.keyed import Key
from bot.domain.periods import IsoWeek

BEGINNING = b""
"""What the first seal of a chain is made over."""


class Scope(StrEnum):
    """Of whom an entry tells: one team, all that are too small together, or the workspace."""

    TEAM = "team"
    OTHER = "other"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A row of a chain: what it says, canonically written, and the seal over it and all before."""

    body: str
    previous: bytes
    seal: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """``team`` is ``None`` unless the scope is a team's; ``body`` is canonical JSON."""

    week: IsoWeek
    scope: Scope
    team: int | None
    released_at: datetime
    body: str


def seal(key: Key, chain: str, previous: bytes, body: str) -> bytes:
    """The seal of *body* in the chain called *chain*, after *previous*."""
    return key.tag(f"seal of {chain}", previous, body)


def first_broken(key: Key, chain: str, rows: Iterable[Sealed]) -> int | None:
    """The place of the first row, from 0, whose seal does not hold; ``None`` where all do.

    The first row may follow others that were deleted when their time was over.
    """
    previous: bytes | None = None
    for place, row in enumerate(rows):
        follows = previous is None or row.previous == previous
        if not (follows and row.seal == seal(key, chain, row.previous, row.body)):
            return place
        previous = row.seal
    return None
