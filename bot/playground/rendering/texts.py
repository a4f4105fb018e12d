"""Text objects as they are shown, and the box for what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from bot.playground.rendering.environment import rendered
from bot.playground.rendering.markup import mrkdwn, plain
from bot.playground.rendering.names import Names
from bot.playground.rendering.references import link
from bot.playground.rendering.slack_words import SlackWords

Part = Mapping[str, Any]
"""A piece of Block Kit, as it is in JSON."""

NAMELESS = "it has no action_id, so that nothing can come of it"
_READABLE = {"text", "title", "alt_text", "label", "description", "hint", "name", "fallback"}


class Texts:
    def __init__(self, names: Names, words: SlackWords) -> None:
        self._names = names
        self.words = words

    def shown(self, text: Part) -> Markup:
        if text["type"] == "mrkdwn":
            return self.mrkdwn(text["text"], verbatim=text.get("verbatim", False))
        return plain(text["text"])

    def shown_if_any(self, text: Part | None) -> Markup | None:
        return None if text is None else self.shown(text)

    def mrkdwn(self, text: str, *, verbatim: bool = False) -> Markup:
        return mrkdwn(text, self._names, verbatim=verbatim)


def said(text: Part | None) -> str | None:
    """As it is where no markup can stand: in an attribute, in a menu."""
    return None if text is None else str(text["text"])


def openable(url: str | None) -> str | None:
    """*url*, if a click may open it."""
    return url if url and link(url) is not None else None


def unknown(part: Part, why: str | None = None) -> Markup:
    """What there is of *part* to read, for want of its looks."""
    kind = part.get("type")
    return rendered("unknown.html", kind=str(kind), why=why, texts=list(_readable(part)))


def _readable(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            if isinstance(value, str) and name in _READABLE and value:
                yield value
            else:
                yield from _readable(value)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _readable(inner)
