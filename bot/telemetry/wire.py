"""What is read of an OTLP request, whichever way it was written: counters and who they are about.

A prompt may be in any attribute and in any body. So keys, events and metrics are wanted by name:
of everything else not even a string is made, and it is gone with the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

Value = str | int | float
Attributes = Mapping[str, Value]

DELTA = 1
"""``AggregationTemporality``: what came since the last time, so that points add up."""
LARGEST_NAME = 120
"""Bytes of a record's body that may still be the name of an event."""


class MalformedError(ValueError):
    """The body is no OTLP request."""


class MissingProtobufError(Exception):
    """The package that reads protobuf is not installed."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The names of what is read."""

    attributes: frozenset[str]
    events: frozenset[str]
    metrics: frozenset[str]


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A log record; its attributes are over those of its resource. No time given is 0."""

    name: str
    scope: str
    nanos: int
    trace: str
    attributes: Attributes


class Point(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A data point of a sum, or of a histogram by its sum.

    ``source`` stands for the whole resource that it is of, ``fingerprint`` for all that is said of
    it: the series that it belongs to may differ from others in names that are not wanted.
    """

    metric: str
    scope: str
    source: bytes
    nanos: int
    is_delta: bool
    value: int | float
    attributes: Attributes
    fingerprint: bytes


def event_name(candidates: Iterable[object], wanted: Wanted) -> str | None:
    """The one of *candidates* that is wanted; the longest, as some are told without a prefix."""
    names = (name for name in candidates if isinstance(name, str) and name in wanted.events)
    return max(names, key=len, default=None)
