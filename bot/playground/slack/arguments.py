"""What a caller asked for, whichever way it was sent: query, form or JSON."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from bot.playground.slack.errors import SlackError, invalid_arguments

Item = TypeVar("Item")

_JSON_IN_FORMS = ("attachments", "blocks", "files", "metadata", "view")
_LONGEST_PAGE = 1000


class Arguments(Mapping[str, Any]):
    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {name: _decoded(name, value) for name, value in given.items()}

    def __getitem__(self, name: str) -> Any:
        return self._given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def required(self, name: str) -> str:
        value = self._given.get(name)
        if not isinstance(value, str) or not value:
            raise invalid_arguments([f"[ERROR] missing required field: {name}"])
        return value

    def object(self, name: str) -> dict[str, Any]:
        value = self._given.get(name)
        if not isinstance(value, dict):
            raise invalid_arguments([f"[ERROR] must be an object [json-pointer:/{name}]"])
        return value

    def flag(self, name: str) -> bool:
        return str(self._given.get(name, "")).lower() in {"1", "true"}

    def page(self, everything: Sequence[Item], *, unasked: int) -> tuple[Sequence[Item], str]:
        """One page and the cursor of the next, which is empty after the last."""
        limit = self._limit() or unasked
        start = _position(self._given.get("cursor") or "")
        rest = start + limit
        return everything[start:rest], _cursor(rest) if rest < len(everything) else ""

    def _limit(self) -> int:
        try:
            limit = int(self._given.get("limit") or 0)
        except (TypeError, ValueError):
            raise SlackError("invalid_limit") from None
        if not 0 <= limit <= _LONGEST_PAGE:
            raise SlackError("invalid_limit")
        return limit


def _decoded(name: str, value: Any) -> Any:
    if name not in _JSON_IN_FORMS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError("invalid_blocks_format" if name == "blocks" else "invalid_json") from None


def _cursor(position: int) -> str:
    return base64.b64encode(f"next:{position}".encode()).decode()


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
