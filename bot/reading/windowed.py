"""What sources of finished work share that are asked for a window of time, again and again.

A window reaches back behind what was read before, because work changes after it was finished: it
is reopened, taken back, or told of late.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.outcomes import Outcome
from bot.domain.people import Identity
from bot.domain.periods import Period
from bot.errors import SourceResponseError
from bot.http import Http, Retry
from bot.ports import OutcomeBatch
from bot.reading.soundness import hold_words, sound, with_addresses


class Reach(BaseModel):
    """How far back a source is read: the base of its settings."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    repull_days: int = Field(
        default=30, ge=1, description="how many days before the last reading are read again"
    )
    history_days: int = Field(default=91, ge=1, description="how many days are read at first")

    def window(self, until: datetime, since: datetime | None) -> Period:
        """What to read up to *until*; *since* is how far it was read before, if it was."""
        first = until - timedelta(days=self.history_days)
        if since is not None:
            first = min(until, since) - timedelta(days=self.repull_days)
        return Period(first.replace(microsecond=0), until.replace(microsecond=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What pages hold: *outcomes*, the latest word on each last, and whose the accounts are.

    *unfinished* are ids of work that is not done now, where nobody tells whether it ever was, and
    *withdrawn* those of work that was deleted.
    """

    outcomes: tuple[Outcome, ...]
    identities: Mapping[str, Identity] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


class WindowedSource(ABC):
    """A system of record that is asked over HTTP for what changed in a window.

    ``fetch`` talks to the network and understands nothing; ``parse`` understands everything and
    talks to nobody. Fetching a window twice is harmless. Both raise ``SourceError``.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, reach: Reach, http: Http) -> None:
        self._reach = reach
        self._http = http

    @classmethod
    @abstractmethod
    def from_config(
        cls, config: Any, *, retry: Retry | None = None, connect: Callable[..., Http] = Http
    ) -> Self: ...

    @abstractmethod
    def fetch(self, window: Period) -> AsyncIterator[Any]:
        """Pages with everything that changed in *window*, and maybe more."""

    @staticmethod
    @abstractmethod
    def parse(pages: Iterable[Any]) -> Found:
        """What *pages* say of finished work, also of what was finished and is not any more."""

    async def projects(self) -> frozenset[str] | None:
        """Every project that can be read, by the name outcomes give; ``None``: it cannot tell."""
        return None

    async def collect(
        self,
        until: datetime,
        *,
        since: datetime | None = None,
        known_addresses: Collection[str] | None = None,  # noqa: ARG002 - these know who is who
    ) -> OutcomeBatch:
        window = self._reach.window(until, since)
        readable = await self.projects()
        found = self._understood([page async for page in self.fetch(window)])
        latest = {outcome.source_id: sound(outcome) for outcome in found.outcomes}
        outcomes = tuple(o for o in latest.values() if o.completed_at and o.completed_at <= until)
        batch = OutcomeBatch(
            outcomes=outcomes,
            data_through=until,
            complete=False,
            report=_report(window, outcomes),
            identities=with_addresses(found.identities),
            readable=readable,
            unfinished=found.unfinished - {outcome.source_id for outcome in outcomes},
            withdrawn=found.withdrawn,
        )
        hold_words(batch)
        return batch

    def _understood(self, pages: Iterable[Any]) -> Found:
        try:
            return self.parse(pages)
        except OverflowError:
            raise SourceResponseError("a time is in no calendar") from None

    async def close(self) -> None:
        await self._http.close()


def _report(window: Period, outcomes: Collection[Outcome]) -> dict[str, Any]:
    return {
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "outcomes": len(outcomes),
        "outcomes_by_kind": dict(Counter(outcome.kind.value for outcome in outcomes)),
        "outcomes_credited": sum(bool(outcome.credits) for outcome in outcomes),
        "outcomes_reopened": sum(outcome.reopened_at is not None for outcome in outcomes),
    }
