"""The demo's weeks: the bot sleeps through most nights, and nobody misses or gets twice a thing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot.blocks.delivery import stamp_of
from bot.playground.opening import House, live_through, opened_house
from bot.playground.page.stage import EndOfTimeError, Goal
from bot.playground.show import stage_of
from bot.playground.telling import telling
from bot.playground.wishes import wished

WEEKS = 2


async def test_whoever_reads_weekly_reads_each_week_once_and_goes_on_to(tmp_path):
    wishes = wished(
        people=23,
        weeks=WEEKS,
        seed=2026,
        today=date(2026, 11, 20),
        sources="anthropic,git",
        is_check=False,
    )
    with telling() as bar:
        async with opened_house(wishes, tmp_path, bar) as house:
            await live_through(house, wishes, bar)
            assert house.season.now == datetime(2026, 11, 17, 14, tzinfo=UTC)
            at_first = await digests(house)
            stage = stage_of(house)
            await stage.time.settle()
            assert await digests(house) == at_first

            await stage.time.move(Goal.NEXT_MONDAY)
            await stage.time.move(Goal.TOMORROW)
            later = await digests(house)

            company = house.world.company
            house.season._clock.move_to(stage.time.last_moment)
            with pytest.raises(EndOfTimeError):
                await stage.time.move(Goal.TOMORROW)

    welcomed = WEEKS - 1
    assert set(at_first.values()) == {welcomed}
    assert set(later.values()) == {welcomed + 1}
    assert at_first.keys() == later.keys()
    assert len(at_first) > len(company.people) / 2
    assert {command.name for command in stage.commands} == {"/myusage", "/teamusage", "/usageadmin"}
    assert [shortcut.name for shortcut in stage.shortcuts] == ["Log as outcome"]


async def digests(house: House) -> Counter[str]:
    """How many each person has in Slack; raises if one came twice."""
    async with house.upshot.database.for_jobs() as connection:
        planned = set(
            await connection.scalars(text("SELECT id::text FROM deliveries WHERE kind = 'digest'"))
        )
    stamps = [
        (person, stamp)
        for person in house.world.company.people
        for message in house.world.slack.dms_to(person)
        if (stamp := stamp_of(message.blocks)) in planned
    ]
    assert len(stamps) == len(set(stamps)) == len(planned)
    return Counter(person for person, _ in stamps)
