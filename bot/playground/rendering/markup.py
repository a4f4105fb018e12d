"""Slack's mrkdwn as HTML: what Slack would bring to life comes alive, all else stays text.

Format: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from bot.playground.rendering import references
from bot.playground.rendering.emphasis import emphasized
from bot.playground.rendering.names import Names

_LINE_BREAK = Markup("<br>")
_PREFORMATTED = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
_QUOTED = re.compile(r"(?:>|&gt;) ?")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_LETTER = r"[^\W_]"
_WRITTEN_OUT = (
    rf"(?<!{_LETTER})`(?P<code>[^`\n]+)`(?!{_LETTER})"
    r"|<(?P<pointer>[^<>\n]+)>"
    r"|&(?P<entity>amp|lt|gt);"
)
# a lone "&" belongs to an address, an escaped "<" or ">" ends it, as does punctuation after it
_BARE_URL = (
    rf"|(?<!{_LETTER})(?P<url>https?://(?:&amp;|&(?!(?:lt|gt);)|[^\s<>`&|])+"
    r"(?<![.,;:!?'\")\]}*_~]))"
)
_VERBATIM = re.compile(_WRITTEN_OUT)
_PARSED = re.compile(_WRITTEN_OUT + _BARE_URL)
_LABEL = r"(?:\|(?P<label>.*))?"
_USER = re.compile(r"@(?P<id>[UW][A-Z0-9]+)" + _LABEL)
_CHANNEL = re.compile(r"#(?P<id>[CDG][A-Z0-9]+)" + _LABEL)
_GROUP = re.compile(r"!subteam\^(?P<id>S[A-Z0-9]+)" + _LABEL)
_BROADCAST = re.compile(r"!(?P<range>here|channel|everyone)" + _LABEL)
_DATE = re.compile(
    r"!date\^(?P<timestamp>[0-9]{1,18})\^[^|^]+(?:\^(?P<url>[^|]+))?\|(?P<fallback>.+)", re.DOTALL
)
_Lookup = Callable[[str], str | None]


def mrkdwn(text: str, names: Names, *, verbatim: bool = False) -> Markup:
    """Inline HTML with <pre> and <blockquote>; *verbatim* leaves bare addresses alone."""
    reader = _Reader(names=names, verbatim=verbatim)
    return Markup("").join(reader.parts(text))


def plain(text: str) -> Markup:
    """Text in which nothing has a meaning, in its lines."""
    return _LINE_BREAK.join(text.split("\n"))


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda entity: _CHARACTERS[entity[1]], text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    names: Names
    verbatim: bool

    def parts(self, text: str) -> Iterator[Markup]:
        end = 0
        for found in _PREFORMATTED.finditer(text):
            yield from self._running(text[end : found.start()])
            yield Markup("<pre>{}</pre>").format(_decoded(found[1]))
            end = found.end()
        yield from self._running(text[end:])

    def _running(self, text: str) -> Iterator[Markup]:
        if not text:
            return
        for quoted, lines in groupby(text.split("\n"), lambda line: bool(_QUOTED.match(line))):
            if quoted:
                told = _LINE_BREAK.join(self._line(_QUOTED.sub("", x, count=1)) for x in lines)
                yield Markup("<blockquote>{}</blockquote>").format(told)
            else:
                yield _LINE_BREAK.join(map(self._line, lines))

    def _line(self, line: str) -> Markup:
        return emphasized(list(self._pieces(line)))

    def _pieces(self, line: str) -> Iterator[str]:
        """Single characters, and Markup for what is one whole."""
        end = 0
        for found in (_VERBATIM if self.verbatim else _PARSED).finditer(line):
            yield from line[end : found.start()]
            yield self._piece(found)
            end = found.end()
        yield from line[end:]

    def _piece(self, found: re.Match[str]) -> str:
        match found.lastgroup:
            case "code":
                return Markup("<code>{}</code>").format(_decoded(found["code"]))
            case "entity":
                return _CHARACTERS[found["entity"]]
            case "url":
                return references.link(_decoded(found["url"])) or escape(_decoded(found[0]))
            case _:
                return self._pointer(found["pointer"]) or escape(_decoded(found[0]))

    def _pointer(self, told: str) -> Markup | None:
        if broadcast := _BROADCAST.fullmatch(told):
            return references.mention("broadcast", broadcast["range"])
        if date := _DATE.fullmatch(told):
            return _date(date)
        return self._mention(told) or _link(told)

    def _mention(self, told: str) -> Markup | None:
        known_by: tuple[tuple[references.Kind, re.Pattern[str], _Lookup], ...] = (
            ("user", _USER, self.names.user),
            ("channel", _CHANNEL, self.names.channel),
            ("group", _GROUP, self.names.group),
        )
        for kind, pattern, name_of in known_by:
            if found := pattern.fullmatch(told):
                name = name_of(found["id"]) or _decoded(found["label"] or "")
                return references.mention(kind, name) if name else None
        return None


def _link(told: str) -> Markup | None:
    url, _, label = told.partition("|")
    return references.link(_decoded(url), _decoded(label))


def _date(date: re.Match[str]) -> Markup:
    # what the sender wrote for old clients: it needs neither a reader's time zone nor a clock
    said = references.moment(int(date["timestamp"]), _decoded(date["fallback"]))
    return references.link(_decoded(date["url"] or ""), said) or said
