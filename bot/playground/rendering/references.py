"""What a text can point at: people, channels, groups, addresses and moments, as HTML."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s|\x00-\x1f\x7f]+", re.IGNORECASE)
_BEFORE_WHAT_IS_DIALLED = re.compile(r"(?:mailto|tel):", re.IGNORECASE)
_LINK = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>')
_MENTION = Markup('<span class="mention mention-{}">{}{}</span>')
_TIME = Markup('<time datetime="{}">{}</time>')

Kind = Literal["user", "channel", "group", "broadcast"]


def mention(kind: Kind, name: str) -> Markup:
    sign = "#" if kind == "channel" else "@"
    return _MENTION.format(kind, sign, name.removeprefix(sign))


def link(url: str, label: str | Markup = "") -> Markup | None:
    """None where *url* is of a kind that a click should not open."""
    if not _ADDRESS.fullmatch(url):
        return None
    return _LINK.format(url, label or _BEFORE_WHAT_IS_DIALLED.sub("", url, count=1))


def moment(timestamp: int, said: str) -> Markup:
    """*said*, which the sender worded; without it, the time in UTC."""
    try:
        at = datetime.fromtimestamp(timestamp, UTC)
    except (OverflowError, ValueError, OSError):
        return escape(said)
    return _TIME.format(at.isoformat(), said or f"{at:%d %B %Y, %H:%M} UTC".lstrip("0"))
