"""How long facts are kept is what admins set; the other spans are the same everywhere."""

from __future__ import annotations

from datetime import date, timedelta

from bot.clock import SetClock
from bot.domain.retention import Cutoffs
from bot.services.retention import Retention
from db.administration import AdministrationStore
from db.retention import RetentionStore
from tests.db.everything_personal import fill
from tests.factories import NOON


class Remembers(RetentionStore):
    """Deletes, and knows up to when it was told to."""

    async def delete_before(self, cutoffs: Cutoffs):
        self.told = cutoffs
        return await super().delete_before(cutoffs)


async def run(database, now=NOON) -> Cutoffs:
    store = Remembers(database)
    administration = AdministrationStore(database)
    await Retention(store=store, administration=administration, clock=SetClock(now)).run()
    return store.told


async def test_is_180_days_unless_anything_else_was_set(database):
    await fill(database)

    assert await run(database) == Cutoffs(
        facts=date(2025, 9, 26),
        bodies=date(2026, 2, 23),
        departed=date(2026, 2, 23),
        records=date(2025, 2, 18),
    )


async def test_is_what_was_set_from_the_next_week_on(database):
    await AdministrationStore(database).set_threshold(
        "retention_days", 120, NOON.date(), "UBOSS", NOON
    )

    assert (await run(database)).facts == date(2025, 9, 26)
    assert (await run(database, NOON + timedelta(days=7))).facts == date(2025, 12, 2)
