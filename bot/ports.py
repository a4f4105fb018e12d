"""What the use cases need of the world. Adapters provide it; tests pass fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from bot.domain.outcomes import Outcome
from bot.domain.usage import ProviderDay


class Clock(Protocol):
    """Product time: what day it is and what is due. Leases and signatures use real time."""

    def now(self) -> datetime: ...


class Capability(StrEnum):
    PER_PERSON = "per person"
    TOKENS = "tokens"
    REQUESTS = "requests"
    BILLED_COST = "billed cost"
    LIST_COST = "list cost"


class UsageProvider(Protocol):
    """Reads one AI provider's usage and spend, a UTC day at a time.

    ``fetch`` talks to the network and understands nothing; ``parse`` understands everything and
    talks to nobody. Fetching a day twice is harmless. Both raise ``SourceError``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]]
    repull_days: ClassVar[int]
    """How many closed days are asked for again every night, because figures still move."""

    def fetch(self, day: date) -> AsyncIterator[Any]: ...

    @staticmethod
    def parse(day: date, pages: Iterable[Any]) -> ProviderDay: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeBatch:
    """What a source of outcomes knows: *outcomes* replace what it said of them before.

    ``complete`` says that they are all there are, so that what is missing has vanished;
    ``emails`` gives the address that the source proves for an account; ``report`` holds counts
    for the operator (``upshot collect --json``).
    """

    outcomes: tuple[Outcome, ...]
    data_through: datetime
    complete: bool
    report: dict[str, Any]
    emails: Mapping[str, str] = field(default_factory=dict)


class OutcomeSource(Protocol):
    """Reads finished work from one system of record, up to a moment of product time."""

    name: ClassVar[str]
    title: ClassVar[str]

    async def collect(self, until: datetime) -> OutcomeBatch: ...

    async def close(self) -> None: ...
