"""Requests as tools send them: built as OTLP JSON, from which the protobuf ones are made."""

from __future__ import annotations

import gzip
import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from bot.domain.received import CountedEvent
from bot.telemetry import Counted, count_logs, count_metrics

NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)
DELTA, CUMULATIVE = 1, 2
ENCODINGS = ("json", "protobuf")


def nanos(at: datetime) -> str:
    return str(int(at.timestamp()) * 10**9)


def value(of: Any) -> dict[str, Any]:
    match of:
        case bool():
            return {"boolValue": of}
        case int():
            return {"intValue": str(of)}
        case float():
            return {"doubleValue": of if math.isfinite(of) else "NaN"}
        case list():
            return {"arrayValue": {"values": [value(each) for each in of]}}
        case dict():
            return {"kvlistValue": {"values": attributes(of)}}
        case _:
            return {"stringValue": of}


def attributes(of: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value(each)} for key, each in of.items()]


def log(
    told: dict[str, Any], *, at: datetime | None = NOW, body: Any = None, **fields: Any
) -> dict[str, Any]:
    record = {"attributes": attributes(told), **fields}
    if at is not None:
        record["timeUnixNano"] = nanos(at)
    return record if body is None else {**record, "body": value(body)}


def logs(*records: dict[str, Any], resource: dict[str, Any], scope: str = "") -> dict[str, Any]:
    scope_logs = [{"scope": {"name": scope}, "logRecords": list(records)}]
    return {
        "resourceLogs": [
            {"resource": {"attributes": attributes(resource)}, "scopeLogs": scope_logs}
        ]
    }


def sums(name: str, *points: dict[str, Any], temporality: int = DELTA) -> dict[str, Any]:
    data = {"aggregationTemporality": temporality, "isMonotonic": True, "dataPoints": list(points)}
    return {"name": name, "sum": data}


def histogram(name: str, *points: dict[str, Any], temporality: int = DELTA) -> dict[str, Any]:
    data = {"aggregationTemporality": temporality, "dataPoints": list(points)}
    return {"name": name, "histogram": data}


def point(told: dict[str, Any], amount: float, *, at: datetime = NOW) -> dict[str, Any]:
    number = {"asInt": str(amount)} if isinstance(amount, int) else {"asDouble": amount}
    start = nanos(at - timedelta(minutes=1))
    times = {"startTimeUnixNano": start, "timeUnixNano": nanos(at)}
    return {"attributes": attributes(told), **times, **number}


def spread(told: dict[str, Any], total: float, *, at: datetime = NOW) -> dict[str, Any]:
    """A point of a histogram."""
    spread = {"count": "3", "sum": float(total), "bucketCounts": ["3"], "explicitBounds": []}
    return {"attributes": attributes(told), "timeUnixNano": nanos(at), **spread}


def metrics(*given: dict[str, Any], resource: dict[str, Any], scope: str = "") -> dict[str, Any]:
    scope_metrics = [{"scope": {"name": scope}, "metrics": list(given)}]
    return {
        "resourceMetrics": [
            {"resource": {"attributes": attributes(resource)}, "scopeMetrics": scope_metrics}
        ]
    }


def encoded(request: dict[str, Any], encoding: str = "json") -> bytes:
    if encoding == "json":
        return json.dumps(request).encode()
    message = (
        ExportLogsServiceRequest() if "resourceLogs" in request else ExportMetricsServiceRequest()
    )
    json_format.ParseDict(request, message)
    return message.SerializeToString()


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def counted(request: dict[str, Any], encoding: str = "json", now: datetime = NOW) -> Counted:
    count = count_logs if "resourceLogs" in request else count_metrics
    return count(encoded(request, encoding), now, is_protobuf=encoding == "protobuf")


def only(request: dict[str, Any], encoding: str = "json") -> CountedEvent:
    """The one event that *request* comes to."""
    [event] = counted(request, encoding).events
    return event


CLAUDE = {"service.name": "claude-code", "service.version": "2.1.240"}
CLAUDE_SCOPE = "com.anthropic.claude_code.events"
ANA = {
    "user.account_id": "user_01Ana",
    "user.account_uuid": "11111111-2222-4333-8444-555555555555",
    "user.email": "Ana@Example.com",
    "user.id": "a-random-install",
    "session.id": "s-1",
}


