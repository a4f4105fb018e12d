"""The settings, read once from the environment. What is not given is off."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as SourceParseError

from bot.domain.commands import CommandNames
from bot.domain.tiers import TierRules
from bot.errors import SettingsError
from bot.ingest import Config as IngestConfig
from bot.outcomes.asana import Config as AsanaConfig
from bot.outcomes.confluence import Config as ConfluenceConfig
from bot.outcomes.git import Config as GitConfig
from bot.outcomes.github import Config as GitHubConfig
from bot.outcomes.gitlab import Config as GitLabConfig
from bot.outcomes.jira import Config as JiraConfig
from bot.outcomes.linear import Config as LinearConfig
from bot.outcomes.salesforce import Config as SalesforceConfig
from bot.outcomes.servicenow import Config as ServiceNowConfig
from bot.outcomes.zendesk import Config as ZendeskConfig
from bot.providers.anthropic import Config as AnthropicConfig
from bot.providers.bedrock import Config as BedrockConfig
from bot.providers.chatgpt import Config as ChatGPTConfig
from bot.providers.copilot import Config as CopilotConfig
from bot.providers.cursor import Config as CursorConfig
from bot.providers.devin import Config as DevinConfig
from bot.providers.focus import Config as FocusConfig
from bot.providers.gemini_code_assist import Config as GeminiCodeAssistConfig
from bot.providers.google_cloud import Config as GoogleCloudConfig
from bot.providers.kiro import Config as KiroConfig
from bot.providers.langfuse import Config as LangfuseConfig
from bot.providers.litellm import Config as LiteLLMConfig
from bot.providers.openai import Config as OpenAIConfig
from bot.providers.openrouter import Config as OpenRouterConfig
from bot.providers.windsurf import Config as WindsurfConfig
from bot.slack.config import Config as SlackConfig
from bot.telemetry import Config as TelemetryConfig

PREFIX = "UPSHOT_"
_COMMAND = r"^/[a-z0-9_-]{1,31}$"


class Delivery(BaseModel):
    """How messages are sent; seconds are real time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_minute: int = Field(
        default=200, ge=1, le=100_000, description="messages a minute that Slack is sent at most"
    )
    lease_seconds: float = Field(
        default=120, gt=0, description="after so long an attempt counts as cut off"
    )
    settle_seconds: float = Field(
        default=120,
        ge=0,
        description="how long to wait before looking for a message that may have arrived",
    )


