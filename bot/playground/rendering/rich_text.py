"""Rich text: sections, lists, quotes and preformatted lines, in which nothing is parsed.

Format: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape

from bot.playground.rendering import references
from bot.playground.rendering.markup import plain
from bot.playground.rendering.names import Names
from bot.playground.rendering.texts import unknown

_WRAPPED: Mapping[str, Markup] = MappingProxyType(
    {
        "rich_text_section": Markup("<div>{}</div>"),
        "rich_text_quote": Markup("<blockquote>{}</blockquote>"),
        "rich_text_preformatted": Markup("<pre>{}</pre>"),
    }
)
_STYLES = MappingProxyType(
    {
        "code": Markup("<code>{}</code>"),
        "strike": Markup("<s>{}</s>"),
        "underline": Markup("<u>{}</u>"),
        "italic": Markup("<em>{}</em>"),
        "bold": Markup("<strong>{}</strong>"),
        "highlight": Markup("<mark>{}</mark>"),
        "client_highlight": Markup("<mark>{}</mark>"),
    }
)


def rich_text(block: Mapping[str, Any], names: Names) -> Markup:
    parts = Markup("").join(_part(part, names) for part in block["elements"])
    return Markup('<div class="rich-text">{}</div>').format(parts)


def _part(part: Mapping[str, Any], names: Names) -> Markup:
    match part:
        case {"type": "rich_text_list", "elements": items}:
            return _list(part, Markup("").join(_item(item, names) for item in items))
        case {"type": str(kind), "elements": leaves} if kind in _WRAPPED:
            return _WRAPPED[kind].format(_leaves(leaves, names))
        case _:
            return unknown(part)


def _list(part: Mapping[str, Any], items: Markup) -> Markup:
    indent = int(part.get("indent", 0))
    if part.get("style") == "ordered":
        first = int(part.get("offset", 0)) + 1
        return Markup('<ol class="indent-{}" start="{}">{}</ol>').format(indent, first, items)
    return Markup('<ul class="indent-{}">{}</ul>').format(indent, items)


def _item(item: Mapping[str, Any], names: Names) -> Markup:
    return Markup("<li>{}</li>").format(_leaves(item.get("elements", ()), names))


def _leaves(leaves: Any, names: Names) -> Markup:
    return Markup("").join(_leaf(leaf, names) for leaf in leaves)


def _leaf(leaf: Mapping[str, Any], names: Names) -> Markup:
    told = _told(leaf, names)
    style = leaf.get("style") or {}
    for name, wrapped in _STYLES.items():
        if style.get(name):
            told = wrapped.format(told)
    return told


def _told(leaf: Mapping[str, Any], names: Names) -> Markup:
    match leaf:
        case {"type": "text", "text": str(text)}:
            return plain(text)
        case {"type": "link", "url": str(url)}:
            return references.link(url, leaf.get("text") or "") or plain(leaf.get("text") or url)
        case {"type": "emoji", "name": str(text)} | {"type": "color", "value": str(text)}:
            return escape(f":{text}:" if leaf["type"] == "emoji" else text)
        case {"type": "date", "timestamp": int(timestamp)}:
            said = references.moment(timestamp, leaf.get("fallback") or "")
            return references.link(leaf.get("url") or "", said) or said
        case _:
            return _mention(leaf, names) or unknown(leaf)


def _mention(leaf: Mapping[str, Any], names: Names) -> Markup | None:
    match leaf:
        case {"type": "user", "user_id": str(user)}:
            return references.mention("user", names.user(user) or user)
        case {"type": "channel", "channel_id": str(channel)}:
            return references.mention("channel", names.channel(channel) or channel)
        case {"type": "usergroup", "usergroup_id": str(group)}:
            return references.mention("group", names.group(group) or group)
        case {"type": "broadcast", "range": str(reach)}:
            return references.mention("broadcast", reach)
        case _:
            return None
