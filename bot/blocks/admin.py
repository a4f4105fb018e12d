"""Answers to the admins' command: who they are and what they set. Nobody's figures."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import wording
from bot.blocks.escaping import code, escape, mention
from bot.blocks.kit import bold, context, header, message, section
from bot.blocks.threshold_wording import about, accepted, changes, fixed, shown
from bot.domain.agreement import LONGEST_TITLE
from bot.domain.commands import CommandNames
from bot.domain.health import ThresholdValue
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.errors import FixedByAgreementError
from bot.language import Language

_MOST_ADMINS = 40


def render_threshold_set(say: Language, value: ThresholdValue) -> Message:
    return message(
        say("A threshold of Upshot was changed."),
        section("threshold-set", _changed(say, value)),
        context("threshold-foot", say(wording.NO_PERSON)),
    )


def render_threshold_refused(say: Language, name: str | None, names: CommandNames) -> Message:
    """What the threshold called *name* would have accepted, or which ones there are."""
    command = code(f"{names.admin} thresholds")
    return message(
        say("That threshold was not changed."),
        section("threshold-refused", f"{_unchanged(say)} {_bounds(say, name)}"),
        context("threshold-foot", say("All of them: {command}", command=command)),
    )


def render_threshold_fixed(say: Language, refusal: FixedByAgreementError) -> Message:
    threshold = THRESHOLDS[refusal.threshold]
    reason = say(
        "{name} is fixed by agreement ({title}, {day}): {bound}. Only whoever runs Upshot can "
        "replace its file, and every team's channel is told of that.",
        title=bold(escape(refusal.title, most=LONGEST_TITLE)),
        day=say.day_and_year(refusal.signed_on),
        name=code(threshold.name),
        bound=fixed(say, threshold, refusal.bound),
    )
    return message(
        say("That threshold was not changed."),
        section("threshold-fixed", f"{_unchanged(say)} {reason}"),
        context("threshold-foot", say(wording.NO_PERSON)),
    )


def render_admins(say: Language, admins: Sequence[str], names: CommandNames) -> Message:
    people = [mention(user) for user in admins]
    named = f"{say.listed(people, most=_MOST_ADMINS)}." if people else say("There are none.")
    return message(
        say("Who may change the settings of Upshot."),
        header("admins-title", say("Admins of Upshot")),
        section("admins-list", named, say("They see settings and health, and nobody's figures.")),
        context(
            "admins-foot",
            say(
                "To change this: {add} or {remove}",
                add=code(f"{names.admin} admins add @NAME"),
                remove=code(f"{names.admin} admins remove @NAME"),
            ),
        ),
    )


def render_admin_added(say: Language, slack_user_id: str) -> Message:
    added = say("{admin} is an admin of Upshot now.", admin=mention(slack_user_id))
    return _admins_changed(say, added)


def render_admin_removed(say: Language, slack_user_id: str) -> Message:
    removed = say("{admin} is no longer an admin of Upshot.", admin=mention(slack_user_id))
    return _admins_changed(say, removed)


def render_admin_not_a_member(say: Language) -> Message:
    reason = say("Only a full member of this workspace can be an admin.")
    return _admins_changed(say, f"{_unchanged(say)} {reason}")


def render_admin_of_the_settings(say: Language) -> Message:
    """For one who cannot be removed from Slack."""
    reason = say("This admin is named in the settings: change them there.")
    return _admins_changed(say, f"{_unchanged(say)} {reason}")


def render_not_allowed(say: Language, names: CommandNames) -> Message:
    return message(
        say("This is for the admins of Upshot."),
        section(
            "not-allowed",
            say(
                "*Only an admin of Upshot can do that.* It shows settings, never anybody's "
                "figures: those you find with {command}.",
                command=code(names.usage),
            ),
            say(
                "Who the admins are is written under {command}.",
                command=code(f"{names.usage} privacy"),
            ),
        ),
    )


def _changed(say: Language, value: ThresholdValue) -> str:
    threshold = THRESHOLDS[value.name]
    name, now = code(value.name), shown(say, threshold, value.value)
    if not value.waiting:
        told = about(say, threshold)
        return say("{name} is *{value}* now: {about}.", name=name, value=now, about=told)
    return say(
        "{name} will be {changes}; until then it is {value}. It touches privacy, so it is "
        "announced, and waits for the next week, or for the next quarter where it guards less.",
        name=name,
        changes=changes(say, threshold, value),
        value=now,
    )


def _bounds(say: Language, name: str | None) -> str:
    if name is None:
        known = say.listed([code(known) for known in THRESHOLDS], most=len(THRESHOLDS))
        return say("There is no such threshold. There are: {names}.", names=known)
    bounds = accepted(say, THRESHOLDS[name])
    return say("{name} is {accepted}.", name=code(name), accepted=bounds)


def _admins_changed(say: Language, sentence: str) -> Message:
    return message(
        say("The admins of Upshot."),
        section("admins-changed", sentence),
        context("admins-foot", say("Every change is logged.")),
    )


def _unchanged(say: Language) -> str:
    return bold(say("Nothing was changed."))