def claude_call(request_id: str | None = "req_1", **changes: Any) -> dict[str, Any]:
    told = {
        "event.name": "api_request",
        **ANA,
        "model": "claude-opus-5",
        "cost_usd": 0.0125,
        "input_tokens": 12,
        "output_tokens": 340,
        "cache_read_tokens": 6000,
        "cache_creation_tokens": 200,
        "event.sequence": 7,
        "query_source": "main",
    }
    if request_id is not None:
        told["request_id"] = request_id
    own = {name: changes.pop(name) for name in ("at", "body") if name in changes}
    told |= changes.pop("told", {})
    return log(told, **{"body": "claude_code.api_request", **own}, **changes)


def claude_logs(*records: dict[str, Any]) -> dict[str, Any]:
    return logs(*records, resource=CLAUDE, scope=CLAUDE_SCOPE)


def codex_call(**told: Any) -> dict[str, Any]:
    return log(
        {
            "event.name": "codex.sse_event",
            "event.kind": "response.completed",
            "conversation.id": "c-1",
            "model": "gpt-6-astra",
            "user.account_id": "the-workspace",
            "user.email": "ben@example.com",
            "input_token_count": 1000,
            "cached_token_count": 700,
            "cache_write_token_count": 100,
            "output_token_count": 50,
            "reasoning_token_count": 20,
            "tool_token_count": 1050,
            **told,
        }
    )


def codex_logs(*records: dict[str, Any]) -> dict[str, Any]:
    return logs(*records, resource={"service.name": "codex_cli_rs"}, scope="codex_otel")


def gemini_call(**told: Any) -> dict[str, Any]:
    return log(
        {
            "event.name": "gemini_cli.api_response",
            "session.id": "g-1",
            "user.email": "cy@example.com",
            "model": "gemini-2.5-pro",
            "input_token_count": 500,
            "cached_content_token_count": 200,
            "output_token_count": 40,
            "thoughts_token_count": 60,
            "tool_token_count": 5,
            "total_token_count": 605,
            **told,
        },
        body="API response from gemini-2.5-pro. Status: 200.",
    )


def gemini_logs(*records: dict[str, Any]) -> dict[str, Any]:
    return logs(*records, resource={"service.name": "gemini-cli"}, scope="gemini-cli")


CURSOR = {
    "service.name": "cursor",
    "cursor.team.id": 4242,
    "cursor.surface": "cli",
    "cursor.user.id": 77,
    "cursor.user.email": "dee@example.com",
}


def cursor_call(event_id: str = "v1:1", **told: Any) -> dict[str, Any]:
    return log(
        {
            "cursor.event.id": event_id,
            "cursor.conversation.id": "u-1",
            "cursor.model.name": "composer-2.5",
            "cursor.api.request.input_tokens": 100,
            "cursor.api.request.output_tokens": 200,
            "cursor.api.request.cache_read_tokens": 50,
            "cursor.api.request.cache_creation_tokens": 10,
            "cursor.api.billable": True,
            **told,
        },
        body="api_request",
    )


def cursor_logs(*records: dict[str, Any]) -> dict[str, Any]:
    return logs(*records, resource=CURSOR, scope="cursor.telemetry")


INFERENCE = "gen_ai.client.inference.operation.details"


def gen_ai_call(*, name_as_field: bool = False, **told: Any) -> dict[str, Any]:
    """Of a sender that keeps to the conventions."""
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-6",
        "gen_ai.response.model": "gpt-6-astra",
        "gen_ai.response.id": "resp-1",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.cache_read.input_tokens": 600,
        "gen_ai.usage.cache_creation.input_tokens": 100,
        "gen_ai.usage.output_tokens": 90,
        "gen_ai.usage.reasoning.output_tokens": 30,
        **told,
    }
    if name_as_field:
        return log(attributes, eventName=INFERENCE)
    return log({"event.name": INFERENCE, **attributes})


def gen_ai_logs(*records: dict[str, Any], **resource: Any) -> dict[str, Any]:
    given = {"service.name": "Acme Agents", "enduser.id": "eve@example.com", **resource}
    return logs(*records, resource={key: each for key, each in given.items() if each is not None})
