"""How sure it is that a piece of work had to do with an AI tool that somebody paid for.

The levels say what was seen together, never that one brought about the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType

from bot.domain.senders import OTLP

TOOL_WINDOW = timedelta(days=14)
"""How long before it is finished a tool's use counts as use in the same period."""


class LinkLevel(IntEnum):
    """``PERIOD``: AI was used in the same week. ``TOOL``: the work shows a tool that was used in
    the two weeks before. ``SESSION``: it leads to a session of such a tool, or the tool itself
    counted work of this kind in its sessions then.
    """

    PERIOD = 0
    TOOL = 1
    SESSION = 2


PROVIDERS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "claude": ("anthropic", "bedrock", f"{OTLP}claude_code"),
        "copilot": ("copilot", f"{OTLP}copilot"),
        "cursor": ("cursor", f"{OTLP}cursor"),
        "codex": ("openai", "chatgpt", f"{OTLP}codex"),
        "devin": ("devin",),
        "windsurf": ("windsurf",),
        "gemini": ("gemini_code_assist", "google_cloud", f"{OTLP}gemini_cli"),
        "amazon_q": ("kiro",),
    }
)
"""Where the use of a tool, by the name that evidence gives it, is told of. Gateways are in none:
what they pass on says nothing of the tool."""
