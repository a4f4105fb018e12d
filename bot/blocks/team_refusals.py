"""Why nothing was changed about teams, in words for admins, under a form or as an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.blocks.escaping import code, escape, mention, plain
from bot.blocks.kit import bold, context, message, section
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.domain.team_lists import TeamRefusal, TeamRefused
from bot.domain.team_table import LONGEST_NAME, Fault, WrongLine
from bot.language import Language, mark

_CHANNEL = re.compile(r"[CG][A-Z0-9]+")
_REFUSALS: Mapping[TeamRefusal, str] = MappingProxyType(
    {
        TeamRefusal.NAME_MISSING: mark("A team needs a name."),
        TeamRefusal.NAME_TOO_LONG: mark("A team's name has at most {longest} characters."),
        TeamRefusal.NAME_TAKEN: mark(
            "There is a team called {about} already, and its members come from somewhere else."
        ),
        TeamRefusal.GROUP_MISSING: mark(
            "Name the user group whose members are the team: type @ and choose it from the list."
        ),
        TeamRefusal.GROUP_GONE: mark("There is no such user group, or it is disabled."),
        TeamRefusal.GROUPS_UNREADABLE: mark(
            "Upshot may not read user groups. They need a paid plan of Slack, and Upshot's app "
            "the optional scope usergroups:read. Lists of teams can be imported without it."
        ),
        TeamRefusal.CHANNEL_SHARED: mark(
            "{about} is shared with another organization, or about to be: people from there "
            "would read the team's summary. Choose a channel of your own."
        ),
        TeamRefusal.CHANNEL_GONE: mark(
            "Upshot cannot see {about}. It is archived or deleted, or private and Upshot is not "
            "in it: then invite Upshot first."
        ),
        TeamRefusal.CHANNEL_UNSEEN: mark(
            "Upshot may not see whether {about} is shared with another organization: its app "
            "lacks the optional scopes channels:read and groups:read. If you have looked and it "
            "is your own, say so with the word confirmed."
        ),
        TeamRefusal.MANAGER_UNKNOWN: mark(
            "{about} is no full member of this workspace whom Upshot knows."
        ),
        TeamRefusal.NOT_UNDERSTOOD: mark(
            "I do not understand {about}. Groups, channels and people are chosen from the list "
            "that comes up after @ and #, and a time zone is written as in Europe/Berlin."
        ),
        TeamRefusal.SLACK_SILENT: mark("Slack does not answer at the moment. Please try again."),
        TeamRefusal.NOT_FOUND: mark("There is no team called {about}."),
        TeamRefusal.OF_THE_FILE: mark(
            "{about} is in the operator's file: it is changed, ordered and removed there."
        ),
        TeamRefusal.NO_SUCH_PLACE: mark(
            "That is no place for it. Teams from the operator's file come first, then imported "
            "ones, then user groups; a team moves among those of its own kind."
        ),
    }
)
_FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.NO_TEAM: mark("Line {line} names no team."),
        Fault.LONG_NAME: mark("Line {line}: a team's name has at most {longest} characters."),
        Fault.NO_EMAIL: mark("Line {line} has no e-mail address."),
        Fault.NO_ROLE: mark("Line {line}: the role is member or manager."),
        Fault.NO_SUCH_ZONE: mark(
            "Line {line}: there is no such time zone. Write it as in Europe/Berlin."
        ),
        Fault.NO_CHANNEL_ID: mark(
            "Line {line}: a channel is given by its id, as in C0123456789. It stands at the end "
            "of the channel's details."
        ),
        Fault.COLUMNS_MISSING: mark("The first line lacks these columns: {missing}."),
        Fault.NOT_CSV: mark("Line {line} is not CSV."),
    }
)


def render_team_refused(say: Language, refused: TeamRefused, names: CommandNames) -> Message:
    command = code(f"{names.admin} teams help")
    return message(
        say("No team was changed."),
        section("team-refused", bold(say("Nothing was changed.")), _refusal(say, refused)),
        context(
            "team-refused-foot", say("What can be done about teams: {command}", command=command)
        ),
    )


def refusal_in_a_form(say: Language, refused: TeamRefused) -> str:
    """The same where Slack shows no mentions."""
    return say(
        _REFUSALS[refused.reason],
        about=plain(refused.about),
        longest=say.number(LONGEST_NAME),
    )


def wrong_line(say: Language, wrong: WrongLine) -> str:
    return say(
        _FAULTS[wrong.fault],
        line=say.number(wrong.line),
        longest=say.number(LONGEST_NAME),
        missing=say.listed(wrong.missing),
    )


def teams_changed(say: Language, *lines: str) -> Message:
    return message(
        say("The teams of Upshot."),
        section("teams-changed", *lines),
        context("teams-changed-foot", say("Every change is logged.")),
    )


def _refusal(say: Language, refused: TeamRefused) -> str:
    match refused.reason:
        case TeamRefusal.CHANNEL_SHARED | TeamRefusal.CHANNEL_GONE | TeamRefusal.CHANNEL_UNSEEN:
            about = channel_mention(refused.about)
        case TeamRefusal.MANAGER_UNKNOWN:
            about = mention(refused.about)
        case _:
            about = code(refused.about)
    longest = say.number(LONGEST_NAME)
    return say(_REFUSALS[refused.reason], about=about, longest=longest)


def channel_mention(channel: str) -> str:
    """A channel's name as Slack shows it, where *channel* is one's id."""
    return f"<#{channel}>" if _CHANNEL.fullmatch(channel) else escape(channel)
