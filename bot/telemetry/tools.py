"""Who sends telemetry: the tools we know, and any sender that keeps to the ``gen_ai`` conventions.

Each names its people in its own way. A name is whatever the sender claims.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.telemetry.wire import Attributes, Value

CLAUDE_CODE, CODEX, GEMINI_CLI = "claude_code", "codex", "gemini_cli"
COPILOT, CURSOR, GEN_AI = "copilot", "cursor", "gen_ai"

_TOOLS = {
    CLAUDE_CODE: r"(claude[-_]code|com\.anthropic\.claude_code)([-_. ].*)?",
    CODEX: r"codex([-_. ].*)?",
    GEMINI_CLI: r"gemini[-_]cli([-_. ].*)?",
    COPILOT: r"(github[-_.])?copilot([-_. ].*)?",
    CURSOR: r"cursor(\.telemetry)?",
}
"""How a tool names its service or its scope: surfaces differ in what follows."""

# In Codex, `user.account_id` is the ChatGPT workspace, which a whole company may share.
_ACCOUNT = {
    CLAUDE_CODE: ("user.account_id", "user.account_uuid", "user.email", "enduser.id"),
    CODEX: ("user.email", "account.email", "enduser.id"),
    GEMINI_CLI: ("user.email", "enduser.id"),
    COPILOT: ("user.email", "enduser.id", "user.id"),
    CURSOR: (
        "cursor.user.account_id",
        "cursor.user.id",
        "cursor.user.email",
        "user.email",
        "enduser.id",
    ),
    GEN_AI: ("user.email", "enduser.id", "user.id"),
}
_EMAIL = ("user.email", "account.email", "cursor.user.email", "enduser.id")
_MODEL = ("model", "cursor.model.name", "gen_ai.response.model", "gen_ai.request.model")
_PRICED_AS = {
    CLAUDE_CODE: "anthropic",
    CODEX: "openai",
    GEMINI_CLI: "google",
    COPILOT: "github-copilot",
    CURSOR: "cursor",
}
_MODEL_PROVIDERS = {
    "anthropic": "anthropic",
    "aws.bedrock": "aws",
    "aws_bedrock": "aws",
    "az.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gcp.vertex_ai": "google",
    "gemini": "google",
    "groq": "groq",
    "mistral_ai": "mistral",
    "openai": "openai",
    "perplexity": "perplexity",
    "vertex_ai": "google",
    "x_ai": "x-ai",
    "xai": "x-ai",
}
"""``gen_ai.provider.name`` (formerly ``gen_ai.system``), as the price list names it."""

_SAID_OF_SENDER = tuple(
    sorted(
        {
            "cursor.surface",
            "identity.source",
            "service.name",
            *_EMAIL,
            *(key for keys in _ACCOUNT.values() for key in keys),
        }
    )
)
NAMES = frozenset({*_SAID_OF_SENDER, *_MODEL, "gen_ai.provider.name", "gen_ai.system"})

# What is not of this shape may be anything, a prompt put in the wrong place included.
_is_model = re.compile(r"[A-Za-z0-9][\w.:/@+\[\]-]{0,127}").fullmatch
_is_account = re.compile(r"[^\s\x00-\x1f\x7f]{1,254}").fullmatch
_is_email = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,185}").fullmatch
_odd = re.compile(r"[^a-z0-9_.-]+")


class Sender(NamedTuple):
    """Whose figures they are: of which tool and surface, and for which account."""

    tool: str
    product: str | None
    account: str | None
    email: str | None


def tool_of(attributes: Attributes, scope: str) -> str | None:
    """The tool we know that sends this, by its service or else by its scope."""
    for told in (str(attributes.get("service.name", "")), scope):
        known = _known_tool(told.lower())
        if known is not None:
            return known
    return None


@lru_cache(maxsize=1024)
def _known_tool(name: str) -> str | None:
    return next((tool for tool, names in _TOOLS.items() if re.fullmatch(names, name)), None)


def in_house_name(attributes: Attributes) -> str:
    """What a sender is called that we know nothing of: its service's name, made plain."""
    name = _plain(attributes.get("service.name"))
    return GEN_AI if not name or name.startswith("unknown_service") else name


def sender(tool: str, attributes: Attributes) -> Sender:
    return _sender(tool, tuple(map(attributes.get, _SAID_OF_SENDER)))


# One source says the same of itself with every call.
@lru_cache(maxsize=4096)
def _sender(tool: str, said: tuple[Value | None, ...]) -> Sender:
    attributes = dict(zip(_SAID_OF_SENDER, said, strict=True))
    keys = _ACCOUNT.get(tool, _ACCOUNT[GEN_AI])
    # There `user.id` is the identity provider's; elsewhere it may be a random number.
    if str(attributes["identity.source"]).startswith("gateway"):
        keys = ("user.id", *keys)
    surface = attributes["cursor.surface" if tool == CURSOR else "service.name"]
    email = next(filter(None, (_email(attributes[key]) for key in _EMAIL)), None)
    named = next(filter(None, (_account(attributes[key]) for key in keys)), None)
    # An address first: whoever sends another's account id under an own address must not get at
    # what the other sends under that id.
    return Sender(tool, _plain(surface) or None, email or named, email)


def model_of(attributes: Attributes) -> str | None:
    """The model that answered, or else the one that was asked for."""
    for key in _MODEL:
        model = attributes.get(key)
        if isinstance(model, str) and _is_model(model):
            return model
    return None


def prices_of(tool: str, attributes: Attributes) -> str | None:
    """Whose prices hold, by the name that the price list has for them."""
    told = attributes.get("gen_ai.provider.name", attributes.get("gen_ai.system"))
    return _PRICED_AS.get(tool) or _MODEL_PROVIDERS.get(str(told).lower())


def _plain(value: Value | None) -> str:
    text = "" if value is None else str(value).lower()
    return _odd.sub("_", text[:40]).strip("_.-")


def _account(value: Value | None) -> str | None:
    text = "" if value is None else str(value)
    return _email(text) or (text if _is_account(text) else None)


def _email(value: Value | None) -> str | None:
    return value.lower() if isinstance(value, str) and _is_email(value) else None
