"""Ctrl-C and SIGTERM: they end what is under way, and all is tidied up on the way out."""

from __future__ import annotations

import asyncio
import signal

INTERRUPTED = 130
"""The exit status that shells give to what was ended by Ctrl-C."""


class Ending:
    """Made in the task that they cancel; whoever is told twice goes on tidying up."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        self._task = asyncio.current_task()
        self._is_awaited = False
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._tell)

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
