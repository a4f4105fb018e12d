"""What admins ask of teams, and why it may not be done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.teams import Team


class TeamRefusal(StrEnum):
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_TAKEN = "name_taken"
    """By a team of another source."""
    GROUP_MISSING = "group_missing"
    GROUP_GONE = "group_gone"
    GROUPS_UNREADABLE = "groups_unreadable"
    CHANNEL_SHARED = "channel_shared"
    CHANNEL_GONE = "channel_gone"
    """Or private, without the bot in it: then nobody can say who reads it."""
    CHANNEL_UNSEEN = "channel_unseen"
    """Without the scope to look, the admin's word is needed."""
    MANAGER_UNKNOWN = "manager_unknown"
    NOT_UNDERSTOOD = "not_understood"
    """A word that is no mention, and no time zone."""
    SLACK_SILENT = "slack_silent"
    NOT_FOUND = "not_found"
    OF_THE_FILE = "of_the_file"
    """Only the operator's file says where it stands, and that it is there."""
    NO_SUCH_PLACE = "no_such_place"


@dataclass
class TeamRefused(Exception):  # noqa: N818 - an answer, not a failure
    """Nothing was changed; *about* is the name, mention or number that is in the way."""

    reason: TeamRefusal
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTeam:
    """``managers`` are Slack users; ``confirmed``: the admin says that the channel is our own."""

    name: str
    group: str | None
    channel: str | None
    managers: tuple[str, ...]
    time_zone: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """``unknown`` are addresses of nobody in the directory: they are not kept."""

    teams: tuple[Team, ...]
    people: int
    unknown: tuple[str, ...]
