"""Opaque page cursors that belong to one query and remember the moment of its first page."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.playground.providers.errors import RefusedError

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a page begins; later pages answer as of the first, so that paging is stable."""

    offset: int
    as_of: datetime


def encode(position: Position, query: Query) -> str:
    """Give the cursor of the page that begins at *position*."""
    text = f"{position.offset}|{position.as_of.isoformat()}|{_fingerprint(query)}"
    return "page_" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_of(query: Query, now: datetime) -> Position:
    """Give where the asked page begins; a cursor of another query is refused."""
    cursor = dict(query).get("page")
    if cursor is None:
        return Position(offset=0, as_of=now)
    try:
        padded = cursor.removeprefix("page_") + "=" * (-len(cursor.removeprefix("page_")) % 4)
        offset, as_of, fingerprint = base64.urlsafe_b64decode(padded).decode().split("|")
        position = Position(offset=int(offset), as_of=datetime.fromisoformat(as_of))
    except (ValueError, binascii.Error):
        raise RefusedError(400, "page: not a cursor of this API") from None
    if fingerprint != _fingerprint(query):
        raise RefusedError(400, "page: the cursor belongs to another query")
    return position


def _fingerprint(query: Iterable[tuple[str, str]]) -> str:
    bound = sorted((name, value) for name, value in query if name != "page")
    return hashlib.sha256(repr(bound).encode()).hexdigest()[:16]
