"""What a tool counts of its sessions: how many began, and the commits and pull requests in them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from bot.domain.links import PROVIDERS_OF
from bot.domain.senders import OTLP
from bot.domain.usage import SessionCount
from bot.telemetry.readings import count
from bot.telemetry.tools import CLAUDE_CODE, CODEX, COPILOT, GEMINI_CLI
from bot.telemetry.wire import Attributes

SESSIONS, COMMITS, PULL_REQUESTS = "sessions", "commits", "pull_requests"


class Counter(NamedTuple):
    tool: str
    name: str


COUNTERS: Mapping[str, Counter] = {
    "claude_code.session.count": Counter(CLAUDE_CODE, SESSIONS),
    "claude_code.commit.count": Counter(CLAUDE_CODE, COMMITS),
    "claude_code.pull_request.count": Counter(CLAUDE_CODE, PULL_REQUESTS),
    "codex.thread.started": Counter(CODEX, SESSIONS),
    "copilot_chat.session.count": Counter(COPILOT, SESSIONS),
    "copilot_chat.pull_request.count": Counter(COPILOT, PULL_REQUESTS),
    "gemini_cli.session.count": Counter(GEMINI_CLI, SESSIONS),
}
NAMES = frozenset({"start_type", "session_source"})

_NAMED_IN_EVIDENCE = {
    provider: tool for tool, providers in PROVIDERS_OF.items() for provider in providers
}


def is_of_a_person(attributes: Attributes) -> bool:
    """A look at the list of agents is told as a session too, and so is what an agent sets off."""
    source = str(attributes.get("session_source", ""))
    return attributes.get("start_type") != "agents_view" and not source.startswith("subagent")


def count_of(account: str, tool: str, told: Mapping[str, Decimal]) -> SessionCount:
    return SessionCount(
        account=account,
        tool=_NAMED_IN_EVIDENCE[OTLP + tool],
        sessions=count(told, SESSIONS),
        commits=count(told, COMMITS),
        pull_requests=count(told, PULL_REQUESTS),
    )
