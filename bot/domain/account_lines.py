"""Lines of CSV in which an admin says whose accounts are, read without believing any of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.people import normalized_email

MOST_LINES = 50
LONGEST = 3_000
"""Characters that one of Slack's inputs holds."""
_COLUMNS = ["source", "account", "person"]
_USER = re.compile(r"(?:<@)?([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>?")


class LineFault(StrEnum):
    """Why a line cannot be taken; nothing of it tells whose an account is."""

    NOT_THREE = "not_three"
    TOO_MANY = "too_many"
    TWICE = "twice"
    NO_ACCOUNT = "no_account"
    NO_PERSON = "no_person"
    PROVEN = "proven"
    WAITING = "waiting"
    REFUSED = "refused"
    ONESELF = "oneself"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """Of a person one of *email* and *slack_user_id* is known."""

    number: int
    source: str
    account: str
    email: str | None = None
    slack_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLines:
    """What was read, and what is wrong with which line."""

    lines: tuple[AccountLine, ...] = ()
    faults: Mapping[int, LineFault] = field(default_factory=dict)


def read_lines(text: str) -> AccountLines:
    """Source, account, and the person by address or by mention; a line of titles may come first."""
    lines: dict[tuple[str, str], AccountLine] = {}
    faults: dict[int, LineFault] = {}
    for number, cells in _rows(text):
        line = _line(number, cells)
        if line is None:
            faults[number] = LineFault.NOT_THREE
        elif len(lines) >= MOST_LINES:
            faults[number] = LineFault.TOO_MANY
        elif (line.source, line.account) in lines:
            faults[number] = LineFault.TWICE
        else:
            lines[line.source, line.account] = line
    return AccountLines(lines=tuple(lines.values()), faults=faults)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    # Line by line: a quote that is never closed must not swallow the lines that follow.
    for number, line in enumerate(text.replace("\0", "").splitlines(), start=1):
        stripped = [cell.strip() for cell in next(csv.reader([line]))]
        if stripped and [cell.lower() for cell in stripped] != _COLUMNS:
            yield number, stripped


def _line(number: int, cells: list[str]) -> AccountLine | None:
    if len(cells) != len(_COLUMNS) or not all(cells):
        return None
    source, account, person = cells
    user, email = _USER.fullmatch(person), normalized_email(person)
    if user is None and (email is None or email.startswith("@")):
        return None
    return AccountLine(
        number=number,
        source=source.lower(),
        account=account,
        email=None if user else email,
        slack_user_id=user[1] if user else None,
    )
