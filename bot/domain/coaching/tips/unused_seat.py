"""A seat that is paid for and was not used for four weeks: try it with some help, or give it back.

Saving: what the seat was charged for these 28 days, ``None`` where its price is not known (the tip
is useful without). Of several the dearest. Silent about a seat of fewer than 30 days, about one
whose provider has not told of all four weeks, and while its owner seems to be away.

Check: how many seats that were held all the time were not used in any of the weeks; the goal is one
fewer, by use or by giving it back. It is a count of whole weeks, so ups and downs do not move it.

Source: seat reports of GitHub Copilot and of Swarmia, which take 28 days without activity as idle.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.coaching.facts import Facts, Seat
from bot.domain.coaching.rules import Finding, Need, Rule
from bot.domain.coaching.seats import days_of_use, held, in_weeks, is_established
from bot.domain.periods import IsoWeek

NAME = "unused_seat"


def find(facts: Facts) -> Finding | None:
    weeks = facts.recent()
    idle = _idle(facts, weeks) or []
    told = [seat for seat in idle if is_established(facts, seat)]
    if not told or _is_away(facts, weeks):
        return None
    seat = max(told, key=lambda seat: (seat.cost or Decimal(0), seat.provider))
    return Finding(
        rule=NAME,
        saving=seat.cost,
        measure=Decimal(len(idle)),
        goal=Decimal(len(idle) - 1),
        values={"tool": seat.provider},
    )


def measure(facts: Facts, weeks: Sequence[IsoWeek]) -> Decimal | None:
    idle = _idle(facts, weeks)
    return None if idle is None else Decimal(len(idle))


def _idle(facts: Facts, weeks: Sequence[IsoWeek]) -> list[Seat] | None:
    seats = held(facts, weeks)
    if seats is None:
        return None
    return [seat for seat in seats if not days_of_use(facts, seat.provider, weeks)]


def _is_away(facts: Facts, weeks: Sequence[IsoWeek]) -> bool:
    """No tool at all is used now, and some were before."""
    uses_now = any(entry.is_use for entry in in_weeks(facts, weeks))
    return not uses_now and any(entry.is_use for entry in facts.history.use)


RULE = Rule(
    name=NAME,
    needs=frozenset({Need.SEATS}),
    source="GitHub Copilot and Swarmia: seats without activity in 28 days",
    find=find,
    measure=measure,
)
