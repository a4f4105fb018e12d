"""The made-up world round the real bot: a Slack, AI providers and a repository, all local."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import PydanticBaseSettingsSource

from bot.ingest import Config as IngestConfig
from bot.outcomes.confluence import Config as ConfluenceConfig
from bot.outcomes.git import Config as GitConfig
from bot.outcomes.jira import Config as JiraConfig
from bot.outcomes.zendesk import Config as ZendeskConfig
from bot.playground.company import OFFERS, Company, Tool, write_repository
from bot.playground.company.people import DirectoryEntry, Employee
from bot.playground.elsewhere import Elsewhere, SharedClock, Urls, served_elsewhere
from bot.playground.in_house import INGEST_TOKEN
from bot.playground.providers import ANTHROPIC_ADMIN_KEY, OPENAI_ADMIN_KEY, kiro
from bot.playground.providers.copilot import ENTERPRISE, GITHUB_TOKEN
from bot.playground.providers.cursor import CURSOR_KEY
from bot.playground.providers.litellm import LITELLM_KEY
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.stand_in import BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.playground.systems.atlassian import READER_EMAIL, READER_TOKEN, SITE
from bot.playground.systems.zendesk import ADMIN_EMAIL, API_TOKEN
from bot.providers.anthropic import Config as AnthropicConfig
from bot.providers.copilot import Config as CopilotConfig
from bot.providers.cursor import Config as CursorConfig
from bot.providers.kiro import Config as KiroConfig
from bot.providers.litellm import Config as LiteLLMConfig
from bot.providers.openai import Config as OpenAIConfig
from bot.settings import Delivery, Settings
from bot.slack.config import Config as SlackConfig

SENDS_PER_MINUTE = 100_000
DAYS_READ_AGAIN = 2
"""What is told late here is told within a day."""


class WorldSettings(Settings):
    """Settings that come from the made-up world alone, whatever the environment says."""

    @classmethod
    def settings_customise_sources(
        cls, *_sources: Any, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (named["init_settings"],)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    company: Company
    slack: SlackStandIn
    settings: Settings
    elsewhere: Elsewhere

    def heed(self, person: str, rule: str, today: date) -> bool:
        """Whether *person* takes up a tip that came *today*."""
        is_heeded = self.company.heed(person, rule, today)
        if is_heeded:
            self.elsewhere.heed(person, rule, today)
        return is_heeded

    @property
    def admin(self) -> str:
        return self.settings.admins[0]


@contextmanager
def open_world(company: Company, folder: Path, clock: SharedClock, *, port: int) -> Iterator[World]:
    """The stand-ins, serving on loopback; *port* is the bot's own."""
    write_repository(company, folder / "company.git")
    _write_teams(company, folder / "teams.csv")
    slack = SlackStandIn(team_name="Acme", users=_users(company), channels=_channels(company))
    with ExitStack() as stack:
        stack.enter_context(slack.serving())
        elsewhere = stack.enter_context(served_elsewhere(company, clock))
        urls = elsewhere.urls
        settings = WorldSettings(
            data_dir=folder / "data",
            admins=(company.employees[0].slack_id,),
            teams_file=folder / "teams.csv",
            backfill_days=7,
            port=port,
            delivery=Delivery(per_minute=SENDS_PER_MINUTE, settle_seconds=1),
            slack=SlackConfig(
                bot_token=SecretStr(BOT_TOKEN),
                signing_secret=SecretStr(SIGNING_SECRET),
                api_url=slack.api_url,
            ),
            **_providers(urls),
            **_systems_of_record(urls, folder),
        )
        yield World(company=company, slack=slack, settings=settings, elsewhere=elsewhere)


def _providers(urls: Urls) -> dict[str, Any]:
    return {
        "anthropic": AnthropicConfig(
            admin_key=SecretStr(ANTHROPIC_ADMIN_KEY), base_url=urls.anthropic
        ),
        "openai": OpenAIConfig(admin_key=SecretStr(OPENAI_ADMIN_KEY), base_url=f"{urls.openai}/v1"),
        "copilot": CopilotConfig(
            token=SecretStr(GITHUB_TOKEN),
            enterprise=ENTERPRISE,
            base_url=urls.copilot,
            seat_price_usd_month=_seat_price("copilot"),
        ),
        "cursor": CursorConfig(
            api_key=SecretStr(CURSOR_KEY),
            base_url=urls.cursor,
            seat_price_usd_month=_seat_price("cursor"),
        ),
        "kiro": KiroConfig(
            location=f"s3://{kiro.BUCKET}/{kiro.PREFIX}",
            region=kiro.REGION,
            endpoint_url=urls.s3,
            access_key_id=SecretStr(kiro.ACCESS_KEY),
            secret_access_key=SecretStr(kiro.SECRET_KEY),
            tier_prices_usd_month={"PRO": _seat_price("kiro")},
            identity_store_id=urls.identity_store,
        ),
        "litellm": LiteLLMConfig(admin_key=SecretStr(LITELLM_KEY), base_url=urls.litellm),
        "ingest": IngestConfig(token=SecretStr(INGEST_TOKEN)),
    }


def _systems_of_record(urls: Urls, folder: Path) -> dict[str, Any]:
    return {
        "git": GitConfig(repositories=(str(folder / "company.git"),)),
        "jira": JiraConfig(
            base_url=urls.jira,
            site_url=SITE,
            email=READER_EMAIL,
            api_token=SecretStr(READER_TOKEN),
            repull_days=DAYS_READ_AGAIN,
        ),
        "confluence": ConfluenceConfig(
            base_url=urls.confluence,
            email=READER_EMAIL,
            api_token=SecretStr(READER_TOKEN),
            repull_days=DAYS_READ_AGAIN,
        ),
        "zendesk": ZendeskConfig(
            base_url=urls.zendesk,
            email=ADMIN_EMAIL,
            api_token=SecretStr(API_TOKEN),
            repull_days=DAYS_READ_AGAIN,
        ),
    }


def _seat_price(tool: Tool) -> Decimal:
    return Decimal(OFFERS[tool].seat_dollars_a_month or 0)


def _users(company: Company) -> list[SlackUser]:
    return [_user(entry) for entry in company.directory]


def _user(entry: DirectoryEntry) -> SlackUser:
    return SlackUser(
        id=entry.slack_id,
        name=entry.handle,
        real_name=entry.name,
        email=entry.email,
        time_zone=entry.time_zone,
        locale=entry.locale,
        is_bot=entry.kind == "bot",
        deleted=entry.kind == "deactivated",
        is_restricted=entry.kind == "guest",
        is_stranger=entry.kind == "external",
        team_id="T0ELSEWHERE" if entry.kind == "external" else None,
    )


def _channels(company: Company) -> list[SlackChannel]:
    return [
        SlackChannel(id=team.channel_id, name=team.channel_name, members=team.members)
        for team in company.teams
    ]


def _write_teams(company: Company, path: Path) -> None:
    people = company.people
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("team", "channel", "time_zone", "email", "role"))
        for team in company.teams:
            manager = people[team.manager]
            for member in (people[slack_id] for slack_id in team.members):
                rows.writerow(_row(team.name, team.channel_id, manager, member, "member"))
            rows.writerow(_row(team.name, team.channel_id, manager, manager, "manager"))


def _row(
    team: str, channel: str, manager: Employee, person: Employee, role: str
) -> tuple[str, ...]:
    return (team, channel, manager.time_zone, person.email, role)
