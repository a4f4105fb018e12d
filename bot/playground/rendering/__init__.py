"""Block Kit as HTML that works without script: messages, the Home tab and modals."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.playground.rendering import forms
from bot.playground.rendering.blocks import Blocks, Surroundings
from bot.playground.rendering.forms import complaints, given_in
from bot.playground.rendering.inputs import FIELD, Given, Refused
from bot.playground.rendering.names import Names
from bot.playground.rendering.options import NO_CHOICES, Choices
from bot.playground.rendering.origin import Origin
from bot.playground.rendering.slack_words import IN_ENGLISH, SlackWords
from bot.playground.slack.messages import Block, with_block_ids
from bot.playground.slack.views import View

__all__ = [
    "FIELD",
    "Choices",
    "Given",
    "Names",
    "Origin",
    "Refused",
    "Renderer",
    "SlackWords",
    "complaints",
    "given_in",
]


class Renderer:
    def __init__(
        self, names: Names, choices: Choices = NO_CHOICES, words: SlackWords = IN_ENGLISH
    ) -> None:
        """*words* are in the language that the reader is written to in."""
        self._blocks = Blocks(names, choices, words)

    def blocks(self, blocks: Sequence[Block], origin: Origin, *, heading: int = 3) -> Markup:
        """*heading* is the level of their headings, below that of what they stand in."""
        where = Surroundings(origin=origin, heading=heading)
        return self._blocks.all(with_block_ids(blocks), where)

    def text(self, text: str) -> Markup:
        """A message without blocks."""
        return self._blocks.text(text)

    def modal(
        self,
        view: View,
        *,
        post_to: str,
        close_to: str,
        press_to: str,
        refused: Refused | None = None,
    ) -> Markup:
        return forms.modal(
            self._blocks,
            view,
            post_to=post_to,
            close_to=close_to,
            press_to=press_to,
            refused=refused,
        )
