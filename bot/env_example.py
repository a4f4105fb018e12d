"""``.env.example``, made from the settings: every variable, what it is for, and its default."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from bot.outcomes import SOURCES
from bot.providers import PROVIDERS
from bot.settings import PREFIX, variables

GROUPS = {
    "": "Upshot itself",
    "COMMANDS": "Names of the slash commands, where the usual ones are taken",
    "DELIVERY": "How messages are sent",
    "TIERS": "What is production and what is exploration: docs/outcomes.md",
    "SLACK": "Slack: docs/slack.md",
    **{provider.name.upper(): f"{provider.title}: on if given" for provider in PROVIDERS},
    "INGEST": "Usage that in-house platforms send to POST /ingest/usage, on if the token is given",
    "OTLP": "OpenTelemetry of coding agents, at /v1/logs and /v1/metrics, on if the token is given",
    **{source.name.upper(): f"{source.title}: on if given" for source in SOURCES},
}

HEAD = """\
# Upshot's settings. Copy this file to .env and fill in what you need; see docs/settings.md.
# What is empty is off, or has its default. A line that begins with # shows a default.
# (needed) says what a group cannot do without.
"""


def env_example() -> str:
    """The whole file."""
    parts = [HEAD]
    for group, fields in groupby(variables(), key=lambda item: group_of(item[0])):
        lines = [line for name, field in fields for line in _lines(name, field)]
        parts.append("\n".join((f"# --- {GROUPS[group]} ---", *lines, "")))
    return "\n".join(parts)


def group_of(name: str) -> str:
    """The part of a variable's name that says what it belongs to."""
    group, separator, _ = name.removeprefix(PREFIX).partition("__")
    return group if separator else ""


def default_of(field: FieldInfo) -> str:
    """The default as it is written in a variable, empty where there is none."""
    match field.get_default():
        case str() | int() | float() | Decimal() | Path() as value if not field.is_required():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case tuple() as values if values:
            return json.dumps(list[Any](values))
        case _:
            return ""


def _lines(name: str, field: FieldInfo) -> Iterator[str]:
    default = default_of(field)
    needed = " (needed)" if field.is_required() else ""
    yield f"# {field.description}{needed}"
    yield f"#{name}={default}" if default else f"{name}="


if __name__ == "__main__":
    sys.stdout.write(env_example())
