"""What a team's channel hears of the team's monthly amount: a help for planning, and no alarm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.blocks import released
from bot.blocks.escaping import escape
from bot.blocks.kit import context, message, section
from bot.domain.messages import Message
from bot.domain.team_budget import TeamBudgetNote
from bot.language import Language, mark

_REACHED: Mapping[int, str] = MappingProxyType(
    {
        50: mark("*{team}: about half of the team's amount for {month} is spent.*"),
        80: mark("*{team}: most of the team's amount for {month} is spent.*"),
        100: mark("*{team}: the team's amount for {month} is spent.*"),
    }
)


def render_team_budget(say: Language, note: TeamBudgetNote) -> Message:
    """For the team's channel, of figures that it has seen already."""
    reached = say(_REACHED[note.step], team=escape(note.team), month=say.month(note.month))
    return message(
        say("A note from Upshot about this team's monthly amount for AI."),
        section("team-budget", reached, *_figures(say, note)),
        context(
            "team-budget-foot",
            say(
                "Approximate: it is the sum of the weekly figures of this channel, which are "
                "capped, made noisy and rounded on purpose. Seats are no part of it."
            ),
            say("Everybody in this channel reads this. Nobody's own figures are in it."),
        ),
    )


def _figures(say: Language, note: TeamBudgetNote) -> Iterator[str]:
    yield say.plural(
        note.weeks,
        "About {spent} of {amount}, in {count} week that began in the month.",
        "About {spent} of {amount}, in {count} weeks that began in the month.",
        spent=released.dollars(say, note.spent),
        amount=released.dollars(say, Decimal(note.amount)),
    )
    if note.is_partial:
        yield say("Weeks of it that were withheld are not counted.")
    yield say("The amount is there to plan with: nothing is switched off when it is spent.")
