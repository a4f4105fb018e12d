"""What everybody may ask for about themselves: all that is kept, to be left out, or forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Refusal(StrEnum):
    """Why nothing is kept of somebody."""

    FORGOTTEN = "forgotten"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuser:
    """By what somebody who wants nothing kept would be met again.

    ``accounts`` has, for each source, the names of that person's accounts there.
    """

    slack_user_id: str
    addresses: frozenset[str]
    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What is kept of somebody: each row, with its table; what did not fit is counted."""

    lines: tuple[tuple[str, str], ...]
    left_out: int
