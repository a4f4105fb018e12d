"""Reaching the bot as Slack would, and waiting a moment for what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.playground.page.journal import Journal
from bot.playground.page.stage import Stage
from bot.playground.slack.person import Ack, Person

log = structlog.get_logger()

PATIENCE_SECONDS = 1.5
STEP_SECONDS = 0.01
QUIET_STEPS = 5
"""So long nothing more has to come after what came, before the page is shown."""

Doing = Callable[[Person], Awaitable[Ack]]


class Reach:
    def __init__(self, stage: Stage, journal: Journal) -> None:
        self._stage = stage
        self._journal = journal
        self._settling: set[asyncio.Task[None]] = set()

    async def __call__(self, user: str, doing: Doing) -> Ack:
        """Let *user* do something; raises what *doing* raises, and then nothing was sent."""
        before = self._journal.calls_about(user)
        async with self._stage.connect(self._journal.acknowledged) as person:
            ack = await doing(person)
        await self._wait(user, before, is_answered=bool(ack.body))
        return ack

    async def _wait(self, user: str, before: int, *, is_answered: bool) -> None:
        """What a button leads to comes after it was acknowledged."""
        settling = asyncio.create_task(self._settle())
        self._settling.add(settling)
        settling.add_done_callback(self._settling.discard)
        calls, quiet = before, 0
        for _ in range(round(PATIENCE_SECONDS / STEP_SECONDS)):
            await asyncio.sleep(STEP_SECONDS)
            now = self._journal.calls_about(user)
            quiet = quiet + 1 if now == calls else 0
            calls = now
            if settling.done() and quiet >= QUIET_STEPS and (is_answered or now != before):
                return

    async def _settle(self) -> None:
        if self._stage.time.progress is not None:
            return  # what is due is being done on the way
        try:
            await self._stage.time.settle()
        except Exception as failure:  # noqa: BLE001 - the next move of the clock does it
            log.warning("not_settled", error=type(failure).__name__)


def trouble(ack: Ack) -> str | None:
    """The word for the note that says why an answer did not come, or was not shown."""
    return ack.error or ("not_shown" if ack.violations else None)
