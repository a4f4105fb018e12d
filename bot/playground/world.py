"""The made-up world round the real bot: a Slack, AI providers and a repository, all local."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import PydanticBaseSettingsSource

from bot.playground.company import Company, Repository
from bot.playground.connecting import connections
from bot.playground.elsewhere import Elsewhere, SharedClock, served_elsewhere
from bot.playground.roster import admin_of, channels_of, groups_of, users_of, write_teams
from bot.playground.slack.stand_in import BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.playground.sources import ALL
from bot.settings import Delivery, Settings
from bot.slack.config import Config as SlackConfig

SENDS_PER_MINUTE = 100_000
DAYS_WITHOUT_HISTORY = 7
"""The bot may come in mid-week."""
REPOSITORY, TEAMS = "company.git", "teams.csv"
SECRET = "as in every other playground: made-up teams have no secrets"
"""So that the same wishes show the same figures of teams, noise and all."""


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
    repository: Repository | None
    sources: frozenset[str]

    def advance(self, now: datetime) -> None:
        """Let there be in files what is there at *now*: changes that are merged, and reports."""
        if self.repository is not None:
            self.repository.grow(now)
        self.elsewhere.grow(now)

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
def open_world(
    company: Company,
    folder: Path,
    clock: SharedClock,
    *,
    port: int,
    sources: frozenset[str] = ALL,
) -> Iterator[World]:
    """The stand-ins of *sources*, serving on loopback; *port* is the bot's own.

    It is as things are at the time of *clock*: whoever moves that says so by ``World.advance``.
    """
    repository = Repository(company, folder / REPOSITORY) if "git" in sources else None
    write_teams(company, folder / TEAMS)
    slack = SlackStandIn(
        team_name="Acme",
        users=users_of(company),
        channels=channels_of(company),
        user_groups=groups_of(company),
        calendar=clock.now,
    )
    with ExitStack() as stack:
        stack.enter_context(slack.serving())
        elsewhere = stack.enter_context(served_elsewhere(company, clock, sources))
        world = World(
            company=company,
            slack=slack,
            settings=_settings(company, folder, slack, elsewhere.urls, port, sources),
            elsewhere=elsewhere,
            repository=repository,
            sources=sources,
        )
        world.advance(clock.now())
        yield world


def _settings(
    company: Company,
    folder: Path,
    slack: SlackStandIn,
    urls: Mapping[str, str],
    port: int,
    sources: frozenset[str],
) -> Settings:
    history = (company.installed_on - company.start).days
    return WorldSettings(
        data_dir=folder / "data",
        secret=SecretStr(SECRET),
        admins=(admin_of(company),),
        teams_file=folder / TEAMS,
        backfill_days=history or DAYS_WITHOUT_HISTORY,
        port=port,
        delivery=Delivery(per_minute=SENDS_PER_MINUTE, settle_seconds=1),
        slack=SlackConfig(
            bot_token=SecretStr(BOT_TOKEN),
            signing_secret=SecretStr(SIGNING_SECRET),
            api_url=slack.api_url,
        ),
        **connections(urls, folder / REPOSITORY, sources),
    )
