"""OTLP requests written as protobuf, by the messages of the package ``opentelemetry-proto``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import import_module
from typing import Any

from bot.telemetry.wire import (
    DELTA,
    LARGEST_NAME,
    Event,
    MalformedError,
    MissingProtobufError,
    Point,
    Value,
    Wanted,
    event_name,
)


def events(body: bytes, wanted: Wanted) -> Iterator[Event]:
    request = _request("logs", "ExportLogsServiceRequest", body)
    for entry in request.resource_logs:
        common = _attributes(entry.resource.attributes, wanted)
        for scoped in entry.scope_logs:
            for record in scoped.log_records:
                own = _attributes(record.attributes, wanted)
                name = _event_name(record, own, wanted)
                if name is not None:
                    yield Event(
                        name=name,
                        scope=scoped.scope.name,
                        nanos=record.time_unix_nano or record.observed_time_unix_nano,
                        trace=f"{record.trace_id.hex()}{record.span_id.hex()}",
                        attributes={**common, **own},
                    )


def points(body: bytes, wanted: Wanted) -> Iterator[Point]:
    request = _request("metrics", "ExportMetricsServiceRequest", body)
    for entry in request.resource_metrics:
        common = _attributes(entry.resource.attributes, wanted)
        source = sha256(entry.resource.SerializeToString(deterministic=True)).digest()
        for scoped in entry.scope_metrics:
            for metric in scoped.metrics:
                if metric.name in wanted.metrics:
                    yield from _points(metric, scoped.scope.name, source, common, wanted)


def _points(
    metric: Any, scope: str, source: bytes, common: dict[str, Value], wanted: Wanted
) -> Iterator[Point]:
    kind = metric.WhichOneof("data")
    if kind not in {"sum", "histogram"}:
        return
    data = getattr(metric, kind)
    for point in data.data_points:
        value = _measured(point, is_histogram=kind == "histogram")
        if value is not None:
            yield Point(
                metric=metric.name,
                scope=scope,
                source=source,
                nanos=point.time_unix_nano,
                is_delta=data.aggregation_temporality == DELTA,
                value=value,
                attributes={**common, **_attributes(point.attributes, wanted)},
                fingerprint=point.SerializeToString(deterministic=True),
            )


def _measured(point: Any, *, is_histogram: bool) -> Any:
    if is_histogram:
        return point.sum if point.HasField("sum") else None
    kind = point.WhichOneof("value")
    return getattr(point, kind) if kind else None


def _attributes(given: Iterable[Any], wanted: Wanted) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for attribute in given:
        key = attribute.key
        if key in wanted.attributes:
            value = _value(attribute.value)
            if value is not None:
                found[key] = value
    return found


def _value(given: Any) -> Value | None:
    match given.WhichOneof("value"):
        case "string_value":
            text: str = given.string_value
            return text
        case "int_value" | "double_value" as kind:
            number: int | float = getattr(given, kind)
            return number
        case _:
            return None


def _event_name(record: Any, own: dict[str, Value], wanted: Wanted) -> str | None:
    body = _value(record.body) if record.body.ByteSize() <= LARGEST_NAME else None
    return event_name((record.event_name, own.get("event.name"), body), wanted)


def _request(signal: str, message: str, body: bytes) -> Any:
    try:
        service = import_module(f"opentelemetry.proto.collector.{signal}.v1.{signal}_service_pb2")
        from google.protobuf.message import (  # type: ignore[import-untyped]  # noqa: PLC0415
            DecodeError,
        )
    except ImportError:
        raise MissingProtobufError from None
    try:
        return getattr(service, message).FromString(body)
    except DecodeError:
        raise MalformedError("not an OTLP request in protobuf") from None
