"""Receiving: keep what was sent, and note how far it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from bot.domain.people import Proof
from bot.domain.received import CountedEvent, Received, ReceivedRecord
from bot.ports import Clock, HealthStore

log = structlog.get_logger()


class ReceivedStore(Protocol):
    """Keeps what is sent, and makes each account's day of it anew, in one transaction.

    Two at once end whole; *now* is product time. *proof* says how far an e-mail address is to be
    trusted. Raises ``BrokenDatabaseError``, with nothing of it stored, and ``ValueError`` for a
    provider that is not named as a sender.
    """

    async def put(
        self, records: Sequence[ReceivedRecord], now: datetime, *, proof: Proof = Proof.ADMIN_EMAIL
    ) -> Received: ...

    async def add(
        self, events: Sequence[CountedEvent], now: datetime, *, proof: Proof = Proof.ASSERTED
    ) -> Received: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """What is sent twice changes nothing, so whoever got no answer sends it again."""

    store: ReceivedStore
    health: HealthStore
    clock: Clock

    async def accept(
        self, records: Sequence[ReceivedRecord], *, proof: Proof = Proof.ADMIN_EMAIL
    ) -> Received:
        """Keep *records*; raises ``BrokenDatabaseError`` with none of them kept."""
        received = await self.store.put(records, self.clock.now(), proof=proof)
        return await self._noted(received)

    async def count(
        self, events: Sequence[CountedEvent], *, proof: Proof = Proof.ASSERTED
    ) -> Received:
        """Add *events* up, each once; raises ``BrokenDatabaseError`` with none of them counted."""
        received = await self.store.add(events, self.clock.now(), proof=proof)
        return await self._noted(received)

    async def _noted(self, received: Received) -> Received:
        now = self.clock.now()
        for provider, through in received.through.items():
            await self.health.source_succeeded(provider, through, now)
        log.info(
            "usage_received",
            senders=len(received.through),
            accepted=received.accepted,
            replaced=received.replaced,
        )
        return received
