"""Rows as a file tells them: to a spreadsheet without coming alive there, and to a program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

_ALIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula, by its beginning (OWASP, CSV injection)."""


def cell(value: object) -> str:
    """*value* as one cell; the unknown is empty."""
    told = "" if value is None else value if isinstance(value, str) else _told(value)
    return f"'{told}" if told.startswith(_ALIVE) else told


def as_json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, default=_plain, ensure_ascii=False)


def _told(value: object) -> str:
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, default=_plain)


def _plain(value: object) -> object:
    """Amounts as they are written, so that none is rounded; days and moments as ISO 8601."""
    match value:
        case Decimal() | UUID():
            return str(value)
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
    return value
