"""Teams, who counts where, and the weeks of theirs that were released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.disclosure.figures import Release, Share
from bot.domain.disclosure.parameters import Parameters
from bot.domain.periods import IsoWeek


class TeamSource(StrEnum):
    """Where a team's members are read. The operator's file comes first, then what admins added."""

    FILE = "file"
    IMPORT = "import"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """``position`` orders all teams: who is in several counts in the first. ``group`` is a Slack
    user group's id. ``channel_problem`` says why nothing is posted: see ``ChannelProblem``. From
    ``ended_on`` on, a Monday, it is no team any more.
    """

    id: int
    name: str
    channel: str | None
    time_zone: str
    source: TeamSource = TeamSource.FILE
    position: int = 0
    group: str | None = None
    channel_problem: str | None = None
    ended_on: date | None = None


class ChannelProblem(StrEnum):
    SHARED = "shared"
    """With another organization, who would read the summary too."""
    NOT_IN = "not_in"
    """The bot was not invited, or was removed."""
    GONE = "gone"
    """Archived or deleted; or private, and the bot is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """``role`` is ``member`` or ``manager``; managers see what members see, and count nowhere.

    A person is named by address (a file) or by Slack user's id (a user group, a mention).
    """

    team: str
    role: str
    email: str | None = None
    slack_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTeam:
    """The team that a person counts in from *since* on; ``None``: in no team."""

    team: Team | None
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedWeek:
    """What the ledger holds of one team's week, once and for good.

    ``other`` is what was released of all small teams together; ``parameters`` were in force.
    """

    team: str
    week: IsoWeek
    release: Release
    other: Release
    coverage: Share | None
    parameters: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged:
    """How many people a team's figures count from *from_day* on that they did not before.

    Neither joining nor leaving is a change that was taken back.
    """

    team: Team
    from_day: date
    joining: int
    leaving: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamListing:
    """What admins see of a team; ``managers`` are Slack users' ids. No word of its figures."""

    team: Team
    managers: tuple[str, ...]
    joining: int
    leaving: int
