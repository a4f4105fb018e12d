"""Where usage and finished work are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, Self

from bot.domain.night import Freshness
from bot.domain.outcomes import Outcome
from bot.domain.people import Identity
from bot.domain.usage import CostBasis, ProviderDay


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can tell, for the README and for ``upshot check``.

    ``cost`` holds every basis that its amounts may have; ``freshness`` says how late figures come
    and for how long they move; ``identity`` how an account is named and becomes a person's.
    """

    per_person: bool
    tokens: bool
    requests: bool
    cost: tuple[CostBasis, ...]
    freshness: str
    identity: str
    sees_others: bool = False
    """A gateway or observer: the providers behind it bill the use that it tells of."""


class UsageProvider(Protocol):
    """Reads one AI provider's usage and spend, a UTC day at a time.

    ``fetch`` talks to the network and understands nothing; ``parse`` understands everything and
    talks to nobody: it is given the pages as they come, in a thread of its own. Fetching a day
    twice is harmless. Both raise ``SourceError``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    freshness: ClassVar[Freshness]

    @classmethod
    def from_config(cls, config: Any, *, retry: Any = None) -> Self: ...

    def fetch(self, day: date) -> AsyncIterator[Any]: ...

    @staticmethod
    def parse(day: date, pages: Iterable[Any]) -> ProviderDay: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeBatch:
    """What a source of outcomes knows: *outcomes* replace what it said of them before.

    ``complete`` says that they are all there are, so that what is missing has vanished;
    ``identities`` gives the address that the source names for an account; ``report`` holds counts
    for the operator (``upshot collect --json``). ``readable`` has every project that could be
    read, ``None`` where the source does not tell. ``unfinished`` are ids of work that is not done
    now: where it was, it has been reopened; ``withdrawn`` of what is not there any more.
    """

    outcomes: tuple[Outcome, ...]
    data_through: datetime
    complete: bool
    report: dict[str, Any]
    identities: Mapping[str, Identity] = field(default_factory=dict)
    readable: frozenset[str] | None = None
    unfinished: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


class OutcomeSource(Protocol):
    """Reads finished work from one system of record, up to a moment of product time.

    *since* is how far it was read before, ``None`` the first time; *known_addresses* are those of
    the directory, by which a person with several is known.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,
        known_addresses: Collection[str] | None = None,
    ) -> OutcomeBatch: ...

    async def close(self) -> None: ...
