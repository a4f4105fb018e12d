"""A team's monthly amount, of which its channel hears at half of it, at four fifths and at all.

Made of released weeks alone: those whose Monday lies in the month and whose spend was shown. So it
is approximate, and each step is told once a month, whatever later weeks do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.coaching.budget import due_steps
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded
from bot.domain.periods import month_of
from bot.domain.team_figures import in_order, rounded, shown
from bot.domain.teams import ReleasedWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamBudgetNote:
    """*step* percent of *amount* are *spent*, approximately, in the month that begins on *month*.

    ``reached`` has every step that is told with this one; ``weeks`` is of how many weeks the sum
    is made, and ``is_partial`` says that another week of the month was withheld.
    """

    team: str
    month: date
    step: int
    reached: tuple[int, ...]
    amount: int
    spent: Decimal
    weeks: int
    is_partial: bool


def team_budget_note(
    weeks: Sequence[ReleasedWeek], month: date, *, amount: int, told: Collection[int]
) -> TeamBudgetNote | None:
    """What to tell of the month that *month* lies in, if there is anything; of bands, nothing."""
    period = month_of(month)
    within = [w for w in in_order(weeks) if period.first_day <= w.week.monday <= period.last_day]
    if any(isinstance(shown(week, Cell.SPEND), Banded) for week in within):
        return None
    figures = [figure for week in within if (figure := rounded(week, Cell.SPEND)) is not None]
    spent = sum((figure.value for figure in figures), Decimal(0))
    if not figures or not (reached := due_steps(spent, amount, told)):
        return None
    return TeamBudgetNote(
        team=within[-1].team,
        month=period.first_day,
        step=reached[-1],
        reached=reached,
        amount=amount,
        spent=spent,
        weeks=len(figures),
        is_partial=len(figures) < len(within),
    )
