"""A token bucket: how many messages may go out now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """``tokens`` are the messages that may go out at once; ``frozen_until`` is Slack's word."""

    tokens: float
    refilled_at: datetime
    frozen_until: datetime | None = None

    def refilled(self, now: datetime, per_minute: int) -> Bucket:
        """With what has come in since, up to six seconds' worth."""
        elapsed = max((now - self.refilled_at).total_seconds(), 0.0)
        most = max(per_minute / 10, 1.0)
        tokens = min(self.tokens + elapsed * per_minute / 60, most)
        return replace(self, tokens=tokens, refilled_at=max(now, self.refilled_at))

    def take(self, wanted: int, now: datetime) -> tuple[int, Bucket]:
        """How many of *wanted* may go out, and what is left."""
        if self.frozen_until is not None and now < self.frozen_until:
            return 0, self
        granted = min(wanted, int(self.tokens))
        return granted, replace(self, tokens=self.tokens - granted, frozen_until=None)

    def wait(self, now: datetime, per_minute: int) -> timedelta:
        """Until one more may go out."""
        if self.frozen_until is not None and now < self.frozen_until:
            return self.frozen_until - now
        return timedelta(seconds=max(1.0 - self.tokens, 0.0) * 60 / per_minute)
