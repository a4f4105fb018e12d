"""OTLP requests written as JSON: lowerCamelCase, 64-bit integers as strings, nulls for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw

from bot.telemetry.wire import (
    DELTA,
    LARGEST_NAME,
    Event,
    MalformedError,
    Point,
    Value,
    Wanted,
    event_name,
)

T = TypeVar("T")

NOT_OTLP = "not an OTLP request in JSON"
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
IS_DELTA = {DELTA, str(DELTA), "AGGREGATION_TEMPORALITY_DELTA"}


class _Camel(msgspec.Struct, rename="camel", gc=False):
    """Lists hold bytes, decoded one at a time, so that a large request takes no more memory."""


class _Attribute(_Camel):
    key: str = ""
    value: Raw = Raw()


class _Resource(_Camel):
    attributes: list[_Attribute] | None = None


class _Scope(_Camel):
    name: str | None = None


class _Logs(_Camel):
    resource_logs: list[Raw] | None = None


class _ResourceLogs(_Camel):
    resource: _Resource | None = None
    scope_logs: list[Raw] | None = None


class _ScopeLogs(_Camel):
    scope: _Scope | None = None
    log_records: list[Raw] | None = None


class _Record(_Camel):
    time_unix_nano: int | None = None
    observed_time_unix_nano: int | None = None
    event_name: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    body: Raw = Raw()
    attributes: list[_Attribute] | None = None


class _Metrics(_Camel):
    resource_metrics: list[Raw] | None = None


class _ResourceMetrics(_Camel):
    resource: Raw = Raw()
    scope_metrics: list[Raw] | None = None


class _ScopeMetrics(_Camel):
    scope: _Scope | None = None
    metrics: list[Raw] | None = None


class _Named(_Camel):
    name: str | None = None


class _Data(_Camel):
    aggregation_temporality: int | str | None = None
    data_points: list[Raw] | None = None


class _Metric(_Camel):
    name: str
    sum: _Data | None = None
    histogram: _Data | None = None


class _Point(_Camel):
    time_unix_nano: int | None = None
    as_int: int | None = None
    as_double: float | None = None
    sum: float | None = None
    attributes: list[_Attribute] | None = None


class _AnyValue(_Camel):
    string_value: str | None = None
    int_value: int | None = None
    double_value: float | None = None


class _Decoder(Generic[T]):
    """Decodes into one type, numbers in strings too, and quotes nothing of what is wrong."""

    def __init__(self, into: type[T]) -> None:
        self._decode = msgspec.json.Decoder(into, strict=False).decode

    def __call__(self, data: bytes | Raw) -> T:
        try:
            return self._decode(data)
        except UNREADABLE:
            raise MalformedError(NOT_OTLP) from None


_logs = _Decoder(_Logs)
_resource_logs = _Decoder(_ResourceLogs)
_scope_logs = _Decoder(_ScopeLogs)
_record = _Decoder(_Record)
_metrics = _Decoder(_Metrics)
_resource_metrics = _Decoder(_ResourceMetrics)
_scope_metrics = _Decoder(_ScopeMetrics)
_resource: _Decoder[_Resource | None] = _Decoder(_Resource | None)  # type: ignore[arg-type]
_named = _Decoder(_Named)
_metric = _Decoder(_Metric)
_point = _Decoder(_Point)
_any_value: Callable[[Raw], _AnyValue | None] = msgspec.json.Decoder(
    _AnyValue | None,
    strict=False,
).decode


def events(body: bytes, wanted: Wanted) -> Iterator[Event]:
    for raw_resource in _logs(body).resource_logs or ():
        entry = _resource_logs(raw_resource)
        common = _attributes(entry.resource.attributes if entry.resource else None, wanted)
        for raw_scope in entry.scope_logs or ():
            scoped = _scope_logs(raw_scope)
            scope = (scoped.scope and scoped.scope.name) or ""
            for raw in scoped.log_records or ():
                record = _record(raw)
                own = _attributes(record.attributes, wanted)
                name = _event_name(record, own, wanted)
                if name is not None:
                    sent, seen = record.time_unix_nano, record.observed_time_unix_nano
                    yield Event(
                        name=name,
                        scope=scope,
                        nanos=sent or seen or 0,
                        trace=f"{record.trace_id or ''}{record.span_id or ''}".lower(),
                        attributes={**common, **own},
                    )


def points(body: bytes, wanted: Wanted) -> Iterator[Point]:
    for raw_resource in _metrics(body).resource_metrics or ():
        entry = _resource_metrics(raw_resource)
        resource = _resource(entry.resource) if entry.resource else None
        common = _attributes(resource.attributes if resource else None, wanted)
        source = sha256(bytes(entry.resource)).digest()
        for raw_scope in entry.scope_metrics or ():
            scoped = _scope_metrics(raw_scope)
            scope = (scoped.scope and scoped.scope.name) or ""
            for raw in scoped.metrics or ():
                # Its name alone at first: it may come with many thousands of points.
                if _named(raw).name in wanted.metrics:
                    metric = _metric(raw)
                    yield from _points(metric, scope, source, common, wanted)


def _points(
    metric: _Metric, scope: str, source: bytes, common: dict[str, Value], wanted: Wanted
) -> Iterator[Point]:
    data = metric.sum or metric.histogram or _Data()
    is_delta = data.aggregation_temporality in IS_DELTA
    for raw in data.data_points or ():
        point = _point(raw)
        given = (point.sum, point.as_int, point.as_double)
        value = next((value for value in given if value is not None), None)
        if value is not None:
            yield Point(
                metric=metric.name,
                scope=scope,
                source=source,
                nanos=point.time_unix_nano or 0,
                is_delta=is_delta,
                value=value,
                attributes={**common, **_attributes(point.attributes, wanted)},
                fingerprint=bytes(raw),
            )


def _attributes(given: list[_Attribute] | None, wanted: Wanted) -> dict[str, Value]:
    found: dict[str, Value] = {}
    names = wanted.attributes
    for attribute in given or ():
        if attribute.key in names and (value := _value(attribute.value)) is not None:
            found[attribute.key] = value
    return found


def _value(raw: Raw) -> Value | None:
    try:  # not by way of `_Decoder`: of a call there are a dozen values
        value = _any_value(raw) if raw else None
    except UNREADABLE:
        raise MalformedError(NOT_OTLP) from None
    if value is None:
        return None
    if value.string_value is not None:
        return value.string_value
    return value.double_value if value.int_value is None else value.int_value


def _event_name(record: _Record, own: dict[str, Value], wanted: Wanted) -> str | None:
    body = _value(record.body) if len(record.body) <= LARGEST_NAME else None
    return event_name((record.event_name, own.get("event.name"), body), wanted)
