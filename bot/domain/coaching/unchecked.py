"""The check of a tip about which three weeks tell nothing; its rule says why."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.coaching.facts import Facts
from bot.domain.periods import IsoWeek


def unchecked(_facts: Facts, _weeks: Sequence[IsoWeek]) -> None:
    return None
