"""What a tool counts of its sessions: commits, pull requests, and suggestions that were taken."""

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
DECISIONS, ACCEPTED, REJECTED = "decisions", "accepted", "rejected"


class Counter(NamedTuple):
    tool: str
    name: str


COUNTERS: Mapping[str, Counter] = {
    "claude_code.session.count": Counter(CLAUDE_CODE, SESSIONS),
    "claude_code.commit.count": Counter(CLAUDE_CODE, COMMITS),
    "claude_code.pull_request.count": Counter(CLAUDE_CODE, PULL_REQUESTS),
    "claude_code.code_edit_tool.decision": Counter(CLAUDE_CODE, DECISIONS),
    "codex.thread.started": Counter(CODEX, SESSIONS),
    "copilot_chat.session.count": Counter(COPILOT, SESSIONS),
    "copilot_chat.pull_request.count": Counter(COPILOT, PULL_REQUESTS),
    "gemini_cli.session.count": Counter(GEMINI_CLI, SESSIONS),
}
NAMES = frozenset({"start_type", "session_source", "decision"})
_DECIDED = {"accept": ACCEPTED, "reject": REJECTED}

_NAMED_IN_EVIDENCE = {
    provider: tool for tool, providers in PROVIDERS_OF.items() for provider in providers
}


def name_of(counter: Counter, attributes: Attributes) -> str | None:
    """What is counted, of a person's doing; ``None`` for anything else, and for no clear answer."""
    if not _is_of_a_person(attributes):
        return None
    if counter.name == DECISIONS:
        return _DECIDED.get(str(attributes.get("decision")))
    return counter.name


def _is_of_a_person(attributes: Attributes) -> bool:
    """A look at the list of agents is told as a session too, and so is what an agent sets off."""
    source = str(attributes.get("session_source", ""))
    return attributes.get("start_type") != "agents_view" and not source.startswith("subagent")


def count_of(account: str, tool: str, told: Mapping[str, Decimal]) -> SessionCount:
    accepted, rejected = count(told, ACCEPTED), count(told, REJECTED)
    is_decided = accepted is not None or rejected is not None
    return SessionCount(
        account=account,
        tool=_NAMED_IN_EVIDENCE[OTLP + tool],
        sessions=count(told, SESSIONS),
        commits=count(told, COMMITS),
        pull_requests=count(told, PULL_REQUESTS),
        # A source that tells of decisions leaves out those there were none of.
        offered=(accepted or 0) + (rejected or 0) if is_decided else None,
        accepted=accepted or 0 if is_decided else None,
    )
