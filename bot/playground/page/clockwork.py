"""Moving the clock while the page goes on, and saying so where it cannot be moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.playground.page.moments import date_words
from bot.playground.page.stage import ClockBusyError, EndOfTimeError, Goal, TimeMachine

log = structlog.get_logger()

SETS_OFF_WITHIN_SECONDS = 0.3


class Clockwork:
    """*stopped* is called when the clock stands again."""

    def __init__(self, clock: TimeMachine, stopped: Callable[[], None]) -> None:
        self._clock = clock
        self._stopped = stopped
        self._moving: asyncio.Task[None] | None = None
        self.trouble: str | None = None
        """Why it was not moved, in words."""

    async def move(self, goal: Goal) -> None:
        """Set off, and wait only as long as it takes to be refused."""
        if self._moving is not None and not self._moving.done():
            self.trouble = self._sentence(ClockBusyError())
            return
        self.trouble = None
        self._moving = asyncio.create_task(self._move(goal))
        await asyncio.wait({self._moving}, timeout=SETS_OFF_WITHIN_SECONDS)

    async def _move(self, goal: Goal) -> None:
        try:
            await self._clock.move(goal)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the page goes on
            self.trouble = self._sentence(failure)
        else:
            self.trouble = None
        self._stopped()

    def _sentence(self, failure: Exception) -> str:
        match failure:
            case ClockBusyError():
                return "The clock is moving already. Wait until it stands."
            case EndOfTimeError():
                end = date_words(self._clock.last_moment)
                return f"The made-up company ends on {end}, and so does its clock."
            case _:
                log.error("clock_stopped", error=type(failure).__name__)
                return "The clock stopped on the way. What happened until then is there."
