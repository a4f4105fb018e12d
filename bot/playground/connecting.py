"""The addresses and keys by which the bot reads the sources of the made-up company."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from bot.ingest import Config as IngestConfig
from bot.outcomes.confluence import Config as ConfluenceConfig
from bot.outcomes.git import Config as GitConfig
from bot.outcomes.jira import Config as JiraConfig
from bot.outcomes.zendesk import Config as ZendeskConfig
from bot.playground.company import OFFERS, Tool
from bot.playground.in_house import INGEST_TOKEN
from bot.playground.providers import ANTHROPIC_ADMIN_KEY, OPENAI_ADMIN_KEY, kiro
from bot.playground.providers.copilot import ENTERPRISE, GITHUB_TOKEN
from bot.playground.providers.cursor import CURSOR_KEY
from bot.playground.providers.litellm import LITELLM_KEY
from bot.playground.systems.atlassian import READER_EMAIL, READER_TOKEN, SITE
from bot.playground.systems.zendesk import ADMIN_EMAIL, API_TOKEN
from bot.providers.anthropic import Config as AnthropicConfig
from bot.providers.copilot import Config as CopilotConfig
from bot.providers.cursor import Config as CursorConfig
from bot.providers.kiro import Config as KiroConfig
from bot.providers.litellm import Config as LiteLLMConfig
from bot.providers.openai import Config as OpenAIConfig

DAYS_READ_AGAIN = 2
"""What is told late here is told within a day."""
SETTING = {"in_house": "ingest"}
"""Where the settings call a source otherwise."""


def connections(
    urls: Mapping[str, str], repository: Path, sources: Collection[str]
) -> dict[str, Any]:
    """The settings of *sources*, which answer at *urls*."""
    made = {**_providers(urls), **_systems_of_record(urls, repository)}
    return {SETTING.get(name, name): make() for name, make in made.items() if name in sources}


def _providers(urls: Mapping[str, str]) -> dict[str, Callable[[], BaseModel]]:
    return {
        "anthropic": lambda: AnthropicConfig(
            admin_key=SecretStr(ANTHROPIC_ADMIN_KEY), base_url=urls["anthropic"]
        ),
        "openai": lambda: OpenAIConfig(
            admin_key=SecretStr(OPENAI_ADMIN_KEY), base_url=f"{urls['openai']}/v1"
        ),
        "copilot": lambda: CopilotConfig(
            token=SecretStr(GITHUB_TOKEN),
            enterprise=ENTERPRISE,
            base_url=urls["copilot"],
            seat_price_usd_month=_seat_price("copilot"),
        ),
        "cursor": lambda: CursorConfig(
            api_key=SecretStr(CURSOR_KEY),
            base_url=urls["cursor"],
            seat_price_usd_month=_seat_price("cursor"),
        ),
        "kiro": lambda: KiroConfig(
            location=f"s3://{kiro.BUCKET}/{kiro.PREFIX}",
            region=kiro.REGION,
            endpoint_url=urls["kiro"],
            access_key_id=SecretStr(kiro.ACCESS_KEY),
            secret_access_key=SecretStr(kiro.SECRET_KEY),
            tier_prices_usd_month={"PRO": _seat_price("kiro")},
            identity_store_id=kiro.STORE,
        ),
        "litellm": lambda: LiteLLMConfig(
            admin_key=SecretStr(LITELLM_KEY), base_url=urls["litellm"]
        ),
        "in_house": lambda: IngestConfig(token=SecretStr(INGEST_TOKEN)),
    }


def _systems_of_record(
    urls: Mapping[str, str], repository: Path
) -> dict[str, Callable[[], BaseModel]]:
    return {
        "git": lambda: GitConfig(repositories=(str(repository),)),
        "jira": lambda: JiraConfig(
            base_url=urls["jira"],
            site_url=SITE,
            email=READER_EMAIL,
            api_token=SecretStr(READER_TOKEN),
            repull_days=DAYS_READ_AGAIN,
        ),
        "confluence": lambda: ConfluenceConfig(
            base_url=urls["confluence"],
            email=READER_EMAIL,
            api_token=SecretStr(READER_TOKEN),
            repull_days=DAYS_READ_AGAIN,
        ),
        "zendesk": lambda: ZendeskConfig(
            base_url=urls["zendesk"],
            email=ADMIN_EMAIL,
            api_token=SecretStr(API_TOKEN),
            repull_days=DAYS_READ_AGAIN,
        ),
    }


def _seat_price(tool: Tool) -> Decimal:
    return Decimal(OFFERS[tool].seat_dollars_a_month or 0)
