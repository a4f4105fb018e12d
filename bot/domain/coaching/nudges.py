"""A nudge: unusual use that its owner hears of first, alone, with innocent causes before others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class NudgeKind(StrEnum):
    TWO_WEEKS = "two_weeks"
    COST_GUARD = "cost_guard"


class Sign(StrEnum):
    """What goes along with two high weeks; money alone is no reason to say anything."""

    NO_OUTCOMES = "no_outcomes"
    LOW_ACCEPTANCE = "low_acceptance"
    MORE_INPUT = "more_input"
    SAME_EVERY_DAY = "same_every_day"


class Answer(StrEnum):
    """Each but ``CHECKED`` ends the matter; ``NEVER`` ends all nudges."""

    EXPECTED = "expected"
    EXPLORATION = "exploration"
    CHECKED = "checked"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """``spend`` has the amount of each week (or of the one day), the oldest first; ``low`` to
    ``high`` is the reader's usual week (or day ``low`` = ``high`` = its median), in US dollars.
    """

    kind: NudgeKind
    first_day: date
    last_day: date
    spend: tuple[Decimal, ...]
    low: Decimal
    high: Decimal
    provider: str | None = None
    signs: frozenset[Sign] = frozenset()
