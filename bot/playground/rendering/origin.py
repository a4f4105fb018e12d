"""Where something that can be pressed stands, and what its parts are called on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    user: str
    """Who would press."""
    kind: Literal["message", "home", "modal"]
    id: str
    """The ``ts`` of a message, or the id of a view."""
    action: str
    """The address that takes what was pressed."""

    @property
    def place(self) -> str:
        return f"{self.kind}:{self.id}"


def identifier(*parts: str) -> str:
    """An ``id`` of these parts and no others: it may hold no blank, and two must not meet."""
    return "__".join(
        re.sub(r"[^A-Za-z0-9-]", lambda odd: f"_{ord(odd[0]):x}_", part) for part in parts
    )
