"""What is said when something went wrong: never silence, never an inner detail."""

from __future__ import annotations

from bot.blocks.escaping import code, escape
from bot.blocks.kit import bold, message, section
from bot.domain.messages import Message
from bot.language import Language

_LONGEST_HINT = 500


def render_not_in_directory(say: Language) -> Message:
    """For guests and strangers, and for members who came since the last night."""
    return message(
        say("Upshot does not know you yet."),
        section(
            "not-known",
            say(
                "*I do not know you yet.* The directory is read once a night, so a new "
                "member is known tomorrow. Guests and people of other organizations are left "
                "out, and nothing is kept of them."
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
