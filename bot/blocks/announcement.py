"""What a team's channel hears: that a setting changes which guards privacy, or who counts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks.escaping import code, escape, mention
from bot.blocks.kit import bold, context, message, section
from bot.blocks.threshold_wording import about, changes, shown
from bot.domain.commands import CommandNames
from bot.domain.health import ThresholdValue
from bot.domain.messages import Message
from bot.domain.teams import MembersChanged, Team
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language


def render_threshold_announced(say: Language, changed: ThresholdValue, by: str) -> Message:
    """*by* is the Slack id of the admin who changed it."""
    told = say("A setting that guards your privacy changes.")
    return message(
        told,
        section(
            "announcement",
            f"{bold(told)} {_change(say, changed)}",
            f"{code(changed.name)}: {about(say, THRESHOLDS[changed.name])}.",
        ),
        context(
            "announcement-foot",
            say("Changed by {admin}. Earlier weeks stay as they are.", admin=mention(by)),
        ),
    )


def _change(say: Language, changed: ThresholdValue) -> str:
    threshold = THRESHOLDS[changed.name]
    now = shown(say, threshold, changed.value)
    if not changed.waiting:
        return say("It stays at *{value}*.", value=now)
    return say(
        "It is *{value}* until then, and {changes}.",
        value=now,
        changes=changes(say, threshold, changed),
    )


def render_members_changed(say: Language, changed: MembersChanged, names: CommandNames) -> Message:
    """How many come and go, and never who."""
    told = say("Who counts in a team of Upshot changes.")
    return message(
        told,
        section("members-changed", *_members(say, changed)),
        context("members-changed-foot", _where_one_counts(say, names)),
    )


def render_team_ended(say: Language, team: Team, names: CommandNames) -> Message:
    assert team.ended_on is not None
    return message(
        say("A team of Upshot ends."),
        section(
            "team-ended",
            say(
                "*From {day} on {team} is no team in Upshot any more.* This week is its last one. "
                "What was released of it stays readable for its members.",
                day=say.day(team.ended_on),
                team=escape(team.name),
            ),
        ),
        context("team-ended-foot", _where_one_counts(say, names)),
    )


def _members(say: Language, changed: MembersChanged) -> Iterator[str]:
    team, day = escape(changed.team.name), say.day(changed.from_day)
    if not changed.joining and not changed.leaving:
        yield say(
            "*On {day} nothing changes after all.* Who counts in {team} stays the same.",
            day=day,
            team=team,
        )
        return
    yield say("*On {day} it changes who counts in {team}.*", day=day, team=team)
    if changed.joining:
        yield say.plural(
            changed.joining,
            "{count} person counts here from then on who did not before.",
            "{count} people count here from then on who did not before.",
        )
    if changed.leaving:
        yield say.plural(
            changed.leaving,
            "{count} person counts here no longer.",
            "{count} people count here no longer.",
        )


def _where_one_counts(say: Language, names: CommandNames) -> str:
    return say(
        "Everybody counts in one team at most, and sees in which under {command}. Earlier weeks "
        "stay as they are.",
        command=code(f"{names.usage} privacy"),
    )
