"""Names by which one piece of work is known in several systems, and where texts mention it.

A name is ``commit:SHA``, ``ticket:KEY`` or ``FORGE:PROJECT#NUMBER``; upper and lower case count as
one where the system itself does not tell them apart.
"""

from __future__ import annotations

import re
from typing import Literal

Forge = Literal["github", "gitlab"]

_KEY = re.compile(r"(?<![\w.-])([A-Z][A-Z0-9]{1,9})-(\d{1,9})(?![\w-])")
_IN_BRANCH = re.compile(r"(?:^|[/_-])([A-Za-z][A-Za-z0-9]{1,9})-(\d{1,9})(?=$|[/_.-])")
_GITHUB = re.compile(
    r"https?://[^/\s]+/(?P<project>[\w.-]+/[\w.-]+)/(?:pull|issues)/(?P<number>\d+)"
)
_GITLAB = re.compile(r"https?://[^/\s]+/(?P<project>[\w./-]+?)/-/merge_requests/(?P<number>\d+)")
_TICKET = re.compile(
    r"https?://[^/\s]+(?:/[\w.-]+)*/(?:browse|issue)/(?P<key>[A-Za-z][A-Za-z0-9]{1,9}-\d{1,9})\b"
)


def commit_name(sha: str) -> str:
    return f"commit:{sha.lower()}"


def change_name(forge: Forge, project: str, number: int) -> str:
    """A pull or merge request; *project* with its owner or group."""
    return f"{forge}:{project.lower()}#{number}"


def ticket_name(key: str) -> str:
    """A ticket by its key, such as ``OPS-12``, whichever tracker it is in."""
    return f"ticket:{key.upper()}"


def tickets_in(text: str | None, *, branch: str | None = None) -> frozenset[str]:
    """The tickets whose keys stand in a title, in capitals, or in a branch, in any case.

    Other words look like keys ("UTF-8"): only those that are somebody's ticket come to anything.
    """
    found = [*_KEY.findall(text or ""), *_IN_BRANCH.findall(branch or "")]
    return frozenset(ticket_name(f"{project}-{int(number)}") for project, number in found)


def name_of_link(url: str | None) -> str | None:
    """The work that a link leads to, where it is a change or a ticket."""
    for pattern, forge in ((_GITLAB, "gitlab"), (_GITHUB, "github")):
        if found := pattern.match(url or ""):
            return f"{forge}:{found['project'].lower()}#{found['number']}"
    found = _TICKET.match(url or "")
    return ticket_name(found["key"]) if found else None
