"""What is said when something went wrong: never silence, never an inner detail."""

from __future__ import annotations

from bot.blocks.escaping import code, escape
from bot.blocks.kit import bold, message, section
from bot.domain.messages import Message
from bot.language import Language

_LONGEST_HINT = 500


def render_not_in_directory(say: Language) -> Message:
    """For guests and strangers, and for members who came since the last night: all look alike."""
    return message(
        say("Upshot does not know you."),
        section(
            "not-known",
            say(
                "*I do not know you.* Upshot is for the members of this workspace, not for guests "
                "or people of other organizations: they are left out, and nothing is kept of them."
            ),
            say(
                "Are you a new member? Then I know you tomorrow, for the directory is read once a "
                "night."
            ),
        ),
    )


def render_failure(say: Language, reference: str, hint: str | None) -> Message:
    """*hint* says what to do; the admin finds *reference* in the log."""
    what_to_do = escape(hint, most=_LONGEST_HINT) if hint else say("Please try again in a minute.")
    return message(
        say("Upshot could not do that."),
        section(
            "failure",
            bold(say("That did not work, and it is not your fault.")),
            say("*What to do:* {hint}", hint=what_to_do),
            say(
                "If it goes on, give an admin of Upshot this reference: {reference}",
                reference=code(reference),
            ),
        ),
    )


def form_failure(say: Language, reference: str) -> str:
    """The same where a form stays open, so that nothing that was typed is lost."""
    return say(
        "That did not work, and it is not your fault. Please send it again in a minute. "
        "If it goes on, give an admin of Upshot this reference: {reference}",
        reference=reference,
    )
