"""What the box for messages offers while a command is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.playground.page.stage import SlashCommand

_WORD = re.compile(r"(?<![\w-])[a-z][a-z-]*(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    fills: str
    """What stands in the box when it was chosen."""
    title: str
    told: str


def hints(commands: Iterable[SlashCommand]) -> list[Hint]:
    """Each command, then the words that it understands."""
    return [hint for command in commands for hint in _of(command)]


def _of(command: SlashCommand) -> Iterator[Hint]:
    yield Hint(fills=f"{command.name} ", title=command.name, told=command.description)
    for word in dict.fromkeys(_WORD.findall(command.hint)):
        yield Hint(fills=f"{command.name} {word}", title=f"{command.name} {word}", told="")
