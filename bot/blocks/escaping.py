"""Other people's text made harmless: names, error texts and typed words stay text in Slack."""

from __future__ import annotations

import re
import unicodedata

_NAMELESS = "—"
_LONGEST_NAME = 60
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_CUT_IN_THE_MIDDLE = re.compile(r"(&[a-z]{0,4}|<[^>]*)$")
_SLACK_USER = re.compile(r"[UW][A-Z0-9]+")


def plain(text: str, *, most: int = _LONGEST_NAME) -> str:
    """*text* on one line for where Slack parses nothing: no controls, no turned direction."""
    visible = "".join(" " if _is_invisible(character) else character for character in text)
    return clip(" ".join(visible.split()) or _NAMELESS, most)


def escape(text: str, *, most: int = _LONGEST_NAME) -> str:
    """*text* for mrkdwn: what would be a mention, a link or a broadcast is shown as typed."""
    typed = plain(text, most=most)
    return clip(typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), most)


def code(text: str) -> str:
    """*text* in a fixed-width face, which it cannot leave."""
    return f"`{escape(text.replace('`', chr(39)))}`"


def mention(slack_user_id: str) -> str:
    """Somebody's name as Slack shows it, where *slack_user_id* is one."""
    if _SLACK_USER.fullmatch(slack_user_id):
        return f"<@{slack_user_id}>"
    return escape(slack_user_id)


def clip(text: str, most: int) -> str:
    """At most *most* characters, never ending in half an entity or half a mention."""
    if len(text) <= most:
        return text
    return _CUT_IN_THE_MIDDLE.sub("", text[: most - 1]).rstrip() + "…"


def _is_invisible(character: str) -> bool:
    return character in _BIDI or unicodedata.category(character) in _INVISIBLE
