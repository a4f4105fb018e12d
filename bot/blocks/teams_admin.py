"""Answers to admins about teams: which there are and what was changed. Nobody's figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.escaping import code, escape, mention
from bot.blocks.kit import TEXT_LIMIT, bold, context, header, message, section
from bot.blocks.team_refusals import channel_mention, teams_changed
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.domain.teams import ChannelProblem, Team, TeamListing, TeamSource
from bot.language import Language, mark

MOST_LISTED = 40
_MOST_NAMES = 5
_ROOM = TEXT_LIMIT - 700
"""For the teams; the rest is for what stands round them."""
_TOLD_IN: Mapping[TeamSource, str] = MappingProxyType(
    {
        TeamSource.FILE: mark("From the operator's file. Told in {channel}, on {zone} time."),
        TeamSource.IMPORT: mark("Imported by an admin. Told in {channel}, on {zone} time."),
        TeamSource.GROUP: mark("A user group of Slack. Told in {channel}, on {zone} time."),
    }
)
_WITHOUT_CHANNEL: Mapping[TeamSource, str] = MappingProxyType(
    {
        TeamSource.FILE: mark("From the operator's file. It has no channel."),
        TeamSource.IMPORT: mark("Imported by an admin. It has no channel."),
        TeamSource.GROUP: mark("A user group of Slack. It has no channel."),
    }
)
_PROBLEMS: Mapping[ChannelProblem, str] = MappingProxyType(
    {
        ChannelProblem.SHARED: mark(
            "*Nothing is posted in {channel}: it is shared with another organization.* Give the "
            "team a channel of its own."
        ),
        ChannelProblem.NOT_IN: mark(
            "*Upshot is not in {channel}.* Invite it there, and it posts again."
        ),
        ChannelProblem.GONE: mark(
            "*Upshot cannot post in {channel}.* It is archived or deleted, or private and Upshot "
            "is not in it."
        ),
    }
)


def render_teams(
    say: Language, listings: Sequence[TeamListing], names: CommandNames, *, named: str = ""
) -> Message:
    """Those whose name has *named* in it, with their place in the order of all."""
    staying = [listing for listing in listings if listing.team.ended_on is None]
    places = {listing.team.id: place for place, listing in enumerate(staying, start=1)}
    wanted = [known for known in listings if named.casefold() in known.team.name.casefold()]
    shown = _as_many_as_fit([_listing(say, known, places) for known in wanted[:MOST_LISTED]])
    return message(
        say("The teams of Upshot."),
        header("teams-title", say("Teams")),
        *(section(f"teams-{place}", *lines) for place, lines in enumerate(shown)),
        *_none(say, wanted, names),
        *_more(say, len(wanted) - len(shown), names),
        context(
            "teams-foot",
            say(
                "Who is in several teams counts in the first of them alone, and changes of that "
                "take effect on Mondays."
            ),
            say(wording.NO_PERSON),
        ),
    )


def _as_many_as_fit(listed: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The first of them: what is read out is no longer than one message."""
    fitting, room = [], _ROOM
    for lines in listed:
        room -= sum(len(line) + 1 for line in lines)
        if room < 0:
            break
        fitting.append(lines)
    return fitting


def _listing(say: Language, listing: TeamListing, places: Mapping[int, int]) -> list[str]:
    title, place = bold(escape(listing.team.name)), places.get(listing.team.id)
    if place is not None:
        title = f"{say.number(place)}. {title}"
    return [title, *_about(say, listing)]


def _about(say: Language, listing: TeamListing) -> Iterator[str]:
    team = listing.team
    yield _posts(say, team)
    if listing.managers:
        managers = [mention(user) for user in listing.managers]
        yield say("Managers: {people}.", people=say.listed(managers, most=_MOST_NAMES))
    if team.channel is not None and team.channel_problem in set(ChannelProblem):
        problem = _PROBLEMS[ChannelProblem(team.channel_problem)]
        yield say(problem, channel=channel_mention(team.channel))
    if team.ended_on is not None:
        yield say("*It ends on {day}.*", day=say.day(team.ended_on))
        return
    if listing.joining:
        yield say.plural(
            listing.joining,
            "From next Monday on it has {count} person more.",
            "From next Monday on it has {count} people more.",
        )
    if listing.leaving:
        yield say.plural(
            listing.leaving,
            "From next Monday on {count} person counts here no longer.",
            "From next Monday on {count} people count here no longer.",
        )


def _posts(say: Language, team: Team) -> str:
    if team.channel is None:
        return say(_WITHOUT_CHANNEL[team.source])
    channel, zone = channel_mention(team.channel), escape(team.time_zone)
    return say(_TOLD_IN[team.source], channel=channel, zone=zone)


def _none(say: Language, wanted: Sequence[TeamListing], names: CommandNames) -> Iterator[Block]:
    if not wanted:
        command = code(f"{names.admin} teams add NAME @group #channel @manager")
        yield section("teams-none", say("There is none. To add one: {command}", command=command))


def _more(say: Language, hidden: int, names: CommandNames) -> Iterator[Block]:
    if hidden:
        more = say.plural(hidden, "and {count} more team.", "and {count} more teams.")
        command = code(f"{names.admin} teams list WORD")
        fewer = say("To see those with a word in their name: {command}", command=command)
        yield section("teams-more", more, fewer)


def render_teams_help(say: Language, names: CommandNames) -> Message:
    words = (
        ("teams list", say("which teams there are, in their order")),
        (
            "teams add NAME @group #channel @manager",
            say("make a user group a team; at the end a time zone, if it is not yours"),
        ),
        ("teams remove NAME", say("let a team end with this week")),
        ("teams move NAME 3", say("give it another place in the order")),
        ("teams import", say("a form for lines of CSV")),
    )
    return message(
        say("What you can do about teams."),
        header("teams-help-title", say("Teams")),
        section(
            "teams-help", *(f"{code(f'{names.admin} {word}')} - {about}" for word, about in words)
        ),
        context("teams-help-foot", say(wording.NO_PERSON)),
    )


def render_team_added(say: Language, team: Team) -> Message:
    lines = [
        say(
            "*{team} is a team.* Whoever is in its user group, and in no team before it, counts "
            "in it from next Monday on.",
            team=escape(team.name),
        )
    ]
    if team.channel is not None:
        lines.append(say("Its channel is told of it, without names."))
    if team.channel is not None and team.channel_problem is not None:
        problem = _PROBLEMS[ChannelProblem(team.channel_problem)]
        lines.append(say(problem, channel=channel_mention(team.channel)))
    lines.append(
        say("Its figures are withheld for as long as there are too few people to hide among.")
    )
    return teams_changed(say, *lines)


def render_team_removed(say: Language, team: Team) -> Message:
    assert team.ended_on is not None
    return teams_changed(
        say,
        say(
            "*{team} ends on {day}.* What was released of it stays readable for its members.",
            team=escape(team.name),
            day=say.day(team.ended_on),
        ),
    )


def render_team_moved(say: Language, team: Team, place: int) -> Message:
    return teams_changed(
        say,
        say(
            "*{team} has place {place} now.* Where that changes who counts where, it does so next "
            "Monday.",
            team=escape(team.name),
            place=say.number(place),
        ),
    )
