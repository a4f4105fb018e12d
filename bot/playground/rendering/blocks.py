"""Each block in its looks; what has none, or is not as its kind has to be, is a visible box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.playground.rendering.charts import chart
from bot.playground.rendering.controls import Controls
from bot.playground.rendering.elements import Elements, picture
from bot.playground.rendering.environment import rendered
from bot.playground.rendering.inputs import Inputs, OpenForm
from bot.playground.rendering.names import Names
from bot.playground.rendering.options import Choices
from bot.playground.rendering.origin import Origin, identifier
from bot.playground.rendering.rich_text import rich_text
from bot.playground.rendering.slack_words import SlackWords
from bot.playground.rendering.tables import table
from bot.playground.rendering.texts import Part, Texts, unknown

_LEVELS = {"default", "info", "warning", "error", "success"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where on the page blocks stand."""

    origin: Origin
    heading: int
    """The level of their headings."""
    form: OpenForm | None = None


class Blocks:
    def __init__(self, names: Names, choices: Choices, words: SlackWords) -> None:
        self.words = words
        self._names = names
        self._texts = Texts(names, words)
        controls = Controls(self._texts, choices)
        self._elements = Elements(self._texts, controls)
        self._inputs = Inputs(self._texts, controls)
        self._kinds: Mapping[str, Callable[[Part, Surroundings], Markup]] = {
            "section": self._section,
            "header": self._header,
            "divider": lambda _, __: rendered("blocks/divider.html"),
            "context": self._context,
            "actions": self._actions,
            "image": self._image,
            "input": lambda block, where: self._inputs.input(block, where.origin, where.form),
            "rich_text": lambda block, _: rich_text(block, self._names),
            "table": lambda block, _: table(block, self._names, words),
            "data_visualization": self._chart,
            "markdown": lambda block, _: rendered("blocks/markdown.html", text=block["text"]),
            "alert": self._alert,
        }

    def all(self, blocks: Iterable[Part], where: Surroundings) -> Markup:
        return self._all([self._block(block, where) for block in blocks])

    def text(self, text: str) -> Markup:
        return self._all([self._text(self._texts.mrkdwn(text))])

    def _all(self, blocks: Sequence[Markup]) -> Markup:
        return rendered("blocks/all.html", blocks=blocks, language=self.words.elsewhere)

    def _block(self, block: Part, where: Surroundings) -> Markup:
        kind = self._kinds.get(str(block.get("type")))
        if kind is None:
            return unknown(block)
        try:
            return kind(block, where)
        except (AttributeError, KeyError, TypeError, ValueError):
            return unknown(block, "it is not as such a block has to be")

    def _section(self, block: Part, where: Surroundings) -> Markup:
        name = _name(block, where)
        accessory = block.get("accessory")
        return rendered(
            "blocks/section.html",
            id=name,
            text=self._texts.shown_if_any(block.get("text")),
            fields=[self._texts.shown(text) for text in block.get("fields", ())],
            accessory=accessory
            and self._elements.element(accessory, block["block_id"], where.origin, name),
        )

    def _header(self, block: Part, where: Surroundings) -> Markup:
        text = self._texts.shown(block["text"])
        return rendered("blocks/header.html", text=text, level=where.heading)

    def _context(self, block: Part, _: Surroundings) -> Markup:
        return rendered(
            "blocks/context.html", elements=[self._aside(part) for part in block["elements"]]
        )

    def _aside(self, part: Part) -> Markup:
        if part["type"] == "image":
            return picture(part)
        if part["type"] in {"plain_text", "mrkdwn"}:
            return self._texts.shown(part)
        return unknown(part)

    def _actions(self, block: Part, where: Surroundings) -> Markup:
        elements = [
            self._elements.element(element, block["block_id"], where.origin)
            for element in block["elements"]
        ]
        return rendered("blocks/actions.html", elements=elements)

    def _image(self, block: Part, _: Surroundings) -> Markup:
        title = self._texts.shown_if_any(block.get("title"))
        return rendered("blocks/image.html", title=title, alt=block["alt_text"])

    def _chart(self, block: Part, where: Surroundings) -> Markup:
        return chart(block, self.words, id_prefix=f"{_name(block, where)}:chart")

    def _alert(self, block: Part, _: Surroundings) -> Markup:
        level = block.get("level", "default")
        return rendered(
            "blocks/alert.html",
            text=self._texts.shown(block["text"]),
            level=level if level in _LEVELS else "default",
        )

    @staticmethod
    def _text(text: Markup) -> Markup:
        return rendered("blocks/section.html", id=None, text=text, fields=[], accessory=None)


def _name(block: Part, where: Surroundings) -> str:
    return identifier(where.origin.kind, where.origin.id, block["block_id"])
