"""Which moments may be counted, told as telemetry tells them: in nanoseconds since 1970."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

AHEAD = timedelta(hours=1)
"""How far a sender's clock may be ahead of ours."""
OLDEST = timedelta(days=40)

_SECOND = 10**9
_DAY = 86_400 * _SECOND
_EPOCH = date(1970, 1, 1).toordinal()


class Times:
    def __init__(self, now: datetime) -> None:
        self.now = _nanos(now)
        self._first, self._last = _nanos(now - OLDEST), _nanos(now + AHEAD)

    def allow(self, nanos: int) -> bool:
        return self._first <= nanos <= self._last


def day_of(nanos: int) -> date:
    return date.fromordinal(_EPOCH + nanos // _DAY)


def moment_of(nanos: int) -> datetime:
    return datetime.fromtimestamp(nanos // _SECOND, UTC)


def _nanos(moment: datetime) -> int:
    return int(moment.timestamp()) * _SECOND
