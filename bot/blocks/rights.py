"""What people are told who want to be left out, to come back, or to be forgotten."""

from __future__ import annotations

from slackblocks import Button

from bot.blocks import forms, wording
from bot.blocks.escaping import code
from bot.blocks.forms import Field
from bot.blocks.kit import actions, button, context, message, section
from bot.domain.commands import CommandNames
from bot.domain.messages import Message, Modal
from bot.language import Language

FORGET_FORM = "forget_form"
FORGET_WORD = "FORGET"
"""As it is typed, whatever the reader's language."""
WORD_BLOCK = "forget-word"
_LONGEST_WORD = 40


def is_forget_word(typed: str | None) -> bool:
    return (typed or "").strip().strip("\"'").upper() == FORGET_WORD


def render_forget_form(say: Language, names: CommandNames, *, by_settings: bool) -> Modal:
    """*by_settings*: the settings name this person as an admin, which no forgetting can change."""
    return forms.form(
        say,
        FORGET_FORM,
        say("Forget me"),
        say("Forget me"),
        section(
            "forget-what",
            say(
                "*What goes, at once and for good:* your figures, your work with its titles and "
                "links, what you logged, tagged or set, every message that was written to you, "
                "your accounts, your address and your name. Nobody can bring it back."
            ),
        ),
        section(
            "forget-stays",
            say(
                "*What stays:* the team figures that were released, in which nobody can be "
                "singled out; sums of money that no longer lead to anybody, so that the bills add "
                "up; work that others are credited for as well, as theirs; a line in the audit "
                "log that somebody was forgotten, without a name; and a mark that cannot be read "
                "back, by which Upshot knows not to collect you again. What is in this Slack "
                "conversation you can delete yourself. Backups of the server go as the operator "
                "has set them up to."
            ),
            *([_admin_of_the_settings(say)] if by_settings else []),
        ),
        section(
            "forget-told",
            say(
                "*Nobody learns that it was you.* You may come back at any time, as somebody new: "
                "{command}. If you want your figures first, ask for them with {export}.",
                command=code(f"{names.usage} optin"),
                export=code(f"{names.usage} export"),
            ),
        ),
        forms.typed(
            Field(
                block_id=WORD_BLOCK,
                label=say("Type {word} if you are sure", word=FORGET_WORD),
            ),
            most=_LONGEST_WORD,
        ),
    )


def _admin_of_the_settings(say: Language) -> str:
    return say(
        "The settings of the server name you as an admin of Upshot. Only the operator can take "
        "that out: your Slack id stays there."
    )


def forget_errors(say: Language) -> dict[str, str]:
    return {WORD_BLOCK: say("Type {word}, or press Cancel.", word=FORGET_WORD)}


def render_forgetting(say: Language, names: CommandNames) -> Modal:
    return forms.note(
        message(
            say("Upshot is forgetting you."),
            section(
                "forgetting",
                say("*I am deleting it now.* In a moment I tell you in our own conversation."),
                say(
                    "If nothing comes, nothing was deleted: ask {command} again.",
                    command=code(f"{names.usage} forget"),
                ),
            ),
        ),
    )


def render_forgotten(say: Language, names: CommandNames, *, by_settings: bool) -> Message:
    return message(
        say("Upshot has forgotten you."),
        section(
            "forgotten",
            say("*Done: nothing about you is kept any more*, and nothing will be."),
            *([_admin_of_the_settings(say)] if by_settings else []),
            _how_to_come_back(say, names),
        ),
        context("forgotten-foot", say(wording.ONLY_YOU)),
    )


def render_was_forgotten(say: Language, names: CommandNames) -> Message:
    """For whoever asks afterwards."""
    return message(
        say("Upshot has forgotten you, as you asked."),
        section(
            "was-forgotten",
            say(
                "*I have forgotten you, as you asked;* {command} lets me know you again, as "
                "somebody new.",
                command=code(f"{names.usage} optin"),
            ),
        ),
    )


def render_opt_out(say: Language, names: CommandNames) -> Message:
    return message(
        say("Upshot can stop collecting anything about you."),
        section(
            "opt-out",
            say(
                "*From now on nothing new would be kept of you:* no use, no spend, no work. No "
                "message would come, and from the next week on you would count in no team. "
                "Nobody learns that it was you."
            ),
            say(
                "What is kept already stays until it is old enough to go by itself, and only you "
                "can see it. {forget} deletes it now; {optin} takes this back at any time.",
                forget=code(f"{names.usage} forget"),
                optin=code(f"{names.usage} optin"),
            ),
        ),
        context("opt-out-foot", say(wording.ONLY_YOU)),
        actions("opt-out-actions", opt_out_button(say)),
    )


def render_opted_out(say: Language, names: CommandNames) -> Message:
    return message(
        say("Upshot collects nothing about you any more."),
        section(
            "opted-out",
            say("*Nothing new is kept of you from now on*, and no message comes."),
            say(
                "{command} deletes what is kept already.",
                command=code(f"{names.usage} forget"),
            ),
        ),
        context("opted-out-foot", say(wording.ONLY_YOU)),
        actions("opted-out-actions", opt_in_button(say)),
    )


def render_opted_in(say: Language, names: CommandNames) -> Message:
    """*Like anybody new*: whoever was forgotten starts from nothing."""
    return message(
        say("Upshot may know you again."),
        section(
            "opted-in",
            say(
                "*You are in again.* What you use and finish is collected from the next night "
                "on, and until then {command} has little or nothing to show. What was deleted "
                "or left out does not come back.",
                command=code(names.usage),
            ),
        ),
        context("opted-in-foot", say(wording.ONLY_YOU)),
    )


def render_not_opted_out(say: Language, names: CommandNames) -> Message:
    return message(
        say("There is nothing to take back."),
        section(
            "not-opted-out",
            say(
                "*You are in already:* you never asked to be left out, or took it back. "
                "{command} asks for it.",
                command=code(f"{names.usage} optout"),
            ),
        ),
        context("not-opted-out-foot", say(wording.ONLY_YOU)),
    )


def opt_out_button(say: Language) -> Button:
    return button(say("Stop collecting"), "rights_opt_out", value="rights")


def opt_in_button(say: Language) -> Button:
    return button(say("Take it back"), "rights_opt_in", value="rights")


def _how_to_come_back(say: Language, names: CommandNames) -> str:
    return say(
        "If you ever want to come back, as somebody new: {command}",
        command=code(f"{names.usage} optin"),
    )
