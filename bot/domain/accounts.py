"""Whose account it is, since when, and how that was proven. Never by what anybody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bot.domain.people import PersonId, Proof

EVER = date.min
STILL = date.max
OBJECTION = timedelta(hours=24)
"""So long the person whom an admin names can say no, before anything is linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLink:
    """Theirs are the days from *valid_from* up to, not including, *valid_to*."""

    source: str
    account: str
    proof: Proof
    valid_from: date = EVER
    valid_to: date = STILL

    @property
    def is_open(self) -> bool:
        return self.valid_to == STILL


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCounts:
    """A source's accounts, by what proved whose they are; ``None`` counts those that are nobody's.

    ``waiting`` are those that an admin gave to somebody who may still say no.
    """

    source: str
    by_proof: Mapping[Proof | None, int]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """An admin's word that an account is *person*'s; it holds from ``effective_at`` on at the
    earliest, and no sooner than that after the person was told.
    """

    id: UUID
    source: str
    account: str
    person: PersonId
    asserted_by: str
    asserted_at: datetime

    @property
    def effective_at(self) -> datetime:
        return self.asserted_at + OBJECTION
