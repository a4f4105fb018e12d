"""Teams, and the weeks of theirs that were released: only figures that are in the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.disclosure import TeamRelease, Withheld
from bot.domain.periods import IsoWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: int
    name: str
    channel: str | None
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """``role`` is ``member`` or ``manager``; managers see what members see, and count nowhere."""

    team: str
    email: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWeek:
    """What was released of a team's week, once and for good."""

    team: str
    week: IsoWeek
    outcome: TeamRelease | Withheld
