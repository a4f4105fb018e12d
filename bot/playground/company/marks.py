"""The marks AI tools leave in commit messages, and the agents that are authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.playground.company.people import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A tool that is a commit's author."""

    tool: str
    name: str
    email: str


AGENTS = (
    Agent(
        tool="copilot",
        name="Copilot",
        email="198982749+Copilot@users.noreply.github.com",
    ),
    Agent(
        tool="devin",
        name="devin-ai-integration[bot]",
        email="158243242+devin-ai-integration[bot]@users.noreply.github.com",
    ),
)
COAUTHORS = {
    "claude_code": ("Claude Opus 5", "noreply@anthropic.com"),
    "codex": ("Codex", "noreply@openai.com"),
    "cursor": ("Cursor", "cursoragent@cursor.com"),
}
GENERATED_WITH = "🤖 Generated with [Claude Code](https://claude.com/claude-code)"


def coauthor_line(name: str, email: str) -> str:
    """Give git's trailer for a second author."""
    return f"Co-authored-by: {name} <{email}>"


def draw_agent(rng: Random) -> Agent:
    """Choose the agent that wrote a pull request."""
    return rng.choices(AGENTS, (3, 1))[0]


def draw_marks(providers: Sequence[Provider], rng: Random) -> tuple[str, tuple[str, ...]]:
    """Choose one of the person's tools, and the last lines it writes under a commit message."""
    own = "claude_code" if rng.choice(providers) == "anthropic" else "codex"
    tool = "cursor" if rng.random() < 0.15 else own
    trailer = coauthor_line(*COAUTHORS[tool])
    if tool != "claude_code":
        return tool, (trailer,)
    session = f"Claude-Session: https://claude.ai/code/session_{rng.getrandbits(64):016x}"
    choices = ((trailer,), (GENERATED_WITH, "", trailer), (trailer, session), (session,))
    return tool, rng.choices(choices, (5, 3, 2, 1))[0]
