"""The world round a bot that may be killed: Slack, the providers and a company, on this side."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.blocks.delivery import stamp_of
from bot.domain.periods import days, midnight
from bot.playground.company import Company, make_company
from bot.playground.elsewhere import SharedClock
from bot.playground.world import World, open_world
from bot.settings import Settings
from tests.faults.bots import ROOT
from tests.faults.ledger import LEASE

ENDS = date(2026, 11, 16)
NIGHT = timedelta(hours=5, minutes=5)
HOURS_OF_MESSAGES = (6, 9, 12, 15, 18, 21)
QUICK = {
    "UPSHOT_DELIVERY__LEASE_SECONDS": f"{LEASE.total_seconds()}",
    "UPSHOT_DELIVERY__SETTLE_SECONDS": "0.2",
}
"""A delivery that was cut off is looked for after seconds instead of minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """``clock`` is what the providers think it is; a test moves it before the bots."""

    world: World
    clock: SharedClock

    @property
    def company(self) -> Company:
        return self.world.company

    def move_to(self, moment: datetime) -> None:
        """Let it be *moment* out there."""
        self.clock.move_to(moment)
        self.world.advance(moment)

    def arrived(self) -> Counter[str]:
        """How often each delivery stands in a conversation, at Slack's side."""
        slack = self.world.slack
        conversations = (
            *(slack.dms_to(person) for person in self.company.people),
            *(slack.messages_in(team.channel_id) for team in self.company.teams),
        )
        stamps = (stamp_of(message.blocks) for shelf in conversations for message in shelf)
        return Counter(stamp for stamp in stamps if stamp is not None)

    def environment(self, urls: Mapping[str, str], **more: str) -> dict[str, str]:
        """The settings of this world as the bot's process reads them."""
        return {**_basics(), **_settings(self.world.settings), **QUICK, **urls, **more}


@contextmanager
def open_outside(folder: Path, company: Company) -> Iterator[Outside]:
    folder.joinpath("data").mkdir(exist_ok=True)
    clock = SharedClock(midnight(company.start) - timedelta(days=3))
    with open_world(company, folder, clock, port=0) as world:
        yield Outside(world=world, clock=clock)


def small_company(*, people: int = 40, weeks: int = 3, seed: int = 7) -> Company:
    return make_company(people=people, weeks=weeks, seed=seed, ends=ENDS, longest_revision_days=1)


def moments(company: Company) -> Iterator[datetime]:
    """Every night, the weekend before the first week, and the days on which messages go out."""
    first = company.start - timedelta(days=2)
    for day in days(first, company.end + timedelta(days=1)):
        yield midnight(day) + NIGHT
        if day < company.start or day.weekday() in (0, 1):
            yield from (midnight(day) + timedelta(hours=hour) for hour in HOURS_OF_MESSAGES)


def _basics() -> dict[str, str]:
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "XDG_RUNTIME_DIR", "TMPDIR")
        if name in os.environ
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def _settings(settings: Settings) -> dict[str, str]:
    slack, anthropic, openai, git = (
        settings.slack,
        settings.anthropic,
        settings.openai,
        settings.git,
    )
    assert slack is not None
    assert slack.signing_secret is not None
    assert anthropic is not None
    assert openai is not None
    assert git is not None
    return {
        "UPSHOT_DATA_DIR": str(settings.data_dir),
        "UPSHOT_ADMINS": ",".join(settings.admins),
        "UPSHOT_TEAMS_FILE": str(settings.teams_file),
        "UPSHOT_BACKFILL_DAYS": str(settings.backfill_days),
        "UPSHOT_DELIVERY__PER_MINUTE": str(settings.delivery.per_minute),
        "UPSHOT_SLACK__BOT_TOKEN": slack.bot_token.get_secret_value(),
        "UPSHOT_SLACK__SIGNING_SECRET": slack.signing_secret.get_secret_value(),
        "UPSHOT_SLACK__API_URL": slack.api_url,
        "UPSHOT_ANTHROPIC__ADMIN_KEY": anthropic.admin_key.get_secret_value(),
        "UPSHOT_ANTHROPIC__BASE_URL": anthropic.base_url,
        "UPSHOT_OPENAI__ADMIN_KEY": openai.admin_key.get_secret_value(),
        "UPSHOT_OPENAI__BASE_URL": openai.base_url,
        "UPSHOT_GIT__REPOSITORIES": json.dumps(list(git.repositories)),
    }
