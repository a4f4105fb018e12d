"""The tips, one rule each, in the order in which they come first."""

from __future__ import annotations

from types import MappingProxyType

from bot.domain.coaching.rules import Rule

RULES = MappingProxyType[str, Rule]({})
