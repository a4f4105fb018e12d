"""The signals that tell a process to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

AT_A_TERMINAL = frozenset({signal.SIGINT, signal.SIGHUP})
"""Sent to every process that was started there: for Ctrl-C, and when it is closed."""


def when_told_to_end(tell: Callable[[], object]) -> None:
    """Call *tell* in the running loop on SIGINT, SIGTERM, and SIGHUP but for ``nohup``'s."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, tell)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, tell)
