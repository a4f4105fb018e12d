"""A private note that part of a monthly amount is spent: a help for planning, and no alarm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.blocks import wording
from bot.blocks.controls import privacy_button, settings_button
from bot.blocks.kit import actions, context, message, section
from bot.domain.coaching.budget import BudgetNote
from bot.domain.messages import Message
from bot.language import Language, mark

_REACHED: Mapping[int, str] = MappingProxyType(
    {
        50: mark("*Half of your amount for {month} is spent.*"),
        80: mark("*Most of your amount for {month} is spent.*"),
        100: mark("*Your amount for {month} is spent.*"),
    }
)


def render_budget_note(say: Language, note: BudgetNote) -> Message:
    """For its owner only; whether the amount is the owner's own or everybody's, it is private."""
    return message(
        say("A private note from Upshot about your monthly amount for AI."),
        section(
            "budget", say(_REACHED[note.step], month=say.month(note.month)), *_figures(say, note)
        ),
        section(
            "budget-meaning",
            say(
                "The amount is there to plan with: nothing is switched off when it is spent, "
                "and nobody else is told."
            ),
        ),
        context("budget-foot", *_foot(say, note)),
        actions("budget-actions", settings_button(say), privacy_button(say)),
    )


def _figures(say: Language, note: BudgetNote) -> Iterator[str]:
    yield say(
        "So far {spent} of {amount} is recorded.",
        spent=wording.rough_money(say, note.spent),
        amount=say.money(Decimal(note.amount), cents=False),
    )
    if note.is_over:
        yield say("The month is over; its figures may still move a little.")
    elif note.months_end is None:
        yield say("There are too few days yet to tell where the month may end.")
    else:
        low, high = note.months_end.low, note.months_end.high
        yield say(
            "If the rest of the month goes as its days so far, it may end at {range}.",
            range=wording.money_range(say, low, high),
        )


def _foot(say: Language, note: BudgetNote) -> Iterator[str]:
    yield wording.data_through(say, note.data_through)
    if note.is_partial:
        yield say("Use without a known price in US dollars is not in it.")
    if not wording.is_billed(note.bases):
        yield say(wording.NOT_THE_BILL)
    yield say(wording.ONLY_YOU)
