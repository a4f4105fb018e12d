"""Being told to end: what is under way is ended, and all is tidied up on the way out."""

from __future__ import annotations

import asyncio

from bot.signals import when_told_to_end

INTERRUPTED = 130
"""The exit status that shells give to what was ended by Ctrl-C."""


class Ending:
    """Made in the task that they cancel; whoever is told twice goes on tidying up."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        self._task = asyncio.current_task()
        self._is_awaited = False
        when_told_to_end(self._tell)

    def awaited(self) -> asyncio.Event:
        """Set when it is time to end; from now on nothing is cancelled."""
        self._is_awaited = True
        return self._told

    def _tell(self) -> None:
        if self._told.is_set():
            return
        self._told.set()
        if not self._is_awaited and self._task is not None:
            self._task.cancel()
