"""Traces of AI tools in commits: who the agents are and what they leave behind.

An address is looked up first and a display name only then, as a whole: "Jean-Claude" is a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bot.domain.commits import Signature, lines_of, read_signature
from bot.domain.outcomes import Evidence, Mark

UNNAMED_TOOL = "unnamed"


class Nature(Enum):
    HUMAN = "human"
    AGENT = "agent"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """How one tool signs; *names* match a whole display name, *logins* are GitHub's."""

    tool: str
    emails: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    names: str = r"(?!)"
    branches: str | None = None
    session: str | None = None
    nature: Nature = Nature.AGENT


FINGERPRINTS = (
    Fingerprint(
        tool="claude",
        emails=frozenset({"noreply@anthropic.com"}),
        logins=frozenset({"claude[bot]"}),
        names=r"claude (?:code|opus|sonnet|haiku|fable|\d).*|claude\[bot\]",
        session=r"claude\.ai/code/session_\w",
    ),
    Fingerprint(
        tool="copilot_autofix",
        logins=frozenset({"github-advanced-security[bot]", "github-code-quality[bot]"}),
        names=r"copilot autofix.*",
        nature=Nature.BOT,
    ),
    Fingerprint(
        tool="copilot",
        logins=frozenset({"copilot", "copilot-swe-agent[bot]"}),
        names=r"(?:github )?copilot|copilot-swe-agent(?:\[bot\])?",
        branches="copilot/",
    ),
    Fingerprint(
        tool="cursor",
        emails=frozenset({"cursoragent@cursor.com"}),
        logins=frozenset({"cursor[bot]"}),
        names=r"cursor(?: agent)?",
        branches="cursor/",
    ),
    Fingerprint(
        tool="codex",
        emails=frozenset({"noreply@openai.com"}),
        logins=frozenset({"chatgpt-codex-connector[bot]"}),
        names=r"(?:openai )?codex(?: cli)?",
        branches="codex/",
    ),
    Fingerprint(
        tool="devin",
        logins=frozenset({"devin-ai-integration[bot]"}),
        names=r"devin ai|devin-ai-integration(?:\[bot\])?",
        session=r"app\.devin\.ai/sessions/\w",
    ),
    Fingerprint(
        tool="coderabbit",
        emails=frozenset({"noreply@coderabbit.ai"}),
        logins=frozenset({"coderabbitai[bot]"}),
        names=r"coderabbit(?:ai)?(?:\[bot\])?",
        nature=Nature.BOT,
    ),
    Fingerprint(tool="amp", emails=frozenset({"amp@ampcode.com"})),
    Fingerprint(tool="aider", emails=frozenset({"noreply@aider.chat"}), names=r"aider(?: \(.+\))?"),
    Fingerprint(tool="windsurf", emails=frozenset({"noreply@codeium.com"}), names="windsurf"),
    Fingerprint(tool="cline", emails=frozenset({"noreply@cline.bot"})),
    Fingerprint(
        tool="gemini", emails=frozenset({"gemini-cli-agent@google.com"}), names="gemini cli"
    ),
    Fingerprint(tool="opencode", emails=frozenset({"noreply@opencode.ai"}), names="opencode"),
    Fingerprint(tool="goose", emails=frozenset({"opensource@block.xyz"})),
    Fingerprint(tool="amazon_q", emails=frozenset({"noreply@amazon.com"}), names="amazon q.*"),
    Fingerprint(tool="pi", emails=frozenset({"noreply@pi.dev"})),
)

# They sign no commit, but say in a line of the message that they made it.
_LINES_OF_OTHER_TOOLS = {"mistral vibe": "mistral_vibe"}
TOOLS_OUTSIDE_THE_TABLE = frozenset({*_LINES_OF_OTHER_TOOLS.values(), "gitlab_duo", UNNAMED_TOOL})

_MACHINE_EMAILS = frozenset(
    {
        "noreply@github.com",
        "action@github.com",
        "actions@github.com",
        "support@dependabot.com",
        "bot@renovateapp.com",
        "renovate@whitesourcesoftware.com",
        "snyk-bot@snyk.io",
        "support@greenkeeper.io",
    }
)
_MACHINE_NAMES = frozenset({"dependabot", "renovate", "renovate bot", "github actions"})

NAMES_REMEMBERED = 10_000
"""A history has few names and many commits."""

_NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>.+)@users\.noreply\.github\.com")
_PROJECT_TOKEN = re.compile(r"(?:project|group)_\d+_bot.*@noreply\..+")
_BY_EMAIL = {email: f for f in FINGERPRINTS for email in f.emails}
_BY_LOGIN = {login: f for f in FINGERPRINTS for login in f.logins}
_BY_NAME = tuple((re.compile(f.names, re.IGNORECASE), f) for f in FINGERPRINTS)
_SESSIONS = tuple((re.compile(f.session), f.tool) for f in FINGERPRINTS if f.session)
_GENERATED = re.compile(
    r"\W{0,10}generated (?:with|by) \[?(?P<name>[^\]\[()<>]{1,60})", re.IGNORECASE
)

