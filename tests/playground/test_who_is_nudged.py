"""The real bot in a company with a past: whose agents ran on are asked, and tips come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.app import Upshot, open_upshot
from bot.database import DatabaseUrls
from bot.domain.periods import midnight
from bot.playground.company import make_company
from bot.playground.elsewhere import SharedClock
from bot.playground.readers import tips_in
from bot.playground.world import World, open_world
from jobs.once import run_all_due

COMPANY = make_company(
    people=30, weeks=3, weeks_before=11, ends=date(2026, 11, 16), longest_revision_days=1
)
MORNING, AFTERNOON, EVENING = timedelta(hours=6), timedelta(hours=14), timedelta(hours=22)
"""One of them is within working hours wherever somebody lives."""
SOURCES = frozenset({"anthropic", "openai", "git"})
DAYS_OF_LOOKS = (-21, -10, -7, -4, 0)
"""Before today: when the bot comes, and when there may be something new to say."""


@dataclass(frozen=True, kw_only=True)
class Lived:
    world: World
    upshot: Upshot

    async def nudges(self) -> dict[str, tuple[str, date, str | None]]:
        """Of each person the last: what kind, when, and what was answered."""
        query = text(
            "SELECT p.slack_user_id, n.kind, n.told_on, n.answer FROM nudges n"
            " JOIN people p ON p.id = n.person_id ORDER BY n.told_on"
        )
        async with self.upshot.database.for_jobs() as connection:
            return {who: tuple(rest) for who, *rest in await connection.execute(query)}


@pytest.fixture
async def lived(urls, tmp_path) -> AsyncIterator[Lived]:
    """Three weeks with the bot."""
    clock = SharedClock(midnight(COMPANY.installed_on) + MORNING)
    given = DatabaseUrls(owner=urls.owner, worker=urls.worker)
    with open_world(COMPANY, tmp_path, clock, port=0, sources=SOURCES) as world:
        async with open_upshot(world.settings, given, clock) as upshot:
            for moment in moments():
                clock.move_to(moment)
                world.advance(moment)
                await run_all_due(upshot.queue, upshot.tick)
            yield Lived(world=world, upshot=upshot)


def moments() -> Iterator[datetime]:
    for days in DAYS_OF_LOOKS:
        midnight_then = midnight(COMPANY.closed_until + timedelta(days=days))
        yield from (midnight_then + hours for hours in (MORNING, AFTERNOON, EVENING))


async def test_they_have_an_unanswered_question_and_others_have_tips(lived):
    nudges = await lived.nudges()
    now = midnight(COMPANY.closed_until) + EVENING
    ran = COMPANY.nudged_by(now)

    assert {runaway.is_loop for runaway in ran} == {True, False}
    for runaway in ran:
        kind, told_on, answer = nudges[runaway.person]
        assert kind == ("two_weeks" if runaway.is_loop else "cost_guard")
        assert COMPANY.closed_until - told_on <= timedelta(weeks=2)
        assert answer is None
        assert any("nudge" in str(m.blocks) for m in lived.world.slack.dms_to(runaway.person))

    slack = lived.world.slack
    tips = {rule for person in COMPANY.people for rule in tips_in(slack.dms_to(person))}
    assert tips