class Commands(BaseModel):
    """The slash commands' names, which have to be free in your workspace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usage: str = Field(
        default="/myusage", pattern=_COMMAND, description="the command for one's own figures"
    )
    team: str = Field(
        default="/teamusage", pattern=_COMMAND, description="the command for released team figures"
    )
    admin: str = Field(
        default="/usageadmin", pattern=_COMMAND, description="the command for settings and health"
    )

    @property
    def names(self) -> CommandNames:
        return CommandNames(usage=self.usage, team=self.team, admin=self.admin)


class Tiers(BaseModel):
    """What is listed as production, and what as exploration, before a person says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    production: tuple[str, ...] = Field(
        default=(),
        description="a JSON list of projects, keys and products as SOURCE:NAME; * is anything",
    )
    exploration: tuple[str, ...] = Field(
        default=(), description="the same for sandboxes, such as github:acme/sandbox-*"
    )

    @field_validator("production", "exploration")
    @classmethod
    def _say_where(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            source, separator, name = pattern.partition(":")
            if not (separator and source.strip("*") and name.strip()):
                raise ValueError("each is written as SOURCE:NAME, such as github:acme/payments")
        return patterns

    @property
    def rules(self) -> TierRules:
        return TierRules(production=self.production, exploration=self.exploration)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    language: str = Field(
        default="en-US",
        description="what channels are told in (en-US, en-GB, de-DE, es-ES); people read their own",
    )
    database_url: SecretStr | None = Field(
        default=None, description="any PostgreSQL from 16 on; empty: one in the data folder"
    )
    database_owner_url: SecretStr | None = Field(
        default=None, description="the same database as the role that owns and migrates the tables"
    )
    secret: SecretStr | None = Field(
        default=None,
        description="at least 16 characters that key the noise of team figures and the seals of"
        " the ledger; the same for all processes, never changed; empty: a file in the data folder",
    )
    claimed_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="the mail domains that are your company's, with commas: only such addresses"
        " link an account to somebody",
    )
    agreement_file: Path | None = Field(
        default=None,
        description="TOML with settings fixed by agreement, which admins cannot weaken",
    )
    data_dir: Path = Field(
        default=Path("data"), description="where the embedded database and the clones are kept"
    )
    admins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="the first admins' Slack user ids, with commas between them"
    )
    teams_file: Path | None = Field(
        default=None, description="CSV with the columns team, channel, time_zone, email, role"
    )
    prices_file: Path | None = Field(
        default=None, description="TOML with prices of your own, which come before list prices"
    )
    backfill_days: int = Field(
        default=91, ge=1, le=365, description="how many days back a new provider is asked for"
    )
    host: str = Field(default="127.0.0.1", description="the address that the web process binds to")
    port: int = Field(
        default=3000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("UPSHOT_PORT", "PORT"),
        description="its port; PORT is honoured too",
    )
    commands: Commands = Commands()
    delivery: Delivery = Delivery()
    tiers: Tiers = Tiers()
    slack: SlackConfig | None = None
    anthropic: AnthropicConfig | None = None
    openai: OpenAIConfig | None = None
    chatgpt: ChatGPTConfig | None = None
    copilot: CopilotConfig | None = None
    cursor: CursorConfig | None = None
    kiro: KiroConfig | None = None
    bedrock: BedrockConfig | None = None
    litellm: LiteLLMConfig | None = None
    openrouter: OpenRouterConfig | None = None
    langfuse: LangfuseConfig | None = None
    gemini_code_assist: GeminiCodeAssistConfig | None = None
    google_cloud: GoogleCloudConfig | None = None
    devin: DevinConfig | None = None
    windsurf: WindsurfConfig | None = None
    focus: FocusConfig | None = None
    ingest: IngestConfig | None = None
    otlp: TelemetryConfig | None = None
    git: GitConfig | None = None
    github: GitHubConfig | None = None
    gitlab: GitLabConfig | None = None
    jira: JiraConfig | None = None
    linear: LinearConfig | None = None
    asana: AsanaConfig | None = None
    zendesk: ZendeskConfig | None = None
    servicenow: ServiceNowConfig | None = None
    salesforce: SalesforceConfig | None = None
    confluence: ConfluenceConfig | None = None

    @field_validator("admins", "claimed_domains", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return tuple(json.loads(value))
        return tuple(part.strip() for part in value.split(",") if part.strip())


def read_settings(
    environ: Mapping[str, str] | None = None, *, needs: tuple[str, ...] = ()
) -> Settings:
    """Settings from the environment; raises ``SettingsError`` with every mistake, by name.

    *needs* are the groups that the caller cannot do without, such as ``slack``.
    """
    given = {**_in_env_file(), **os.environ} if environ is None else environ
    mistakes = [*_unknown(given), *_not_lists(given)]
    try:
        settings = Settings()
    except ValidationError as error:
        found = (_mistake(entry) for entry in error.errors(include_input=False))
        told = {_name_in(mistake) for mistake in mistakes}
        mistakes += [mistake for mistake in found if _name_in(mistake) not in told]
    except SourceParseError:
        if not mistakes:
            raise
    else:
        mistakes += [_missing(group) for group in needs if getattr(settings, group, None) is None]
        if not mistakes:
            return settings
    raise SettingsError("These settings are wrong:\n" + "\n".join(f"  {m}" for m in mistakes))


def variables(
    model: type[BaseModel] = Settings, prefix: str = PREFIX
) -> Iterator[tuple[str, FieldInfo]]:
    """The name of every variable there is, and the field that it sets."""
    for name, field in model.model_fields.items():
        nested = _model_in(field.annotation)
        if nested is None:
            yield prefix + name.upper(), field
        else:
            yield from variables(nested, f"{prefix}{name.upper()}__")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    candidates = (annotation, *get_args(annotation))
    models = [c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)]
    return models[0] if models else None


def _in_env_file() -> dict[str, str]:
    found = DotEnvSettingsSource(Settings).env_vars
    return {name.upper(): value for name, value in found.items() if value is not None}


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = {name for name, _ in variables()} | set(KNOWN_ELSEWHERE)
    ours = sorted(name.upper() for name in given if name.upper().startswith(PREFIX))
    return [f"{name}: there is no such setting" for name in ours if name not in known]


def _missing(group: str) -> str:
    prefix = f"{PREFIX}{group.upper()}__"
    required = [
        name for name, field in variables() if name.startswith(prefix) and field.is_required()
    ]
    if not required:
        return f"{prefix}…: there is no source of this name"
    return f"{', '.join(required)}: needed for this, and not given"


def _not_lists(given: Mapping[str, str]) -> list[str]:
    lists = [
        name
        for name, field in variables()
        if get_origin(field.annotation) is tuple and NoDecode not in field.metadata
    ]
    return [
        f'{name}: a list is written as JSON, like ["one", "two"]'
        for name in lists
        if given.get(name) and not _is_list(given[name])
    ]


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False


KNOWN_ELSEWHERE = (
    "UPSHOT_REQUIRE_ALL",
    "UPSHOT_SOAK",
    "UPSHOT_TEST_DATABASE_URL",
    "UPSHOT_TEST_POSTGRES",
)
"""Variables of the test suite, which may be set when it starts the bot."""


def _name_in(mistake: str) -> str:
    return mistake.partition(":")[0]


def _mistake(entry: Any) -> str:
    path = [str(part) for part in entry["loc"]]
    name = path[0] if path and path[0].startswith(PREFIX) else PREFIX + "__".join(path).upper()
    reason = "is missing" if entry["type"] == "missing" else entry["msg"]
    return f"{name}: {reason}"
