"""What the app asked Slack for, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.playground.slack.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    method: str
    http_method: str
    arguments: Mapping[str, Any]
    """Without the token."""
    when: datetime
    clock: float
    """The same moment on the monotonic clock."""
    status: int | None
    """``None`` where the connection was closed without an answer."""
    error: str | None
    """Slack's error code, ``None`` where the call was accepted."""
    fault: Fault | None
    answer: bytes = field(default=b"", repr=False)
    """The body that was sent back; those who watch calls are told it, and it is not kept."""


class CallLog:
    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._counts: Counter[str] = Counter()
        self._watchers: list[Callable[[Call], None]] = []

    def watch(self, watcher: Callable[[Call], None]) -> None:
        """Let *watcher* see every call from now on, with its answer."""
        self._watchers.append(watcher)

    def add(self, call: Call) -> None:
        self._calls.append(replace(call, answer=b""))
        self._counts[call.method] += 1
        for watcher in self._watchers:
            watcher(call)

    def all(self) -> tuple[Call, ...]:
        return tuple(self._calls)

    def of(self, method: str) -> tuple[Call, ...]:
        return tuple(call for call in self.all() if call.method == method)

    def count(self, method: str) -> int:
        return self._counts[method]
