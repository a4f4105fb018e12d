"""Neutral records as an in-house platform writes them."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from datetime import date
from typing import Any

import msgspec

DAY = date(2026, 11, 19)
_EXAMPLE: dict[str, Any] = {
    "record_id": "r1",
    "source": "acme-agents",
    "kind": "usage_daily",
    "period_start": "2026-11-19T00:00:00Z",
    "period_end": "2026-11-20T00:00:00Z",
    "user": {"email": "Ana@example.com", "id": "u-123", "id_kind": "okta"},
    "product": "acme-agent",
    "surface": "cli",
    "model": "gpt-6-astra",
    "provider": "openai",
    "requests": 42,
    "sessions": 5,
    "tokens": {
        "input_uncached": 4300,
        "cache_read": 6000,
        "cache_write": 200,
        "output": 900,
        "reasoning": 300,
    },
    "cost": {"amount": "0.0612", "currency": "USD", "basis": "computed_list"},
    "outcomes": {"prs_opened": 1, "lines_added": 340},
    "attributes": {"agent": "triage", "team": "payments"},
    "final": False,
}


def make_line(*, without: Collection[str] = (), **changes: Any) -> dict[str, Any]:
    line = {**deepcopy(_EXAMPLE), **changes}
    return {name: value for name, value in line.items() if name not in without}


def ndjson(*lines: dict[str, Any]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
