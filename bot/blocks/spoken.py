"""Blocks in words: what a screen reader says, and what is left where Slack knows no tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.blocks.escaping import escape
from bot.domain.messages import Block

_MARKS = str.maketrans("", "", "*`")
_LONGEST = 3_000
_LINK = re.compile(r"<https?://[^|>]*\|([^>]*)>")


def spoken(block: Block) -> str:
    """All that *block* says; a chart says nothing, for a table beside it has the figures."""
    match block:
        case {"type": "header", "text": text}:
            return _read(text)
        case {"type": "section", "text": text}:
            return _read(text)
        case {"type": "section", "fields": columns} | {"type": "context", "elements": columns}:
            return "\n".join(map(_read, columns))
        case {"type": "table"}:
            return "\n".join(rows_in_words(block))
        case _:
            return ""


def rows_in_words(table: Block) -> list[str]:
    """Each row on a line: what it is about, then every figure after its column's title."""
    titles, *rows = [[escape(cell["text"], most=_LONGEST) for cell in r] for r in table["rows"]]
    return [f"{name}: {_figures(titles[1:], figures)}" for name, *figures in rows]


def _figures(titles: Sequence[str], figures: Sequence[str]) -> str:
    named = zip(titles, figures, strict=True)
    return " · ".join(f"{title} {figure}" for title, figure in named)


def _read(text: dict[str, Any]) -> str:
    if text["type"] == "plain_text":
        return escape(text["text"], most=_LONGEST)
    return _LINK.sub(r"\1", str(text["text"])).translate(_MARKS)
