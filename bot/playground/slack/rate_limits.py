"""How often Slack lets an app post, and whether the app waits when told to."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyCall:
    """A call made before the ``Retry-After`` of the method's last refusal had passed."""

    method: str
    asked_seconds: float
    waited_seconds: float


class RateLimits:
    """Off unless set: seconds between posts to one channel, posts a minute in the workspace."""

    def __init__(
        self, *, per_channel_seconds: float | None = None, per_minute: int | None = None
    ) -> None:
        self.per_channel_seconds = per_channel_seconds
        self.per_minute = per_minute
        self._last_in: dict[str, float] = {}
        self._lately: deque[float] = deque()

    def wait_for(self, channel: str, clock: float) -> int | None:
        """Seconds to wait before posting in *channel*; ``None`` lets the post through."""
        while self._lately and self._lately[0] <= clock - 60:
            self._lately.popleft()
        free_at = clock
        if self.per_minute is not None and len(self._lately) >= self.per_minute:
            free_at = self._lately[-self.per_minute] + 60
        if self.per_channel_seconds is not None and channel in self._last_in:
            free_at = max(free_at, self._last_in[channel] + self.per_channel_seconds)
        if free_at > clock:
            return math.ceil(free_at - clock)
        self._lately.append(clock)
        self._last_in[channel] = clock
        return None


class PatienceLog:
    """Compares what each 429 asked for with what the caller did."""

    def __init__(self, clock: Callable[[], float], now: Callable[[], datetime]) -> None:
        self._clock = clock
        self._now = now
        self._told: dict[str, tuple[float, float]] = {}
        self._early: list[EarlyCall] = []

    def told_to_wait(self, method: str, retry_after: str | None) -> None:
        self._told[method] = (self._clock(), self._seconds(retry_after))

    def arrived(self, method: str) -> None:
        if method not in self._told:
            return
        told_at, asked = self._told[method]
        waited = self._clock() - told_at
        if waited < asked:
            self._early.append(EarlyCall(method=method, asked_seconds=asked, waited_seconds=waited))

    def early(self, *, tolerance: float = 0, ceiling: float | None = None) -> tuple[EarlyCall, ...]:
        """Calls too early by more than *tolerance*, where no wait need exceed *ceiling*."""
        most = math.inf if ceiling is None else ceiling
        return tuple(
            call
            for call in tuple(self._early)
            if call.waited_seconds + tolerance < min(call.asked_seconds, most)
        )

    def _seconds(self, retry_after: str | None) -> float:
        if retry_after is None:
            return 0
        try:
            return float(retry_after)
        except ValueError:
            pass
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return 0
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self._now()).total_seconds())