_WORDS = re.compile(r"[\W_]+")
_BY_TOOL = {f.tool.replace("_", " "): f.tool for f in FINGERPRINTS} | {
    spelled.replace("_", " "): tool for spelled, tool in _LINES_OF_OTHER_TOOLS.items()
}
_MADE = "(?:assisted|generated|authored|coauthored|co authored|written|made)"
_AI_LABEL = re.compile(rf"(?:ai|llm|gen ?ai) {_MADE}|{_MADE} (?:by|with) (?:ai|an llm)")
_LABEL_AFFIXES = re.compile(
    rf"^(?:(?:ai|agent|assistant|tool|bot|{_MADE} (?:by|with|using)) )|(?: (?:agent|{_MADE}))$"
)
# A label "cursor" may be about cursors, and "devin" a person's; "agent: cursor" is the tool's.
_ALSO_A_WORD = frozenset({"amp", "cursor", "devin", "goose", "pi", "windsurf"})


def login_in(email: str) -> str | None:
    """The login of an address that GitHub gives to those who hide theirs."""
    found = _NOREPLY.fullmatch(email.lower())
    return found["login"] if found else None


@lru_cache(maxsize=NAMES_REMEMBERED)
def fingerprint_of(who: Signature) -> Fingerprint | None:
    email = who.email.lower()
    return (
        _BY_EMAIL.get(email)
        or _BY_LOGIN.get(login_in(email) or "")
        or next((f for pattern, f in _BY_NAME if pattern.fullmatch(who.name)), None)
    )


@lru_cache(maxsize=NAMES_REMEMBERED)
def nature_of(who: Signature) -> Nature:
    """A person, an AI agent that somebody set to work, or a machine that runs by itself."""
    fingerprint = fingerprint_of(who)
    if fingerprint is not None:
        return fingerprint.nature
    email = who.email.lower()
    is_machine = (
        who.name.endswith("[bot]")
        or (login_in(email) or "").endswith("[bot]")
        or email in _MACHINE_EMAILS
        or who.name.lower() in _MACHINE_NAMES
        or _PROJECT_TOKEN.fullmatch(email) is not None
    )
    return Nature.BOT if is_machine else Nature.HUMAN


def evidence_in(
    author: Signature | None, coauthors: Iterable[Signature], message: str
) -> frozenset[Evidence]:
    """What shows the help of AI: one mark of a kind for each tool, however often it is there."""
    found = {
        Evidence(fingerprint.tool, Mark.COAUTHOR)
        for coauthor in coauthors
        if (fingerprint := fingerprint_of(coauthor))
    }
    if author is not None and (fingerprint := fingerprint_of(author)):
        found.add(Evidence(fingerprint.tool, Mark.AGENT_AUTHOR))
    found.update(
        Evidence(tool, Mark.SESSION_LINK) for link, tool in _SESSIONS if link.search(message)
    )
    found.update(
        Evidence(tool, Mark.GENERATED_LINE)
        for line in lines_of(message)
        if (tool := _tool_that_says_so(line))
    )
    return frozenset(found)


def evidence_in_branch(branch: str | None) -> frozenset[Evidence]:
    """Some tools name the branches they work on."""
    return frozenset(
        Evidence(f.tool, Mark.BRANCH)
        for f in FINGERPRINTS
        if branch and f.branches and branch.startswith(f.branches)
    )


def evidence_in_labels(labels: Iterable[str]) -> frozenset[Evidence]:
    """What labels say of how a change was made: a tool's name, or that AI had a part in it."""
    return frozenset(
        Evidence(tool, Mark.LABEL) for label in labels if (tool := _tool_in_label(label))
    )


def evidence_in_note(tools: Iterable[str]) -> frozenset[Evidence]:
    """What a git-ai note attests, by its own names for *tools*; one without any attests nothing."""
    named = [tool_named(tool) for tool in tools]
    found = {tool for tool in named if tool} or ({UNNAMED_TOOL} if named else set())
    return frozenset(Evidence(tool, Mark.NOTE) for tool in found)


def tool_named(text: str) -> str | None:
    """The tool that a short name stands for, where the place says that it is a tool's."""
    words = _WORDS.sub(" ", text.lower()).strip()
    return _BY_TOOL.get(words) or _tool_called(words)


def _tool_in_label(label: str) -> str | None:
    words = _WORDS.sub(" ", label.lower()).strip()
    if _AI_LABEL.fullmatch(words):
        return UNNAMED_TOOL
    bare = _LABEL_AFFIXES.sub("", words)
    tool = tool_named(bare)
    return None if tool in _ALSO_A_WORD and bare == words else tool


def _tool_that_says_so(line: str) -> str | None:
    lowered = line.lower()
    if lowered.startswith("ai-assisted:"):
        return UNNAMED_TOOL if lowered[12:].strip() in {"true", "yes"} else None
    if lowered.startswith("assisted-by:"):
        return _tool_called(line[12:])
    found = _GENERATED.match(line) if "generated" in lowered else None
    return _tool_called(found["name"]) if found else None


def _tool_called(text: str) -> str | None:
    """Only tools that are known: code is also "generated by" compilers and cameras."""
    name = text.strip(" .!*_`")
    signature = read_signature(text) or Signature(name, "")
    if fingerprint := fingerprint_of(signature):
        return fingerprint.tool
    return "claude" if name.lower() == "claude" else _LINES_OF_OTHER_TOOLS.get(name.lower())
