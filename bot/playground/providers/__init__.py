"""Local stand-ins of the providers' admin HTTP APIs."""

from bot.playground.providers.anthropic import (
    ANALYTICS_BETA,
    ANTHROPIC_ADMIN_KEY,
    ANTHROPIC_WORK_KEY,
    anthropic_app,
)
from bot.playground.providers.faults import Faults
from bot.playground.providers.openai import OPENAI_ADMIN_KEY, OPENAI_PROJECT_KEY, openai_app

__all__ = [
    "ANALYTICS_BETA",
    "ANTHROPIC_ADMIN_KEY",
    "ANTHROPIC_WORK_KEY",
    "OPENAI_ADMIN_KEY",
    "OPENAI_PROJECT_KEY",
    "Faults",
    "anthropic_app",
    "openai_app",
]
