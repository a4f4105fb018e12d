"""Every word about teams that admins and channels read, with the worst that can be in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.blocks import announcement, team_import, team_refusals, teams_admin
from bot.domain.commands import CommandNames
from bot.domain.messages import Message, Modal
from bot.domain.team_lists import Imported, TeamRefusal, TeamRefused
from bot.domain.teams import ChannelProblem, MembersChanged, Team, TeamListing, TeamSource
from bot.language import Language
from tests.blocks.making import HOSTILE

NAMES = CommandNames()
LONG_NAME = "Everybody who works on the platform, and some who do not"
MONDAY = date(2026, 11, 23)
DATA = Team(
    id=3,
    name="Data Platform",
    channel="C01DATA",
    time_zone="Europe/Berlin",
    source=TeamSource.GROUP,
    position=1,
    group="S01DATA",
)
ENDED = replace(DATA, ended_on=MONDAY)
WORST = replace(
    DATA, name=HOSTILE, channel=HOSTILE, time_zone=HOSTILE, channel_problem=ChannelProblem.GONE
)


def listing(team: Team = DATA, **changes: object) -> TeamListing:
    usual = TeamListing(team=team, managers=("U01ADA", "U02BOB"), joining=0, leaving=0)
    return replace(usual, **changes)  # type: ignore[arg-type]


LISTED = [
    listing(replace(DATA, id=1, source=TeamSource.FILE), joining=3, leaving=1),
    listing(replace(DATA, id=2, source=TeamSource.IMPORT, channel=None), managers=(), joining=1),
    listing(replace(DATA, channel_problem=ChannelProblem.SHARED), leaving=2),
    listing(replace(DATA, id=4, channel_problem=ChannelProblem.NOT_IN)),
    listing(replace(ENDED, id=5), joining=1, leaving=9),
    listing(replace(WORST, id=6), managers=(HOSTILE,) * 9, joining=1_000),
    listing(replace(DATA, id=7, source=TeamSource.FILE, channel=None), managers=()),
    listing(replace(DATA, id=8, channel=None), managers=()),
]
MANY = [
    listing(replace(WORST, id=number, name=LONG_NAME * 9), managers=("U01ADA",) * 40)
    for number in range(2_000)
]


def changed(joining: int, leaving: int, team: Team = DATA) -> MembersChanged:
    return MembersChanged(team=team, from_day=MONDAY, joining=joining, leaving=leaving)


def messages(say: Language) -> dict[str, Message]:
    refusals = {
        f"teams-refused-{reason.value.replace('_', '-')}": team_refusals.render_team_refused(
            say, TeamRefused(reason, "C01DATA" if "channel" in reason else "U01ADA"), NAMES
        )
        for reason in TeamRefusal
    }
    return {
        **refusals,
        "teams-refused-hostile": team_refusals.render_team_refused(
            say, TeamRefused(TeamRefusal.CHANNEL_SHARED, HOSTILE), NAMES
        ),
        "teams-refused-hostile-word": team_refusals.render_team_refused(
            say, TeamRefused(TeamRefusal.NOT_UNDERSTOOD, HOSTILE * 90), NAMES
        ),
        "teams-listed": teams_admin.render_teams(say, LISTED, NAMES),
        "teams-listed-many": teams_admin.render_teams(say, MANY, NAMES),
        "teams-listed-none": teams_admin.render_teams(say, [], NAMES),
        "teams-listed-by-word": teams_admin.render_teams(say, LISTED, NAMES, named="ZZZ"),
        "teams-help": teams_admin.render_teams_help(say, NAMES),
        "teams-added": teams_admin.render_team_added(say, DATA),
        "teams-added-not-invited": teams_admin.render_team_added(
            say, replace(DATA, channel_problem=ChannelProblem.NOT_IN)
        ),
        "teams-added-hostile": teams_admin.render_team_added(say, replace(WORST, channel=None)),
        "teams-removed": teams_admin.render_team_removed(say, ENDED),
        "teams-moved": teams_admin.render_team_moved(say, DATA, 2),
        "members-changed": announcement.render_members_changed(say, changed(3, 1), NAMES),
        "members-join": announcement.render_members_changed(say, changed(1, 0), NAMES),
        "members-leave": announcement.render_members_changed(say, changed(0, 2), NAMES),
        "members-stay": announcement.render_members_changed(say, changed(0, 0), NAMES),
        "members-hostile": announcement.render_members_changed(say, changed(1, 1, WORST), NAMES),
        "members-team-ended": announcement.render_team_ended(say, ENDED, NAMES),
    }


def modals(say: Language) -> dict[str, Modal]:
    known = Imported(teams=(DATA,), people=1, unknown=())
    worst = Imported(teams=(DATA,) * 9, people=0, unknown=(f"{HOSTILE}@example.com",) * 75)
    return {
        "teams-import": team_import.render_import_form(say),
        "teams-imported": team_import.render_imported(say, known),
        "teams-imported-hostile": team_import.render_imported(say, worst),
    }
