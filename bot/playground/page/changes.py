"""Telling the browser that something changed, and how far the clock has got."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterable

from bot.playground.page.moments import clock_words
from bot.playground.page.stage import Progress, TimeMachine

NOBODY_YET = ""
"""Who has not chosen whom to be: sees the clock alone."""
LOOK_EVERY_SECONDS = 0.25
BREATH_EVERY_LOOKS = 60
TELL_EVERY_LOOKS = 4
"""While the clock moves a page is drawn anew no more often than this."""


class Changes:
    """Counts what each person could have noticed; it may happen in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self.is_over = False

    def happened(self, users: Iterable[str]) -> None:
        with self._lock:
            self._counts.update(set(users))

    def of(self, user: str) -> int:
        return self._counts[user]

    def end(self) -> None:
        """Let every stream come to its end."""
        self.is_over = True


async def stream(changes: Changes, clock: TimeMachine, user: str) -> AsyncIterator[str]:
    """Server-sent events for one page, until it is closed or the server is."""
    told_count, told_progress = changes.of(user), clock.progress
    yield f"retry: 1000\n\n{_changed(told_count)}"
    looks = 0
    while not changes.is_over:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        looks += 1
        count, progress = changes.of(user), clock.progress
        if progress != told_progress and progress is not None:
            yield _clock(progress)
        has_stopped = progress is None and told_progress is not None
        is_time = progress is None or looks % TELL_EVERY_LOOKS == 0
        told_progress = progress
        if has_stopped or (is_time and count != told_count):
            told_count = count
            yield _changed(count)
        if looks % BREATH_EVERY_LOOKS == 0:
            yield ": still here\n\n"


def _changed(count: int) -> str:
    return f"event: changed\ndata: {count}\n\n"


def _clock(progress: Progress) -> str:
    told = {"done": progress.done, "total": progress.total, "at": clock_words(progress.at)}
    return f"event: clock\ndata: {json.dumps(told)}\n\n"
