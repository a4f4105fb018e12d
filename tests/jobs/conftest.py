"""What tests of the jobs may ask for: Upshot put together, with a week of use and work."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.teams import TeamSource
from db.queue import make_queue
from tests.factories import (
    MONDAY,
    make_batch,
    make_day,
    make_membership,
    make_outcome,
    make_record,
    make_team,
)
from tests.jobs.installation import (
    A_DAY,
    MONDAY_AFTER,
    NAMES,
    ONE_WEEK_BEFORE,
    Installation,
)


@pytest.fixture
async def upshot(database, urls):
    queue = make_queue(urls.worker)
    async with queue.open_async():
        installation = Installation(database, queue)
        records = [make_record(name, cost=Decimal(20)) for name in NAMES]
        for back in range(7):
            day = MONDAY + back * A_DAY
            installation.provider.answers[day] = make_day(*records, day=day)
        work = [make_outcome(n, name) for n, name in enumerate(NAMES)]
        installation.source.batch = make_batch(*work, data_through=MONDAY_AFTER)
        yield installation


@pytest.fixture
async def acquainted(upshot):
    """Everybody was welcomed before the week began, and is in one team."""
    installation = upshot
    await installation.live_through(ONE_WEEK_BEFORE)
    members = [make_membership(name) for name in NAMES]
    await installation.stores.teams.sync(
        TeamSource.FILE, [make_team(time_zone="UTC")], members, today=ONE_WEEK_BEFORE.date()
    )
    return installation
