"""The jobs. Each is a few lines around a use case, and may run twice, late or never."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from procrastinate import App

from bot.blocks.budget import render_budget_note
from bot.blocks.digest import render_digest
from bot.blocks.nudge import render_nudge
from bot.blocks.team import render_team_summary
from bot.blocks.team_budget import render_team_budget
from bot.blocks.welcome import render_welcome
from bot.domain.cadences import period_of
from bot.domain.coaching.budget import BudgetNote
from bot.domain.coaching.nudges import Nudge
from bot.domain.commands import CommandNames
from bot.domain.digest import Digest
from bot.domain.messages import Message
from bot.domain.night import Night, SettleAssertions, WatchToday
from bot.domain.people import Person, PersonId
from bot.domain.periods import IsoWeek
from bot.domain.preferences import Cadence
from bot.domain.team_report import TeamReport
from bot.errors import SettingsError, SourceError
from bot.language import Language
from bot.language.catalogues import language_of
from bot.ports import (
    AdministrationStore,
    Clock,
    HealthStore,
    OutcomeSource,
    TeamStore,
    UsageProvider,
)
from bot.services.collect import Collector
from bot.services.deliver import Sender
from bot.services.digests import Digests
from bot.services.releases import Releases
from bot.services.summaries import Summaries, TeamWording
from bot.services.watching import Watcher, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the jobs are made of; ``sync_directory`` and ``sender`` need Slack."""

    clock: Clock
    collector: Collector
    digests: Digests
    releases: Releases
    summaries: Summaries
    watcher: Watcher
    health: HealthStore
    teams: TeamStore
    administration: AdministrationStore
    providers: dict[str, UsageProvider]
    sources: dict[str, OutcomeSource]
    names: CommandNames
    language: Language
    sync_directory: Callable[[], Awaitable[int]] | None
    sender: Sender | None
    settle_assertions: Callable[[], Awaitable[object]] | None = None
    retention: Callable[[], Awaitable[object]] | None = None

    async def finish(self, step: str) -> None:
        now = self.clock.now()
        await self.health.finish_step(step, Night.at(now).day, now)


async def collect_day(parts: Parts, *, provider: str, day: str) -> None:
    asked = parts.providers[provider]
    if not await parts.collector.is_left_alone(asked):
        await parts.collector.collect_day(asked, date.fromisoformat(day))


async def collect_outcomes(parts: Parts, *, source: str) -> None:
    await parts.collector.collect_outcomes(parts.sources[source])
    await parts.finish(f"outcomes {source}")


async def sync_directory(parts: Parts) -> None:
    if parts.sync_directory is not None:
        await parts.sync_directory()
        await parts.finish("directory")


async def settle_outcomes(parts: Parts) -> None:
    await parts.collector.settle()
    await parts.finish("settle")


async def plan_welcomes(parts: Parts) -> None:
    await parts.digests.plan_welcomes(
        lambda reader: render_welcome(_spoken_by(reader), parts.names)
    )


async def plan_digests(parts: Parts, *, cadence: str, first_day: str, people: list[int]) -> None:
    thresholds = await parts.administration.thresholds(parts.clock.now().date())

    wished = Cadence(cadence)

    def render(reader: Person, digest: Digest) -> Message:
        return render_digest(
            _spoken_by(reader), digest, settle_days=thresholds["settle_days"], cadence=wished
        )

    period = period_of(wished, date.fromisoformat(first_day))
    await parts.digests.plan_period(wished, period, list(map(PersonId, people)), render)


async def watch(parts: Parts, *, through: str, people: list[int]) -> None:
    last = date.fromisoformat(through)
    await parts.watcher.watch(list(map(PersonId, people)), last, _notes())


async def watch_today(parts: Parts, *, hour: int) -> None:
    await parts.watcher.watch_today(_notes())
    await parts.finish(WatchToday(hour).step)


async def release_week(parts: Parts, *, monday: str) -> None:
    await parts.releases.release_week(IsoWeek.of(date.fromisoformat(monday)))


async def tell_team(parts: Parts, *, team: int, monday: str) -> None:
    week = IsoWeek.of(date.fromisoformat(monday))
    for known in await parts.teams.of_week(week):
        if known.id == team:
            await parts.summaries.tell(known, week, _to_teams(parts))


async def settle_assertions(parts: Parts, *, hour: int) -> None:
    if parts.settle_assertions is not None:
        await parts.settle_assertions()
    await parts.finish(SettleAssertions(hour).step)


async def retain(parts: Parts) -> None:
    if parts.retention is not None:
        await parts.retention()
    await parts.finish("retain")


async def deliver(parts: Parts) -> None:
    if parts.sender is not None:
        await parts.sender.send_due()


TASKS = (
    collect_day,
    collect_outcomes,
    sync_directory,
    settle_outcomes,
    plan_welcomes,
    plan_digests,
    watch,
    watch_today,
    release_week,
    tell_team,
    settle_assertions,
    retain,
    deliver,
)


def _spoken_by(reader: Person) -> Language:
    return language_of(reader.locale, reader.time_zone)


def _notes() -> Wording:
    def nudge(reader: Person, found: Nudge) -> Message:
        return render_nudge(_spoken_by(reader), found)

    def budget(reader: Person, note: BudgetNote) -> Message:
        return render_budget_note(_spoken_by(reader), note)

    return Wording(nudge=nudge, budget=budget)


def _to_teams(parts: Parts) -> TeamWording:
    def summary(report: TeamReport) -> Message:
        return render_team_summary(parts.language, report, parts.names)

    return TeamWording(summary=summary, budget=partial(render_team_budget, parts.language))


def register(queue: App, parts: Parts) -> None:
    """Make the jobs known to *queue* by their names."""
    for task in TASKS:
        queue.task(name=task.__name__)(_job(task, parts))


def _job(task: Callable[..., Awaitable[None]], parts: Parts) -> Callable[..., Awaitable[None]]:
    async def job(**arguments: object) -> None:
        try:
            await task(parts, **arguments)
        except (SourceError, SettingsError):
            # It is written down with the source's health, and the clock plans it again.
            return

    return job
