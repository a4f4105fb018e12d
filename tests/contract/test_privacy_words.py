"""No message measures a person against others, or claims what cannot be known."""

from __future__ import annotations

import json
import re

import pytest

from bot.domain.commands import CommandNames
from bot.manifest import manifest
from tests.blocks.cases import CASES
from tests.contract.papers import commands

NEVER = re.compile(
    r"\b(scor(e|es|ed|ing)|rank(s|ed|ing|ings)?|leader-?boards?|productiv\w+|roi"
    r"|caused|earned|top performers?|outperform\w*)\b",
    re.IGNORECASE,
)


def test_the_words_are_found_where_they_are():
    assert NEVER.search("Your productivity score")
    assert NEVER.search("the ROI of it")
    assert not NEVER.search("a French heroine learned to frank letters")


@pytest.mark.parametrize("name", CASES)
def test_no_message_says_a_word_that_we_never_say(name: str):
    message = CASES[name]
    said = f"{message.text} {json.dumps(message.blocks)}"

    assert NEVER.findall(said) == []


def test_neither_the_app_nor_the_command_line_says_one():
    app = json.dumps(manifest(CommandNames(), url="https://upshot.example.com"))
    helps = " ".join(f"{name} {about}" for name, about in commands())

    assert NEVER.findall(f"{app} {helps}") == []
