"""The page on a stage: a small company, a real Slack stand-in, a little bot and a clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from bot.playground.company import Company, make_company
from bot.playground.page import make_page
from bot.playground.page.stage import (
    ClockBusyError,
    EndOfTimeError,
    Goal,
    MessageShortcut,
    Progress,
    SlashCommand,
    Stage,
)
from bot.playground.serving import serving
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.person import Person
from bot.playground.slack.stand_in import SlackStandIn
from tests.browser.chromium import required_chromium
from tests.playground.page.little_bot import SHORTCUT, LittleBot

MONDAY = datetime(2025, 11, 17, 14, tzinfo=UTC)
COMMANDS = (
    SlashCommand(name="/myusage", description="Your own", hint="[week|log|export|later|help]"),
    SlashCommand(name="/teamusage", description="Your team's", hint="[TEAM|help]"),
)
SHORTCUTS = (MessageShortcut(callback_id=SHORTCUT, name="Log as outcome"),)
STEPS = {Goal.TOMORROW: 1, Goal.NEXT_MONDAY: 7, Goal.NEXT_MONTH: 14}


@dataclass(kw_only=True)
class FakeTimeMachine:
    """Goes a day at a step, and waits before each while it is held."""

    bot: LittleBot
    now: datetime = MONDAY
    progress: Progress | None = None
    last_moment: datetime = MONDAY + timedelta(days=20)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    stands: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it has been moved."""
    fails: bool = False

    def __post_init__(self) -> None:
        self.may_go.set()

    async def move(self, goal: Goal) -> None:
        if self.progress is not None:
            raise ClockBusyError
        if self.now + timedelta(days=STEPS[goal]) > self.last_moment:
            raise EndOfTimeError
        self.stands.clear()
        try:
            for step in range(STEPS[goal]):
                self.progress = Progress(done=step, total=STEPS[goal], at=self.now)
                await self.may_go.wait()
                if self.fails:
                    raise OSError
                self.now += timedelta(days=1)
                await self.bot.run_due()
        finally:
            self.progress = None
            self.stands.set()

    async def settle(self) -> None:
        await self.bot.run_due()


@pytest.fixture(scope="session")
def company() -> Company:
    return make_company(people=23, weeks=1, ends=date(2025, 11, 22))


@pytest.fixture
def slack(company: Company, clock_hand: list[FakeTimeMachine]) -> Iterator[SlackStandIn]:
    stand_in = SlackStandIn(
        team_name="Acme",
        users=[
            SlackUser(
                id=entry.slack_id,
                name=entry.handle,
                real_name=entry.name,
                is_restricted=entry.kind == "guest",
                is_bot=entry.kind == "bot",
                deleted=entry.kind == "deactivated",
            )
            for entry in company.directory
        ],
        channels=[
            SlackChannel(id=team.channel_id, name=team.channel_name, members=team.members)
            for team in company.teams
        ],
        calendar=lambda: clock_hand[-1].now,
    )
    with stand_in.serving():
        yield stand_in


@pytest.fixture
def clock_hand() -> list[FakeTimeMachine]:
    """Holds the clock, which comes after what it stamps."""
    return []


@pytest.fixture
def bot(slack: SlackStandIn) -> LittleBot:
    return LittleBot(slack)


@pytest.fixture
def clock(bot: LittleBot, clock_hand: list[FakeTimeMachine]) -> FakeTimeMachine:
    clock_hand.append(FakeTimeMachine(bot=bot))
    return clock_hand[-1]


@pytest.fixture
def stage(
    company: Company, slack: SlackStandIn, bot: LittleBot, clock: FakeTimeMachine
) -> Iterator[Stage]:
    with serving(bot.app) as door:
        yield Stage(
            company=company,
            slack=slack,
            time=clock,
            admin=company.employees[0].slack_id,
            commands=COMMANDS,
            shortcuts=SHORTCUTS,
            connect=lambda on_ack: Person(slack, f"{door}/slack/events", on_ack=on_ack),
        )


@pytest.fixture
def page(stage: Stage) -> Starlette:
    return make_page(stage)


@pytest.fixture
async def browser(page: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(page, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", follow_redirects=True
    ) as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium() -> str:
    return required_chromium()


@pytest.fixture
def ada(company: Company) -> str:
    """Somebody who manages nobody."""
    managers = {team.manager for team in company.teams}
    return next(one.slack_id for one in company.employees if one.slack_id not in managers)


@pytest.fixture
def bob(company: Company, ada: str) -> str:
    """Somebody of another team."""
    team = company.people[ada].team
    return next(one.slack_id for one in company.employees if one.team != team)


@pytest.fixture
def guest(company: Company) -> str:
    return next(entry.slack_id for entry in company.directory if entry.kind == "guest")
