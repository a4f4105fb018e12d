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
    ("accounts", mark("which accounts are yours, and how that was proven")),
    ("privacy", mark("what is kept of you and who can see it")),
    ("export", mark("all of it, as a file for you alone")),
    ("optout", mark("nothing new is collected about you, and no message comes")),
    ("optin", mark("take that back")),
    ("forget", mark("everything about you is deleted, after asking you once more")),
    ("help", mark("this list")),
)
_TEAM: _Lines = (
    ("", mark("your team's released weeks, the same for everybody who may see them")),
    ("TEAM", mark("another team that you are in or manage")),
    ("help", mark("this list")),
)
_ADMIN: _Lines = (
    ("thresholds", mark("what is set, and within which bounds")),
    ("thresholds set NAME VALUE", mark("change one of them")),
    ("admins", mark("who may use this command")),
    ("admins add @NAME", mark("let somebody else use it")),
    ("admins remove @NAME", mark("take that back")),
    ("accounts", mark("how many accounts are known, and by what proof")),
    ("accounts import", mark("a form to say whose accounts are; each person can say no")),
    ("teams", mark("which teams there are, and whether they can be told")),
    ("teams help", mark("how to add, order, import and remove them")),
    ("providers", mark("which sources are on, and up to which day they have told")),
    ("status", mark("whether Upshot itself is well")),
    ("audit", mark("what was changed last, by whom and when")),
    ("audit 30", mark("the last 30 changes")),
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
