"""The parts of the papers that are made from the code: ``python -m tests.contract.papers``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import typer
from typer.core import TyperGroup

from bot.blocks import threshold_wording
from bot.blocks.help import render_admin_help, render_team_help, render_usage_help
from bot.capabilities import COLUMNS, columns_of
from bot.cli import app
from bot.domain.commands import CommandNames
from bot.domain.thresholds import THRESHOLDS, Threshold
from bot.env_example import GROUPS, default_of, env_example, group_of
from bot.language import ENGLISH
from bot.outcomes import SOURCES
from bot.providers import PROVIDERS
from bot.settings import variables
from tests.contract import catalogues

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(<!-- made from the code: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def sources() -> str:
    titles = ["AI provider", "turned on by", *COLUMNS]
    rows = [
        [
            provider.title,
            f"`UPSHOT_{provider.name.upper()}__…`",
            *columns_of(provider.capabilities),
        ]
        for provider in PROVIDERS
    ]
    of_outcomes = [
        [
            source.title,
            f"`UPSHOT_{source.name.upper()}__…`",
            header_of(source, "Grain"),
            header_of(source, "Reads"),
        ]
        for source in SOURCES
    ]
    work = table(["Finished work", "turned on by", "counts", "reads"], of_outcomes)
    return f"{table(titles, rows)}\n{work}"


def header_of(adapter: type, key: str) -> str:
    """What the docstring of the adapter's module says of *key*."""
    [line] = re.findall(rf"^{key}: +(.+)$", inspect.getmodule(adapter).__doc__ or "", re.MULTILINE)
    return line


def settings() -> str:
    parts = []
    for group, about in GROUPS.items():
        rows = [
            [f"`{name}`", field.description, _default(name, default_of(field), field.is_required())]
            for name, field in variables()
            if group_of(name) == group
        ]
        parts.append(f"### {about}\n\n{table(['variable', 'what it is for', 'default'], rows)}")
    return "\n" + "\n".join(parts)


def _default(name: str, default: str, is_required: bool) -> str:  # noqa: FBT001
    if is_required:
        return f"needed for `UPSHOT_{group_of(name)}__…`"
    return f"`{default}`" if default else "none"


def thresholds() -> str:
    rows = [
        [
            f"`{known.name}`",
            threshold_wording.about(ENGLISH, known),
            threshold_wording.shown(ENGLISH, known, known.default),
            threshold_wording.accepted(ENGLISH, known),
            _waits(known),
        ]
        for known in THRESHOLDS.values()
    ]
    return table(["name", "what it is", "default", "bounds", "takes effect"], rows)


def _waits(threshold: Threshold) -> str:
    return "next week, announced" if threshold.guards_privacy else "at once"


def slash_commands() -> str:
    rows = [[f"`{words}`", about] for words, about in typed_words()]
    return table(["typed", "answer"], rows)


def typed_words() -> Iterator[tuple[str, str]]:
    """Every word after every command, as the help in Slack lists them."""
    names = CommandNames()
    for message in (
        render_usage_help(ENGLISH, names),
        render_team_help(ENGLISH, names),
        render_admin_help(ENGLISH, names),
    ):
        [words] = [b for b in message.blocks if b["block_id"] == "help-words"]
        for line in words["text"]["text"].split("\n"):
            yield re.fullmatch(r"`(.+?)` - (.+)", line).groups()


def command_line() -> str:
    rows = [[f"`upshot {name}`", about] for name, about in commands()]
    return table(["command", "what it does"], rows)


def commands() -> Iterator[tuple[str, str]]:
    def walk(group: TyperGroup, prefix: str) -> Iterator[tuple[str, str]]:
        for name, command in group.commands.items():
            if isinstance(command, TyperGroup):
                yield from walk(command, f"{prefix}{name} ")
            else:
                yield prefix + name, " ".join((command.help or "").split())

    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return walk(group, "")


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


BLOCKS: dict[str, Callable[[], str]] = {
    "sources": sources,
    "settings": settings,
    "thresholds": thresholds,
    "slash_commands": slash_commands,
    "command_line": command_line,
}
WITH_BLOCKS = ("README.md", "docs/settings.md", "docs/commands.md")
WHOLE_FILES: dict[str, Callable[[], str]] = {
    ".env.example": env_example,
    **catalogues.FILES,
}


def as_made(text: str) -> str:
    """*text* with every part that is made from the code made anew."""
    return BLOCK.sub(lambda found: found[1] + BLOCKS[found[2]]() + found[3], text)


def main() -> None:
    for name in WITH_BLOCKS:
        paper = ROOT / name
        paper.write_text(as_made(paper.read_text(encoding="utf-8")), encoding="utf-8")
    for name, make in WHOLE_FILES.items():
        (ROOT / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
