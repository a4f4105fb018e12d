"""A first: the first piece of work that shows a tool one used, or the first that one logged.

It speaks of the last closed week, if the sixteen weeks known hold none before; of results alone,
never of how much was used or spent. A tip that worked is told by the line on how the last tip went.
Saving: none. Check: none, as there is nothing to change.

Source: CodeBurn's report on tips that were acted on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.domain.coaching.facts import Facts
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.unchecked import unchecked
from bot.domain.history import FINISHED, FinishedWork
from bot.domain.links import LinkLevel
from bot.domain.periods import IsoWeek
from bot.domain.tiers import Tier

NAME = "celebrate"


def find(facts: Facts) -> Finding | None:
    first = _first(facts)
    return Finding(rule=NAME, values={"first": first}) if first else None


def _first(facts: Facts) -> str | None:
    """What there is for the first time; a trial that was written down is a result as well."""
    linked = (piece.completed_on for piece in facts.history.work if _is_linked(piece))
    if _is_new(facts, linked):
        return "linked"
    logged = facts.history.logged
    if not _is_new(facts, (entry.done_on for entry in logged)):
        return None
    is_trial = all(entry.kind.tier is Tier.EXPLORATION for entry in logged)
    return "tried" if is_trial else "logged"


def _is_new(facts: Facts, days: Iterable[date]) -> bool:
    """The earliest of *days* lies in the last closed week."""
    earliest = min(days, default=None)
    return earliest is not None and IsoWeek.of(earliest) == facts.until


def _is_linked(piece: FinishedWork) -> bool:
    is_by_tool = piece.level is not None and piece.level >= LinkLevel.TOOL
    return is_by_tool and piece.state in FINISHED


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.OUTCOMES}),
    source="CodeBurn: tell what came of it",
    find=find,
    measure=unchecked,
)
