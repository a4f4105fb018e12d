"""What use and work were for: trying things out, the daily work, or running by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NEW_TOOL_DAYS = 30


class Tier(StrEnum):
    """Nobody sets a ratio against ``EXPLORATION``; ``PRODUCTION`` is service accounts and what an
    operator lists.
    """

    EXPLORATION = "exploration"
    ROUTINE = "routine"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRules:
    """What an operator lists, as ``SOURCE:NAME``; a ``*`` stands for anything.

    The name is a project's or a repository's, a key's, an account's or a product's. The person's
    own word comes before all of it.
    """

    production: tuple[str, ...] = ()
    exploration: tuple[str, ...] = ()
