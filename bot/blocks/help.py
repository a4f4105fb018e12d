"""What can be typed after each command, also as the answer to a word that is not known."""

from __future__ import annotations

from bot.blocks.escaping import code
from bot.blocks.kit import context, header, message, section
from bot.blocks.wording import NO_PERSON, ONLY_YOU
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.language import Language, mark

_Lines = tuple[tuple[str, str], ...]

_USAGE: _Lines = (
    ("", mark("this week so far: what you spent on AI, beside what you finished")),
    ("week", mark("the same")),
    ("month", mark("this month so far")),
    (
        "outcomes",
        mark("what you finished in four weeks, how it stands, and what links it to AI use"),
    ),
    ("log", mark("a form for work that no system tells of; only you can see it")),
    ("tag", mark("a form to say what your AI use was for")),
    ("tag exploration TOOL", mark("say it of this week at once; without a tool, of all of them")),
    (
        "estimate 2M in 300k out",
        mark("what a planned job would cost with each model; alone, how to ask for it"),
    ),
    ("tips", mark("what fits your last weeks, and how earlier tips went")),
    ("settings", mark("how often and about what Upshot writes to you")),
    ("privacy", mark("what is kept of you and who can see it")),
    ("help", mark("this list")),
)
_TEAM: _Lines = (
    ("", mark("your team's released weeks, the same for everybody who may see them")),
    ("help", mark("this list")),
)
_ADMIN: _Lines = (
    ("thresholds", mark("what is set, and within which bounds")),
    ("thresholds set NAME VALUE", mark("change one of them")),
    ("admins", mark("who may use this command")),
    ("admins add @NAME", mark("let somebody else use it")),
    ("admins remove @NAME", mark("take that back")),
    ("providers", mark("which sources are on, and up to which day they have told")),
    ("status", mark("whether Upshot itself is well")),
    ("help", mark("this list")),
)


def render_usage_help(say: Language, names: CommandNames, *, unknown: str | None = None) -> Message:
    return _help(say, names.usage, _USAGE, unknown, ONLY_YOU)


def render_team_help(say: Language, names: CommandNames, *, unknown: str | None = None) -> Message:
    return _help(say, names.team, _TEAM, unknown, ONLY_YOU)


def render_admin_help(say: Language, names: CommandNames, *, unknown: str | None = None) -> Message:
    return _help(say, names.admin, _ADMIN, unknown, NO_PERSON)


def _help(say: Language, command: str, lines: _Lines, unknown: str | None, foot: str) -> Message:
    words = [f"{code(f'{command} {word}')} - {say(about)}" for word, about in lines]
    unclear = [section("help-unknown", _not_known(say, unknown))] if unknown is not None else []
    return message(
        say("What you can ask Upshot."),
        header("help-title", say("What {command} can do", command=command)),
        *unclear,
        section("help-words", *words),
        context("help-foot", say(foot)),
    )


def _not_known(say: Language, word: str) -> str:
    return say("*I do not know* {word} *here.* This is what there is:", word=code(word))
