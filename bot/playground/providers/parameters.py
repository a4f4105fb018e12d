"""Reading query parameters as strictly as the real APIs do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from bot.playground.providers.cursors import Query
from bot.playground.providers.errors import RefusedError


def refuse_unknown(query: Query, known: Collection[str]) -> None:
    """Refuse a parameter that the endpoint does not have."""
    for name, _ in query:
        if name not in known:
            raise RefusedError(400, f"{name}: unknown parameter")


def values(query: Query, *names: str) -> list[str]:
    """Give all values of a repeated parameter under any of its spellings."""
    return [value for name, value in query if name in names]


def one(query: Query, name: str) -> str | None:
    """Give the only value of a parameter, if it is there."""
    found = values(query, name)
    if len(found) > 1:
        raise RefusedError(400, f"{name}: given more than once")
    return found[0] if found else None


def choices(query: Query, *names: str, among: Collection[str]) -> list[str]:
    """Give the values of a repeated parameter, each of which must be one of *among*."""
    found = values(query, *names)
    for value in found:
        if value not in among:
            raise RefusedError(400, f"{names[0]}: {value} is not one of {', '.join(sorted(among))}")
    return list(dict.fromkeys(found))


def choice(query: Query, name: str, *, among: Collection[str], default: str) -> str:
    """Give the value of a parameter that must be one of *among*."""
    one(query, name)
    return (choices(query, name, among=among) or [default])[0]


def limit(query: Query, *, default: int, most: int) -> int:
    """Give the page size."""
    text = one(query, "limit") or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise RefusedError(400, f"limit: must be between 1 and {most}")
    return int(text)


def rfc3339(query: Query, name: str) -> datetime | None:
    """Give a time with its offset."""
    text = one(query, name)
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedError(400, f"{name}: not an RFC 3339 time") from None
    if time.tzinfo is None:
        raise RefusedError(400, f"{name}: needs an offset")
    return time.astimezone(UTC)


def unix_seconds(query: Query, name: str) -> datetime | None:
    """Give a time sent as whole seconds."""
    text = one(query, name)
    if text is None:
        return None
    if not text.isdecimal():
        raise RefusedError(400, f"{name}: not whole Unix seconds")
    return datetime.fromtimestamp(int(text), UTC)


def required(time: datetime | None, name: str) -> datetime:
    """Refuse a query without the parameter."""
    if time is None:
        raise RefusedError(400, f"{name}: required")
    return time


def days_between(start: datetime, end: datetime) -> list[date]:
    """Give the UTC days that begin before *end*, from the one *start* lies in."""
    if end <= start:
        raise RefusedError(400, "the range ends before it begins")
    last = (end - timedelta(microseconds=1)).date()
    return [start.date() + timedelta(days=n) for n in range((last - start.date()).days + 1)]
