"""How far the sources reach that one person's figures come from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from bot.domain.history import PersonalHistory
from bot.domain.senders import is_sender


def concerning(
    history: PersonalHistory, on: Collection[str], of_work: Collection[str]
) -> PersonalHistory:
    """With the sources alone that are *on* and that its owner's figures come from.

    Whoever uses two tools of twenty hears of those two; who uses none may use any. *of_work* are
    those of the sources that tell of finished work, and not of use.
    """
    used = {use.provider for use in history.use}
    worked_in = {work.source for work in history.work}

    def concerns(source: str) -> bool:
        if source not in on and not is_sender(source):
            return False
        told = worked_in if source in of_work else used
        return not told or source in told

    through = tuple((name, day) for name, day in history.data_through if concerns(name))
    return replace(history, data_through=through)


def late_for(history: PersonalHistory, day: date) -> frozenset[str]:
    """The sources that have not told of *day* yet; nobody knows it of those that send."""
    return frozenset(
        name
        for name, through in history.data_through
        if not is_sender(name) and (through is None or through < day)
    )
