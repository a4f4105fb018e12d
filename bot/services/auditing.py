"""Verifying chains of seals from their first row to their last, a few rows at a time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.keyed import Key
from bot.domain.ledger import Sealed, first_broken

AT_ONCE = 500
_SHOWN = ("week", "at", "scope", "action")
_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """``entries`` hold, up to the one whose seal is ``last``; ``broken`` says what comes then.

    ``seen`` are those of the asked-for beginnings of seals that are in it.
    """

    chain: str
    entries: int
    last: bytes | None
    broken: str | None
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditing:
    """``chains`` are read by their names, under which they are sealed with ``key``."""

    key: Key
    chains: Mapping[str, Callable[[], AsyncIterator[Sealed]]]

    async def verify(self, kept: Collection[str] = ()) -> list[Verified]:
        """Every chain; *kept* are beginnings of seals, in hex, that somebody kept elsewhere."""
        return [await self._verify(chain, read(), kept) for chain, read in self.chains.items()]

    async def _verify(
        self, chain: str, rows: AsyncIterator[Sealed], kept: Collection[str]
    ) -> Verified:
        found = Verified(chain=chain, entries=0, last=None, broken=None)
        before: list[Sealed] = []
        async for several in _by_several(rows):
            # With the one before them, over which the first of them is sealed.
            joined = [*before, *several]
            place = first_broken(self.key, chain, joined)
            holding = several if place is None else joined[len(before) : place]
            found = _longer(found, holding, kept)
            if place is not None:
                return replace(found, broken=_said_by(joined[place]))
            before = several[-1:]
        return found


def _longer(found: Verified, rows: Sequence[Sealed], kept: Collection[str]) -> Verified:
    seals = [row.seal for row in rows]
    seen = {begins for begins in kept for seal in seals if seal.hex().startswith(begins)}
    return replace(
        found,
        entries=found.entries + len(seals),
        last=seals[-1] if seals else found.last,
        seen=found.seen | seen,
    )


async def _by_several(rows: AsyncIterator[Sealed]) -> AsyncIterator[list[Sealed]]:
    several: list[Sealed] = []
    async for row in rows:
        several.append(row)
        if len(several) == AT_ONCE:
            yield several
            several = []
    if several:
        yield several


def _said_by(row: Sealed) -> str:
    """When and of what it is, with no figure: what else it says is not to be believed anyway."""
    try:
        body = json.loads(row.body)
    except ValueError:
        body = None
    told = [*_told(body)] if isinstance(body, dict) else []
    return ", ".join(told) or "no readable entry"


def _told(body: Mapping[str, Any]) -> list[str]:
    team = body.get("team")
    number = team.get("id") if isinstance(team, dict) else None
    values = [*((name, body.get(name)) for name in _SHOWN), ("team", number)]
    return [
        # Whoever changed the row may have written anything, for a terminal too.
        f"{name} {ascii(value)[:_LONGEST]}"
        for name, value in values
        if isinstance(value, str | int)
    ]
