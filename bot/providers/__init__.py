"""Every AI provider that can be read, one module or package each; one line here turns it on."""

from __future__ import annotations

from bot.ports import UsageProvider
from bot.providers.anthropic import Anthropic
from bot.providers.openai import OpenAI

PROVIDERS: tuple[type[UsageProvider], ...] = (Anthropic, OpenAI)
