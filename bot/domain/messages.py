"""A message as Slack takes it: blocks to look at, and text that says all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    blocks: tuple[Block, ...]
