"""What can be typed after each command, also as the answer to a word that is not known."""

from __future__ import annotations

from bot.blocks.escaping import code
from bot.blocks.kit import bold, context, header, message, section
from bot.blocks.wording import NO_PERSON, ONLY_YOU
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.language import Language

_Lines = tuple[tuple[str, str], ...]

_USAGE: _Lines = (
    ("", "this week so far: what you spent on AI, beside what you finished"),
    ("week", "the same"),
    ("month", "this month so far"),
    ("outcomes", "what you finished in four weeks, how it stands, and what links it to AI use"),
    ("log", "a form for work that no system tells of; only you can see it"),
    ("tag", "a form to say what your AI use was for"),
    ("tag exploration TOOL", "say it of this week at once; without a tool, of all of them"),
    ("privacy", "what is kept of you and who can see it"),
    ("help", "this list"),
)
_TEAM: _Lines = (
    ("", "your team's released weeks, the same for everybody who may see them"),
    ("help", "this list"),
)
_ADMIN: _Lines = (
    ("thresholds", "what is set, and within which bounds"),
    ("thresholds set NAME VALUE", "change one of them"),
    ("admins", "who may use this command"),
    ("admins add @NAME", "let somebody else use it"),
    ("admins remove @NAME", "take that back"),
    ("providers", "which sources are on, and up to which day they have told"),
    ("status", "whether Upshot itself is well"),
    ("help", "this list"),
)


def render_usage_help(say: Language, names: CommandNames, *, unknown: str | None = None) -> Message:
    return _help(names.usage, _USAGE, unknown, ONLY_YOU)


def render_team_help(say: Language, names: CommandNames, *, unknown: str | None = None) -> Message:
    return _help(names.team, _TEAM, unknown, ONLY_YOU)


def render_admin_help(say: Language, names: CommandNames, *, unknown: str | None = None) -> Message:
    return _help(names.admin, _ADMIN, unknown, NO_PERSON)


def _help(command: str, lines: _Lines, unknown: str | None, foot: str) -> Message:
    words = [f"{code(f'{command} {word}')} - {about}" for word, about in lines]
    unclear = [section("help-unknown", _not_known(unknown))] if unknown is not None else []
    return message(
        "What you can ask Upshot.",
        header("help-title", f"What {command} can do"),
        *unclear,
        section("help-words", *words),
        context("help-foot", foot),
    )


def _not_known(word: str) -> str:
    return f"{bold('I do not know')} {code(word)} {bold('here.')} This is what there is:"
