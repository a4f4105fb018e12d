"""What is sent to us: neutral records, and telemetry as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bench.pages.wire import DAY, Source, WirePage, address_of, in_pages
from bot.ingest.neutral import decode
from bot.telemetry import count_logs

NOW = datetime(DAY.year, DAY.month, DAY.day, 23, tzinfo=UTC)
A_PERSON = 4


def neutral(people: int) -> Source:
    return Source(
        name="neutral",
        pages=[
            WirePage(b"\n".join(map(msgspec.json.encode, some)), _records, len(some))
            for some in in_pages(map(_line, range(people * A_PERSON)))
        ],
        understand=sum,
        bare=msgspec.json.Decoder().decode_lines,
    )


def _records(body: bytes) -> int:
    return len(decode(body, NOW).records)


def _line(number: int) -> dict[str, Any]:
    person = number // A_PERSON
    return {
        "record_id": f"r{number}",
        "source": "acme-agents",
        "kind": "usage_daily",
        "period_start": f"{DAY}T00:00:00Z",
        "period_end": f"{DAY + timedelta(days=1)}T00:00:00Z",
        "user": {"email": address_of(person), "id": f"u-{person}", "id_kind": "okta"},
        "product": "acme-agent",
        "surface": "cli",
        "model": f"gpt-6-{number % A_PERSON}",
        "provider": "openai",
        "requests": 42,
        "sessions": 5,
        "tokens": {
            "input_uncached": 4300 + number,
            "cache_read": 6000,
            "cache_write": 200,
            "output": 900,
            "reasoning": 300,
        },
        "cost": {"amount": "0.0612", "currency": "USD", "basis": "computed_list"},
        "attributes": {"agent": "triage", "team": "payments"},
        "final": False,
    }


def telemetry(people: int) -> Source:
    """Claude Code's calls, a request for each person.

    Each of their many attributes is looked at by itself, lest a prompt is ever decoded.
    """
    return Source(
        name="telemetry",
        pages=[
            WirePage(msgspec.json.encode(_logs(number)), _events, A_PERSON)
            for number in range(people)
        ],
        understand=sum,
        enough=25_000,
    )


def _events(body: bytes) -> int:
    return len(count_logs(body, NOW, is_protobuf=False).events)


def _logs(person: int) -> dict[str, Any]:
    resource = {"service.name": "claude-code", "service.version": "2.4.0", "os.type": "linux"}
    scope = {"name": "com.anthropic.claude_code.events", "version": "2.4.0"}
    records = [_call(person, number) for number in range(A_PERSON)]
    logs = [{"scope": scope, "logRecords": records}]
    return {
        "resourceLogs": [{"resource": {"attributes": _attributes(resource)}, "scopeLogs": logs}]
    }


def _call(person: int, number: int) -> dict[str, Any]:
    told = {
        "event.name": "api_request",
        "session.id": f"s-{person}",
        "request_id": f"req_{person}_{number}",
        "user.account_uuid": f"uuid-{person:06}",
        "user.email": address_of(person),
        "organization.id": "org-example",
        "terminal.type": "vscode",
        "model": "claude-opus-5",
        "input_tokens": "1000",
        "output_tokens": "50",
        "cache_read_tokens": "700",
        "cache_creation_tokens": "100",
        "cost_usd": "0.0123",
        "duration_ms": "1200",
    }
    nanos = int((NOW - timedelta(minutes=number)).timestamp()) * 10**9
    return {
        "timeUnixNano": str(nanos),
        "observedTimeUnixNano": str(nanos),
        "body": {"stringValue": "claude_code.api_request"},
        "attributes": _attributes(told),
    }


def _attributes(told: dict[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in told.items()]
