"""The made-up company's time: it stands still until it is moved, look by look of the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot.clock import SetClock
from bot.playground.looks import every_night, moment_of
from bot.playground.page.stage import ClockBusyError, EndOfTimeError, Goal, Progress

Doing = Callable[[datetime], Awaitable[object]]
Told = Callable[[Progress], None]


class Season:
    """At every look *others* do what they do ahead of the bot, then *bot* does what is due, and
    *readers* read what came of it.

    A move that is cancelled stops where it is: what is still due there is done by whatever comes
    next, for the bot remembers nothing but what is finished.
    """

    def __init__(
        self,
        clock: SetClock,
        last_moment: datetime,
        *,
        others: Doing,
        bot: Callable[[], Awaitable[object]],
        readers: Doing,
    ) -> None:
        self._clock = clock
        self._last_moment = last_moment
        self._others = others
        self._bot = bot
        self._readers = readers
        self._turn = asyncio.Lock()
        self._at_work: set[asyncio.Task[object]] = set()
        self._progress: Progress | None = None

    @property
    def now(self) -> datetime:
        return self._clock.now()

    @property
    def progress(self) -> Progress | None:
        """How far it is on its way; ``None`` while it stands."""
        return self._progress

    @property
    def last_moment(self) -> datetime:
        return self._last_moment

    async def move(self, goal: Goal) -> None:
        """Every night and every hour of the messages, up to *goal*."""
        until = moment_of(goal, self.now)
        if until > self._last_moment:
            raise EndOfTimeError
        await self.live(every_night(self.now, until))

    async def live(self, looks: Sequence[datetime], told: Told = lambda _: None) -> None:
        """Move through *looks*; *told* hears of each beforehand."""
        if self._progress is not None:
            raise ClockBusyError
        self._progress = Progress(done=0, total=len(looks), at=self.now)
        try:
            async with self._working():
                for done, moment in enumerate(looks):
                    self._progress = Progress(done=done, total=len(looks), at=moment)
                    told(self._progress)
                    await self._look(moment)
        finally:
            self._progress = None

    async def settle(self) -> None:
        """Do what is due by now, without moving; while it moves, when it has got there."""
        async with self._working():
            await self._bot()

    async def end(self) -> None:
        """Stop whoever moves or settles, before the bot goes."""
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """One after another."""
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            async with self._turn:
                yield
        finally:
            self._at_work.discard(task)

    async def _look(self, moment: datetime) -> None:
        self._clock.move_to(moment)
        await self._others(moment)
        await self._bot()
        await self._readers(moment)
