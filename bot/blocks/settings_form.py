"""The form in which people choose how often and about what Upshot writes to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Block, CheckboxGroup, InputBlock, Option, PlainText

from bot.blocks import forms
from bot.blocks.forms import Choice, Field
from bot.blocks.kit import bold, context, message, section
from bot.blocks.settings_wording import CADENCES, TOPICS, fault_in_words, settings_in_words
from bot.blocks.wording import ONLY_YOU
from bot.domain.messages import Modal
from bot.domain.preferences import Preferences
from bot.domain.settings_draft import SHARED_DAY, SettingsFaults, Topic
from bot.language import Language

SETTINGS_FORM = "settings_form"
USUAL_ANEW = "anew"
_LONGEST_AMOUNT = 20


def render_settings_form(say: Language, chosen: Preferences) -> Modal:
    return forms.form(
        say,
        SETTINGS_FORM,
        say("Your settings"),
        say("Keep it"),
        forms.one_shown(
            Field(block_id="settings-cadence", label=say("How often does your digest come?")),
            _choices(say, CADENCES),
            given=chosen.cadence,
        ),
        forms.one_of(
            Field(
                block_id="settings-day",
                label=say("On which day?"),
                hint=say(
                    "A weekly digest comes on that day, "
                    "a monthly one on the first such day of the new month."
                ),
            ),
            _days(say),
            given=_day(chosen),
        ),
        _ticked(
            Field(
                block_id="settings-topics",
                label=say("What else may Upshot write to you about?"),
                hint=say("To you alone: nobody else hears any of it."),
                optional=True,
            ),
            _choices(say, TOPICS),
            given=_topics(chosen),
        ),
        forms.typed(
            Field(
                block_id="settings-budget",
                label=say("Your own monthly amount, in whole US dollars"),
                hint=say("Left empty, it is the one set for this workspace, if there is one."),
                optional=True,
            ),
            most=_LONGEST_AMOUNT,
            given=None if chosen.budget is None else str(chosen.budget),
        ),
        _ticked(
            Field(
                block_id="settings-usual",
                label=say("Your usual week"),
                hint=say("For a new role, a new tool or a new way of working."),
                optional=True,
            ),
            [Choice(value=USUAL_ANEW, label=say("Let it start anew with this week"))],
        ),
    )


def settings_errors(say: Language, faults: SettingsFaults) -> dict[str, str]:
    """What stands under each input that has to be filled in otherwise."""
    return {f"settings-{field}": fault_in_words(say, fault) for field, fault in faults.of.items()}


def render_settings_kept(say: Language, chosen: Preferences) -> Modal:
    return forms.note(
        message(
            say("Upshot keeps your settings."),
            section("settings-kept", bold(say("Kept.")), *settings_in_words(say, chosen)),
            context("settings-kept-foot", say(ONLY_YOU)),
        ),
    )


def _days(say: Language) -> list[Choice]:
    own = [Choice(value=str(day), label=say.weekday(day)) for day in range(7)]
    return [Choice(value=SHARED_DAY, label=say("The day set for this workspace")), *own]


def _day(chosen: Preferences) -> str:
    return SHARED_DAY if chosen.digest_day is None else str(chosen.digest_day)


def _topics(chosen: Preferences) -> list[Topic]:
    is_on = {
        Topic.TIPS: chosen.tips,
        Topic.NUDGES: chosen.nudges,
        Topic.BUDGET_NOTES: chosen.budget_notes,
    }
    return [topic for topic in Topic if is_on[topic]]


def _choices(say: Language, words: Mapping[Any, str]) -> list[Choice]:
    return [Choice(value=value, label=say(label)) for value, label in words.items()]


def _ticked(field: Field, choices: Sequence[Choice], *, given: Sequence[str] = ()) -> Block:
    """Boxes, of which any number is ticked."""
    options = [Option(PlainText(choice.label), str(choice.value)) for choice in choices]
    chosen = [option for option in options if option.value in given]
    return InputBlock(
        label=PlainText(field.label),
        element=CheckboxGroup(forms.VALUE, options, chosen or None),
        block_id=field.block_id,
        hint=PlainText(field.hint) if field.hint else None,
        optional=field.optional,
    )
