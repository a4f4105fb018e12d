"""What waits for other processes is opened, used and closed in a thread, beside all else."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, TypeVar

from bot.signals import AT_A_TERMINAL

T = TypeVar("T")


class Errands:
    """One after another in a thread of their own; one that has begun is brought to its end.

    Neither Ctrl-C nor the end of the terminal reaches the processes that are started here.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, initializer=_spare_children)

    async def run(self, errand: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, errand)

    def opening(self, context: AbstractContextManager[T]) -> Opening[T]:
        return Opening(self._thread, context)


def _spare_children() -> None:
    """What a terminal says goes to every process there; ours end when they are told to."""
    signal.pthread_sigmask(signal.SIG_BLOCK, AT_A_TERMINAL)


class Opening(Generic[T]):
    """A context that is being opened meanwhile; to be closed whatever became of it."""

    def __init__(self, thread: ThreadPoolExecutor, context: AbstractContextManager[T]) -> None:
        self._thread = thread
        self._context = context
        self._entering = thread.submit(context.__enter__)

    async def opened(self) -> T:
        return await asyncio.shield(asyncio.wrap_future(self._entering))

    async def close(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """For an ``AsyncExitStack``; waits until it is open, for half of it cannot be closed."""

        def leave() -> None:
            if self._entering.exception() is None:
                self._context.__exit__(kind, error, trace)

        await asyncio.get_running_loop().run_in_executor(self._thread, leave)
