"""Keeping nothing longer than was said: a step of every night."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.domain.retention import Cutoffs
from bot.ports import AdministrationStore, Clock, RetentionStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    store: RetentionStore
    administration: AdministrationStore
    clock: Clock

    async def run(self) -> None:
        today = self.clock.now().date()
        thresholds = await self.administration.thresholds(today)
        cutoffs = Cutoffs.on(today, thresholds["retention_days"])
        deleted = await self.store.delete_before(cutoffs)
        log.info("old_rows_deleted", **{name: count for name, count in deleted.items() if count})
