"""What the page stands on: a company, its Slack, the bot's door, and a clock to be moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.playground.company import Company
from bot.playground.slack.person import Ack, Person
from bot.playground.slack.stand_in import SlackStandIn


class Goal(StrEnum):
    """How far the clock is moved; each is a working moment, 14:00 UTC."""

    TOMORROW = "tomorrow"
    NEXT_MONDAY = "next_monday"
    NEXT_MONTH = "next_month"


class ClockBusyError(Exception):
    """The clock is moving already."""


class EndOfTimeError(Exception):
    """The made-up company ends before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    done: int
    """Looks of the clock."""
    total: int
    at: datetime


class TimeMachine(Protocol):
    """Product time, which stands still until it is moved."""

    @property
    def now(self) -> datetime: ...

    @property
    def progress(self) -> Progress | None:
        """``None`` while the clock stands."""

    @property
    def last_moment(self) -> datetime:
        """The made-up company ends there; no goal lies beyond."""

    async def move(self, goal: Goal) -> None:
        """Run every night and delivery hour on the way.

        Raises ``ClockBusyError`` while it moves and ``EndOfTimeError`` beyond the end.
        """

    async def settle(self) -> None:
        """Run what is due at this very moment, after somebody did something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashCommand:
    name: str
    description: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShortcut:
    callback_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    company: Company
    slack: SlackStandIn
    time: TimeMachine
    admin: str
    """A Slack id."""
    commands: Sequence[SlashCommand]
    shortcuts: Sequence[MessageShortcut]
    connect: Callable[[Callable[[Ack], None]], Person]
    """Given what sees every request with its answer, somebody whose doings reach the bot."""
