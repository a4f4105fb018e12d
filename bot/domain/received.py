"""Usage that is sent to us instead of fetched: by in-house platforms and by agents' telemetry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from bot.domain.usage import SessionCount, UsageRecord

LARGEST_COUNT = 10**12
"""Tokens or requests of one record or event: more is a mistake, and would spoil every sum."""


class Signal(StrEnum):
    """Where figures were read. Metrics count what logs tell too, so logs outdo them."""

    RECORD = ""
    LOGS = "logs"
    METRICS = "metrics"


class ReceivedRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Figures with a name of their own: sent again under it, they replace what was sent before.

    ``usage.provider`` begins with ``INGEST`` or ``OTLP``; ``email`` is whose account it is, where
    the sender tells; ``period_end`` how far the figures of the day reach.
    """

    record_id: str
    usage: UsageRecord
    period_end: datetime
    email: str | None = None
    signal: Signal = Signal.RECORD


class CountedEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one event adds to its account's day; the event counts once, however often it is sent.

    ``event_id`` is any text that tells the provider's events apart; only a hash of it is kept, for
    eight days. Counts are at most ``LARGEST_COUNT``; what shares provider, day, key, basis and
    signal is added up. Where ``sessions`` are told, they are all that is, and ``usage`` says of
    whom and when.
    """

    event_id: str
    usage: UsageRecord
    period_end: datetime
    email: str | None = None
    signal: Signal = Signal.LOGS
    sessions: SessionCount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of what was sent.

    ``replaced`` are those of the ``accepted`` that took the place of one sent before, or, of
    events, that were counted before and changed nothing. ``through`` says for each provider how far
    its figures reach by now.
    """

    accepted: int
    replaced: int
    through: Mapping[str, datetime] = field(default_factory=dict)
