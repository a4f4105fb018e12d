"""The first message, before any figure, and the answers to Stop and to starting again."""

from __future__ import annotations

from bot.blocks.escaping import code
from bot.blocks.kit import actions, bold, button, context, header, message, section
from bot.blocks.wording import ONLY_YOU
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.language import Language

_STOP = button("Stop", "digest_stop", value="digest", spoken_as="Stop my digests from Upshot")
_START = button(
    "Start again", "digest_start", value="digest", spoken_as="Start my digests from Upshot again"
)
_PRIVACY = button("Who can see what", "digest_privacy", value="digest")


def render_welcome(say: Language, names: CommandNames) -> Message:
    """Says what will come and why, so that nobody is surprised; it has no figure on purpose."""
    return message(
        "Hello from Upshot: what this is, what it keeps, and how to say no.",
        header("welcome-title", "Hello, this is Upshot"),
        section(
            "welcome-what",
            "Once a week I put two things side by side for you: "
            f"{bold('what you spent on AI')} and {bold('what you finished')}. "
            "Using more is not better here, and neither is using less. "
            "You are compared with nobody but yourself.",
        ),
        section(
            "welcome-kept",
            f"{bold('What is kept:')} which AI services and models you used on which day, how "
            "much of them and what it cost, as their own admin pages tell; and the work you "
            "finished, whether it still stands, and whether an AI tool's mark is on it. "
            "Never what you asked, what was answered, or your code.",
        ),
        section(
            "welcome-seen",
            f"{bold('Who sees it:')} you. Not your colleagues, not your manager, not the admins "
            "of this bot. A team's summary has sums that nobody can be singled out of, or "
            'nothing. Press "Who can see what" for all of it, and for what I cannot promise.',
        ),
        section(
            "welcome-next",
            f"{bold('What comes next:')} your first figures come with the next digest, so there "
            f"is time to press {bold('Stop')}. {code(f'{names.usage} help')} says what else "
            "you can ask me, any time.",
        ),
        context("welcome-foot", ONLY_YOU),
        actions("welcome-actions", _PRIVACY, _STOP),
    )


def render_stopped(say: Language, names: CommandNames) -> Message:
    return message(
        "Your digests from Upshot are stopped.",
        section(
            "stopped",
            f"{bold('No more digests.')} Nobody is told that you stopped them.",
            "Figures are still collected as before, and still only for you: "
            f"{code(names.usage)} shows them when you ask.",
        ),
        context("stopped-foot", ONLY_YOU),
        actions("stopped-actions", _START),
    )


def render_started(say: Language, names: CommandNames) -> Message:
    return message(
        "Your digests from Upshot are on.",
        section(
            "started",
            f"{bold('Your digests are on.')} The next one comes when its period is over; "
            f"until then {code(names.usage)} shows how it is going.",
        ),
        context("started-foot", ONLY_YOU),
        actions("started-actions", _STOP),
    )
