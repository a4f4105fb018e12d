"""How a link between work and AI use is put into words, for each of its levels.

Two things are set side by side here. None of these words says that one brought about the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.blocks.wording import listed
from bot.domain.digest import OutcomeLine
from bot.domain.links import LinkLevel

_OF_ONE: Mapping[LinkLevel | None, str] = MappingProxyType(
    {
        LinkLevel.SESSION: "Goes with a session of a tool that you used, by a link in it or by the "
        "tool's own count",
        LinkLevel.TOOL: "Shows a tool that you used in the two weeks before",
        LinkLevel.PERIOD: "In a week in which you used AI",
        None: "No AI use of yours is known around it",
    }
)
_OF_ONE_ALONE = MappingProxyType({"show": "shows", "go": "goes"})
NO_PROOF = "Two things stand side by side here; that the one led to the other is not known."


def of_one(level: LinkLevel | None, tools: Sequence[str]) -> str:
    """What may be said of one piece of work; *tools* are those that left their marks in it."""
    said = _OF_ONE[level]
    return f"{said} (marks of {listed(tools)})" if tools else said


def of_many(line: OutcomeLine) -> Iterator[str]:
    """What may be said of several: how many show a tool, and how surely it was yours."""
    if not line.with_evidence:
        return
    levels = dict(line.by_level)
    sessions = levels.get(LinkLevel.SESSION, 0)
    with_tool = levels.get(LinkLevel.TOOL, 0) + sessions
    if with_tool < line.with_evidence:
        yield f"{_these(line.with_evidence, line, 'show')} an AI tool's help"
    if with_tool:
        yield f"{_these(with_tool, line, 'show')} a tool that you used in the two weeks before"
    if sessions:
        yield f"{_these(sessions, line, 'go')} with a session of such a tool"


def _these(count: int, line: OutcomeLine, verb: str) -> str:
    who = "it" if line.finished == 1 else f"{count:,} of the {line.finished:,}"
    return f"{who} {_OF_ONE_ALONE[verb] if count == 1 else verb}"
