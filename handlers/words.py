"""What somebody typed after a command, whatever keyboard it came from."""

from __future__ import annotations

import html
import re

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CONTROL = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def words(text: str | None) -> list[str]:
    """The words, with mobile keyboards' odd spaces and quotes made plain."""
    plain = (text or "").replace("\u00a0", " ").translate({0x201C: '"', 0x201D: '"', 0x2019: "'"})
    return plain.split()


def readable(text: str | None) -> str:
    """A message as it reads: Slack's own marks for links, people and channels made plain."""
    return html.unescape(_CONTROL.sub(_as_read, text or ""))


def _as_read(mark: re.Match[str]) -> str:
    kind, what, label = mark.groups()
    if kind in ("@", "#"):
        return f"{kind}{label or '…'}"
    return label or (f"@{what}" if kind else what)


def mentioned_user(word: str) -> str | None:
    """The id in Slack's escaped mention, ``None`` where *word* is none."""
    found = _MENTION.fullmatch(word)
    return found.group(1) if found else None
