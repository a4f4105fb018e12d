"""All that one week's release is made of, as it stood at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.disclosure.contributions import Cell, Group
from bot.domain.periods import IsoWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """``past`` has what each contributor of the workspace had in a week of the four before *week*,
    above zero and cell by cell: caps are made of it.
    """

    week: IsoWeek
    groups: tuple[Group, ...]
    past: Mapping[Cell, Sequence[Decimal]]
