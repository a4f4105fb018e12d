"""The first message, before any figure, and the answers to Stop and to starting again."""

from __future__ import annotations

from bot.blocks.controls import privacy_button, start_button, stop_button
from bot.blocks.escaping import code
from bot.blocks.kit import actions, context, header, message, section
from bot.blocks.wording import ONLY_YOU
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.language import Language


def render_welcome(say: Language, names: CommandNames) -> Message:
    """Says what will come and why, so that nobody is surprised; it has no figure on purpose."""
    return message(
        say("Hello from Upshot: what this is, what it keeps, and how to say no."),
        header("welcome-title", say("Hello, this is Upshot")),
        section("welcome-what", _what(say)),
        section("welcome-kept", _kept(say)),
        section("welcome-seen", _seen(say)),
        section("welcome-next", _next(say, names)),
        context("welcome-foot", say(ONLY_YOU)),
        actions("welcome-actions", privacy_button(say), stop_button(say)),
    )


def _what(say: Language) -> str:
    return say(
        "Once a week I put two things side by side for you: "
        "*what you spent on AI* and *what you finished*. "
        "Using more is not better here, and neither is using less. "
        "You are compared with nobody but yourself. Now and then there is one thing to try, "
        "and later whether it helped. If something looks unusual, such as an agent that runs "
        "in a loop, you hear it, and nobody else does."
    )


def _kept(say: Language) -> str:
    return say(
        "*What is kept:* which AI services and models you used on which day, how "
        "much of them and what it cost, as their own admin pages tell; and the work you "
        "finished, whether it still stands, and whether an AI tool's mark is on it. "
        "Never what you asked, what was answered, or your code."
    )


def _seen(say: Language) -> str:
    return say(
        "*Who sees it:* you. Not your colleagues, not your manager, not the admins "
        "of this bot. A team's summary has sums that nobody can be singled out of, or "
        'nothing. Press "Who can see what" for all of it, and for what I cannot promise.'
    )


def _next(say: Language, names: CommandNames) -> str:
    return say(
        "*What comes next:* your first figures come with the next digest, so there "
        "is time to press *Stop*. {command} says what else you can ask me, any time.",
        command=code(f"{names.usage} help"),
    )


def render_stopped(say: Language, names: CommandNames) -> Message:
    return message(
        say("Your digests from Upshot are stopped."),
        section(
            "stopped",
            say("*No more digests, tips or notes.* Nobody is told that you stopped them."),
            say(
                "Figures are still collected as before, and still only for you: "
                "{command} shows them when you ask.",
                command=code(names.usage),
            ),
        ),
        context("stopped-foot", say(ONLY_YOU)),
        actions("stopped-actions", start_button(say)),
    )


def render_started(say: Language, names: CommandNames) -> Message:
    return message(
        say("Your digests from Upshot are on."),
        section(
            "started",
            say(
                "*Your digests are on.* The next one comes when its period is over; "
                "until then {command} shows how it is going.",
                command=code(names.usage),
            ),
        ),
        context("started-foot", say(ONLY_YOU)),
        actions("started-actions", stop_button(say)),
    )
