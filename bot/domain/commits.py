"""What a commit's message says beyond its prose: its change's number and its co-authors."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_LINE = 1000
"""Longer lines are no trailers and no subjects; without a limit they would cost hostile time."""

_SQUASHED = re.compile(r"\(#(\d{1,10})\)\s*$")
_MERGED = re.compile(r"^Merge pull request #(\d{1,10})\b")
_MERGE_REQUEST = re.compile(r"See merge request \S{0,300}!(\d{1,10})")
_MERGED_BRANCH = re.compile(
    r"^Merge (?:pull request #\d{1,10} from [^/\s]{1,100}/(?P<github>\S+)"
    r"|branch '(?P<gitlab>[^']+)' into )"
)


@dataclass(frozen=True, slots=True, order=True)
class Signature:
    """Whom a commit names as an author: a claim, as everything in git."""

    name: str
    email: str


def subject_of(message: str) -> str:
    return message.lstrip("\n").partition("\n")[0][:LONGEST_LINE].strip()


def lines_of(message: str) -> list[str]:
    return [line.strip() for line in message.split("\n") if len(line) <= LONGEST_LINE]


def coauthors_of(message: str) -> tuple[Signature, ...]:
    """Whoever has a co-author trailer, once, wherever in the message it stands.

    A squash collects the trailers of its commits, so they are not all in the last paragraph.
    """
    found = (
        signature
        for line in lines_of(message)
        if line[:15].lower() == "co-authored-by:"
        and (signature := read_signature(line[15:])) is not None
    )
    return tuple(dict.fromkeys(found))


def read_signature(text: str) -> Signature | None:
    """``Name <address>``, or ``None`` where it is anything else."""
    name, opened, rest = text.strip().partition("<")
    email, closed, after = rest.partition(">")
    if not (opened and closed) or after or "@" not in email or len(email.split()) != 1:
        return None
    return Signature(name.strip(), email.strip().lower())


def change_number(message: str) -> int | None:
    """The number of the pull or merge request that this commit landed."""
    subject = subject_of(message)
    found = (
        _SQUASHED.search(subject)
        or _MERGED.search(subject)
        or (_MERGE_REQUEST.search(message) if "See merge request" in message else None)
    )
    return int(found[1]) if found else None


def merged_branch(message: str) -> str | None:
    """The branch that a merge commit names as the one it brought in."""
    found = _MERGED_BRANCH.search(subject_of(message))
    return (found["github"] or found["gitlab"]) if found else None
