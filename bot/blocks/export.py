"""What comes of asking for everything that is kept: a file, or as many rows as fit in words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks import wording
from bot.blocks.escaping import code, escape
from bot.blocks.kit import context, message, section
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.domain.rights import Everything
from bot.language import Language

_PAGE = 2_600
_LONGEST_LINE = 2_000
_MOST_PAGES = 4
"""Slack takes five answers to one command."""


def render_export_begun(say: Language, names: CommandNames) -> Message:
    return message(
        say("Upshot is putting together what it keeps about you."),
        section(
            "export-begun",
            say(
                "*I am putting together everything that is kept about you.* It comes into our "
                "own conversation as a file, as a rule within a minute. If that does not work, "
                "I say so here."
            ),
            say(
                "If you hear nothing more, I was restarted meanwhile: ask {command} again.",
                command=code(f"{names.usage} export"),
            ),
        ),
        context("export-begun-foot", say(wording.ONLY_YOU)),
    )


def file_said(say: Language) -> str:
    """What stands beside the file."""
    return say(
        "Everything that Upshot keeps about you: a table for each kind of row, and all of it as "
        "JSON. Nobody else can see this conversation. Upshot keeps no copy of the file; delete it "
        "here when you do not need it any more."
    )


def render_export_sent(say: Language) -> Message:
    return message(
        say("The file is in your own conversation with Upshot."),
        section("export-sent", say("*The file is there*, in our own conversation.")),
        context("export-sent-foot", say(wording.ONLY_YOU)),
    )


def render_everything(
    say: Language, everything: Everything, slack_user_id: str
) -> tuple[Message, ...]:
    """Where no file can be given: as many rows as fit, and how to get all of them."""
    pages = list(_pages(everything.lines))
    shown = pages[:_MOST_PAGES]
    left_out = everything.left_out + sum(len(page) for page in pages[_MOST_PAGES:])
    return tuple(
        message(
            say("What Upshot keeps about you, row by row."),
            section(f"export-page-{number}", *_told(page)),
            context(
                f"export-page-{number}-foot",
                *([_how_to_get_all(say, left_out, slack_user_id)] if page is shown[-1] else []),
                say(wording.ONLY_YOU),
            ),
        )
        for number, page in enumerate(shown, start=1)
    )


def _how_to_get_all(say: Language, left_out: int, slack_user_id: str) -> str:
    how = say(
        "Upshot may not send files here. The operator can give you one with all of it: {command}",
        command=code(f"upshot export --slack-user {slack_user_id}"),
    )
    if not left_out:
        return how
    more = say.plural(
        left_out, "{count} row more did not fit here.", "{count} rows more did not fit here."
    )
    return f"{more} {how}"


def _pages(lines: tuple[tuple[str, str], ...]) -> Iterator[list[tuple[str, str]]]:
    page: list[tuple[str, str]] = []
    room = _PAGE
    for table, line in lines:
        told = escape(line, most=_LONGEST_LINE)
        needed = len(told) + len(table) + 4
        if page and needed > room:
            yield page
            page, room = [], _PAGE
        page.append((table, told))
        room -= needed
    if page:
        yield page


def _told(page: list[tuple[str, str]]) -> Iterator[str]:
    """Each table's name stands once above its rows."""
    above = None
    for table, line in page:
        if table != above:
            yield f"*{table}*"
            above = table
        yield line
