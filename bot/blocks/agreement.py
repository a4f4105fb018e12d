"""What an agreement with a works council fixes, in words."""

from __future__ import annotations

from bot.blocks.escaping import code, escape
from bot.blocks.kit import bold, context, message, section
from bot.blocks.threshold_wording import fixed
from bot.domain.agreement import LONGEST_TITLE, Agreement
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language

_SHOWN_DIGITS = 12


def title(agreement: Agreement) -> str:
    return bold(escape(agreement.title, most=LONGEST_TITLE))


def what_is_fixed(say: Language, agreement: Agreement) -> str:
    bounds = [
        say(
            "{name} {bound}",
            name=code(name),
            bound=fixed(say, THRESHOLDS[name], bound),
        )
        for name, bound in agreement.bounds.items()
    ]
    return say.listed(bounds)


def in_force(say: Language, agreement: Agreement | None) -> str:
    if agreement is None:
        return say("No setting is fixed by an agreement.")
    return say(
        "Fixed by agreement ({title}, {day}): {bounds}. No admin can weaken that.",
        title=title(agreement),
        day=say.day_and_year(agreement.signed_on),
        bounds=what_is_fixed(say, agreement),
    )


def render_agreement_announced(say: Language, agreement: Agreement | None) -> Message:
    """For every team's channel, where there is another agreement than there was, or none."""
    told = say("What is fixed by agreement has changed.")
    return message(
        told,
        section("agreement-announced", bold(told), in_force(say, agreement)),
        context(
            "agreement-foot",
            say("What it no longer fixes holds on to the end of the quarter."),
            *_fingerprint(say, agreement),
        ),
    )


def _fingerprint(say: Language, agreement: Agreement | None) -> list[str]:
    """As ``sha256sum`` begins, so that whoever has the file can compare."""
    if agreement is None:
        return []
    digits = code(agreement.sha256[:_SHOWN_DIGITS])
    return [say("Fingerprint of the file: {digits}", digits=digits)]
