"""How a link between work and AI use is put into words, for each of its levels.

Two things are set side by side here. None of these words says that one brought about the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.domain.digest import OutcomeLine
from bot.domain.links import LinkLevel
from bot.language import Language, mark

NO_PROOF = mark("Two things stand side by side here; that the one led to the other is not known.")
_OF_ONE: Mapping[LinkLevel | None, str] = MappingProxyType(
    {
        LinkLevel.SESSION: mark(
            "Goes with a session of a tool that you used, by a link in it or by the "
            "tool's own count"
        ),
        LinkLevel.TOOL: mark("Shows a tool that you used in the two weeks before"),
        LinkLevel.PERIOD: mark("In a week in which you used AI"),
        None: mark("No AI use of yours is known around it"),
    }
)


def of_one(say: Language, level: LinkLevel | None, tools: Sequence[str]) -> str:
    """What may be said of one piece of work; *tools* are those that left their marks in it."""
    said = say(_OF_ONE[level])
    return say("{link} (marks of {tools})", link=said, tools=say.listed(tools)) if tools else said


def of_many(say: Language, line: OutcomeLine) -> Iterator[str]:
    """What may be said of several: how many show a tool, and how surely it was yours."""
    if not line.with_evidence:
        return
    levels = dict(line.by_level)
    sessions = levels.get(LinkLevel.SESSION, 0)
    with_tool = levels.get(LinkLevel.TOOL, 0) + sessions
    if with_tool < line.with_evidence:
        yield _with_help(say, line.with_evidence, line)
    if with_tool:
        yield _with_tool(say, with_tool, line)
    if sessions:
        yield _with_session(say, sessions, line)


def _with_help(say: Language, count: int, line: OutcomeLine) -> str:
    if line.finished == 1:
        return say("it shows an AI tool's help")
    return say.plural(
        count,
        "{count} of the {all} shows an AI tool's help",
        "{count} of the {all} show an AI tool's help",
        all=say.number(line.finished),
    )


def _with_tool(say: Language, count: int, line: OutcomeLine) -> str:
    if line.finished == 1:
        return say("it shows a tool that you used in the two weeks before")
    return say.plural(
        count,
        "{count} of the {all} shows a tool that you used in the two weeks before",
        "{count} of the {all} show a tool that you used in the two weeks before",
        all=say.number(line.finished),
    )


def _with_session(say: Language, count: int, line: OutcomeLine) -> str:
    if line.finished == 1:
        return say("it goes with a session of such a tool")
    return say.plural(
        count,
        "{count} of the {all} goes with a session of such a tool",
        "{count} of the {all} go with a session of such a tool",
        all=say.number(line.finished),
    )
