"""Answers to the admins' command: who they are and what they set. Nobody's figures."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import wording
from bot.blocks.escaping import code, escape, mention
from bot.blocks.kit import bold, context, header, message, section
from bot.domain.commands import CommandNames
from bot.domain.health import ThresholdValue
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language

_LONGEST_REASON = 700
_MOST_ADMINS = 40


def render_thresholds(
    say: Language, values: Sequence[ThresholdValue], names: CommandNames
) -> Message:
    return message(
        "What is set in Upshot.",
        header("thresholds-title", "Thresholds"),
        section("thresholds-values", *(_threshold(value) for value in values)),
        context(
            "thresholds-foot",
            f"To change one: {code(f'{names.admin} thresholds set NAME VALUE')}",
            wording.NO_PERSON,
        ),
    )


def render_threshold_set(say: Language, value: ThresholdValue) -> Message:
    return message(
        "A threshold of Upshot was changed.",
        section("threshold-set", _changed(value)),
        context("threshold-foot", wording.NO_PERSON),
    )


def render_threshold_refused(say: Language, reason: str, names: CommandNames) -> Message:
    """*reason* says what would have been accepted."""
    return message(
        "That threshold was not changed.",
        section("threshold-refused", f"{bold('Nothing was changed.')} {_reason(reason)}"),
        context("threshold-foot", f"All of them: {code(f'{names.admin} thresholds')}"),
    )


def render_admins(say: Language, admins: Sequence[str], names: CommandNames) -> Message:
    people = [mention(user) for user in admins]
    named = f"{wording.listed(people, most=_MOST_ADMINS)}." if people else "There are none."
    return message(
        "Who may change the settings of Upshot.",
        header("admins-title", "Admins of Upshot"),
        section("admins-list", named, "They see settings and health, and nobody's figures."),
        context(
            "admins-foot",
            f"To change this: {code(f'{names.admin} admins add @NAME')} "
            f"or {code(f'{names.admin} admins remove @NAME')}",
        ),
    )


def render_admin_added(say: Language, slack_user_id: str) -> Message:
    return _admins_changed(f"{mention(slack_user_id)} is an admin of Upshot now.")


def render_admin_removed(say: Language, slack_user_id: str) -> Message:
    return _admins_changed(f"{mention(slack_user_id)} is no longer an admin of Upshot.")


def render_admin_refused(say: Language, reason: str) -> Message:
    """*reason* says why the list of admins stays as it is."""
    return _admins_changed(f"{bold('Nothing was changed.')} {_reason(reason)}")


def render_not_allowed(say: Language, names: CommandNames) -> Message:
    return message(
        "This is for the admins of Upshot.",
        section(
            "not-allowed",
            f"{bold('Only an admin of Upshot can do that.')} It shows settings, never anybody's "
            f"figures: those you find with {code(names.usage)}.",
            f"Who the admins are is written under {code(f'{names.usage} privacy')}.",
        ),
    )


def _threshold(value: ThresholdValue) -> str:
    threshold = THRESHOLDS[value.name]
    return (
        f"{code(value.name)} is {bold(threshold.show(value.value))}: {threshold.about} "
        f"({threshold.range}){_waiting(value)}"
    )


def _waiting(value: ThresholdValue) -> str:
    if value.next_value is None or value.effective_on is None:
        return ""
    shown = THRESHOLDS[value.name].show(value.next_value)
    return f"; {bold(f'{shown} from {wording.day(value.effective_on)}')}"


def _changed(value: ThresholdValue) -> str:
    threshold = THRESHOLDS[value.name]
    if value.next_value is None or value.effective_on is None:
        return f"{code(value.name)} is {bold(threshold.show(value.value))} now: {threshold.about}."
    return (
        f"{code(value.name)} will be {bold(threshold.show(value.next_value))} from "
        f"{wording.day(value.effective_on)} on; until then it is {threshold.show(value.value)}. "
        "It touches privacy, so it waits for the next week and is announced."
    )


def _admins_changed(sentence: str) -> Message:
    return message(
        "The admins of Upshot.",
        section("admins-changed", sentence),
        context("admins-foot", "Every change is logged."),
    )


def _reason(reason: str) -> str:
    return escape(reason, most=_LONGEST_REASON)
