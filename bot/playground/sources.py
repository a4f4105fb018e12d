"""Which of the others' systems the made-up company has: all of them, or those that are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.playground.company import TOOLS
from bot.playground.company.people import PROVIDERS

KINDS_OF_WORK: Final[Mapping[str, frozenset[str]]] = {
    "git": frozenset({"merged_change"}),
    "jira": frozenset({"task_done"}),
    "confluence": frozenset({"page_published"}),
    "zendesk": frozenset({"ticket_solved"}),
}
"""What each system of record tells of, however small the company."""
OF_USE: Final[tuple[str, ...]] = (*PROVIDERS, *TOOLS)
SOURCES: Final[tuple[str, ...]] = (*OF_USE, *KINDS_OF_WORK)
ALL: Final = frozenset(SOURCES)


def chosen(text: str) -> frozenset[str]:
    """The sources named in *text*, with commas; raises ``ValueError`` with a sentence."""
    names = frozenset(name.strip().replace("-", "_") for name in text.lower().split(","))
    names -= {""}
    if unknown := sorted(names - ALL):
        raise ValueError(f"There is no source {' or '.join(unknown)}. There are {_listed()}.")
    if not names & frozenset(OF_USE):
        raise ValueError(f"Choose one that tells of AI use at least: {', '.join(OF_USE)}.")
    return names


def _listed() -> str:
    return f"{', '.join(SOURCES[:-1])} and {SOURCES[-1]}"
