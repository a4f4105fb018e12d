"""What Slack makes of what somebody types, before anybody gets to see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser

_MENTION = re.compile(r"(?<![\w@#])([@#])([\w][\w.-]*)")
_ADDRESS = re.compile(r"https?://[^\s<>]+")

Known = Mapping[str, Mapping[str, str]]


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(text: str, users: Iterable[SlackUser], channels: Iterable[SlackChannel]) -> str:
    """Escaped; ``@handle``, ``#channel`` and addresses become what stands for them."""
    known = {
        "@": {user.name: f"<@{user.id}|{user.name}>" for user in users if not user.deleted},
        "#": {channel.name: f"<#{channel.id}|{channel.name}>" for channel in channels},
    }
    parts, end = [], 0
    for address in _ADDRESS.finditer(text):
        parts.append(_with_mentions(text[end : address.start()], known))
        parts.append(f"<{escaped(address[0])}>")
        end = address.end()
    return "".join((*parts, _with_mentions(text[end:], known)))


def _with_mentions(text: str, known: Known) -> str:
    return _MENTION.sub(lambda found: _mention(found, known), escaped(text))


def _mention(found: re.Match[str], known: Known) -> str:
    """What follows a name, as the full stop of a sentence does, stays behind it."""
    sign, name = found.groups()
    bare = name if name in known[sign] else name.rstrip(".-")
    mention = known[sign].get(bare)
    return found[0] if mention is None else mention + name[len(bare) :]
