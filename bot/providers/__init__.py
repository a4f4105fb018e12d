"""Every AI provider that can be read, one module or package each; one line here turns it on."""

from __future__ import annotations

from bot.ports import UsageProvider
from bot.providers.anthropic import Anthropic
from bot.providers.bedrock import Bedrock
from bot.providers.chatgpt import ChatGPT
from bot.providers.copilot import Copilot
from bot.providers.cursor import Cursor
from bot.providers.devin import Devin
from bot.providers.focus import Focus
from bot.providers.gemini_code_assist import GeminiCodeAssist
from bot.providers.google_cloud import GoogleCloud
from bot.providers.kiro import Kiro
from bot.providers.langfuse import Langfuse
from bot.providers.litellm import LiteLLM
from bot.providers.openai import OpenAI
from bot.providers.openrouter import OpenRouter
from bot.providers.windsurf import Windsurf

PROVIDERS: tuple[type[UsageProvider], ...] = (
    Anthropic,
    OpenAI,
    ChatGPT,
    Copilot,
    Cursor,
    Kiro,
    Bedrock,
    LiteLLM,
    OpenRouter,
    Langfuse,
    GeminiCodeAssist,
    GoogleCloud,
    Devin,
    Windsurf,
    Focus,
)
