"""The list of one's own finished work, as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.links import LinkLevel
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """One piece of work; ``also_in`` are the other sources that tell of it.

    ``share`` is below one where several people share in it; ``level`` is ``None`` where nothing
    links it to AI use; ``tools`` are those whose help shows.
    """

    owner: PersonId
    source: str
    source_id: str
    kind: OutcomeKind
    state: OutcomeState
    completed_on: date
    tier: Tier
    level: LinkLevel | None = None
    tools: tuple[str, ...] = ()
    title: str | None = None
    url: str | None = None
    share: Decimal = Decimal(1)
    also_in: tuple[str, ...] = ()
