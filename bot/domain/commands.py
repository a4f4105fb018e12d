"""The commands' names, which an operator can change: Slack does not namespace them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandNames:
    usage: str = "/myusage"
    team: str = "/teamusage"
    admin: str = "/usageadmin"
