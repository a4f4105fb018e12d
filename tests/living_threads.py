"""Threads that live as long as the tests do, for all their event loops.

Where several threads end at once while coverage is measured, Python 3.11 can hang for ever:
greenlet tidies up after each in a pending call, in which coverage's own tidying up is traced, and
a function that is traced there does not begin while another pending call waits.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

MOST_THREADS = 64
"""As one loop may have to wait for what another does in a thread."""


class _LivingOn(ThreadPoolExecutor):
    """A loop that is closed takes its threads along."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Not before the interpreter ends."""


_THREADS = _LivingOn(MOST_THREADS)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self.set_default_executor(_THREADS)

    async def shutdown_default_executor(self) -> None:
        """It is not this loop's own."""


class _Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return _Loop()


def share_threads() -> None:
    """From now on, where it matters: newer versions of Python do not hang."""
    if sys.version_info < (3, 12):
        asyncio.set_event_loop_policy(_Policy())
