"""All of Upshot but the outside world, and a few people who begin to use it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.commands import CommandNames
from bot.language import ENGLISH
from bot.pricing import usual_rates
from bot.services.collect import Collector
from bot.services.deliver import Sender
from bot.services.digests import Digests
from bot.services.directory import DirectorySync
from bot.services.planning import Planner, Stores
from bot.services.price_levels import PriceLevels
from bot.services.releases import Releases
from bot.services.summaries import Summaries
from bot.services.team_news import TeamNews
from bot.services.team_upkeep import TeamUpkeep
from bot.services.watching import Watcher
from db.administration import AdministrationStore
from db.audit import AuditStore
from db.budgets import BudgetStore
from db.contributions import ContributionStore
from db.deliveries import DeliveryStore
from db.facts import FactsStore
from db.health import HealthStore
from db.ledger import LedgerStore
from db.linking import LinkStore
from db.nudges import NudgeStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.personal import PersonalStore
from db.preferences import PreferenceStore
from db.prices import PriceStore
from db.queue import JobQueue
from db.rates import RateStore
from db.team_budgets import TeamBudgetStore
from db.teams import TeamStore
from db.usage import UsageStore
from jobs import tasks
from jobs.once import run_all_due
from jobs.tick import Tick
from tests.factories import (
    make_member,
    make_message,
)
from tests.fakes import FakeDirectory, FakeMessenger, FakeProvider, FakeSource, RealTime
from tests.services.coaches import make_coach

A_DAY = timedelta(days=1)
NAMES = ("ada", "bob", "cyd", "dan", "eve", "fay")
ONE_WEEK_BEFORE = datetime(2026, 3, 14, 10, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 3, 23, 10, tzinfo=UTC)
TUESDAY_AFTER = MONDAY_AFTER + A_DAY


class NoGroups:
    async def members(self, groups):
        return dict.fromkeys(groups)


class OpenChannels:
    async def problem_of(self, channel):
        return None


class Installation:
    """All of Upshot but the outside world, which is made of fakes."""

    def __init__(self, database, queue) -> None:
        a_minute = timedelta(minutes=1)
        self.database = database
        self.queue = queue
        self.clock = SetClock(ONE_WEEK_BEFORE)
        self.real = RealTime()
        self.messenger = FakeMessenger()
        self.upkeep: Counter[str] = Counter()
        self.provider = FakeProvider()
        self.source = FakeSource()
        self.directory = FakeDirectory([make_member(name, time_zone="UTC") for name in NAMES])
        self.stores = Stores(
            usage=UsageStore(database),
            people=PeopleStore(database),
            teams=TeamStore(database),
            ledger=LedgerStore(database),
            deliveries=DeliveryStore(database, lease=a_minute, settle=a_minute),
            health=HealthStore(database),
            administration=AdministrationStore(database),
        )
        planner = Planner(
            stores=self.stores,
            providers=(self.provider,),
            sources=(self.source,),
            clock=self.clock,
            real_now=self.real.now,
            backfill_days=14,
            has_slack=True,
        )
        self.tick = Tick(
            planner=planner,
            queue=JobQueue(queue, database),
            health=self.stores.health,
            clock=self.clock,
        )
        tasks.register(queue, self._parts())

    def _parts(self) -> tasks.Parts:
        stores, clock, real_now = self.stores, self.clock, self.real.now
        return tasks.Parts(
            clock=clock,
            collector=Collector(
                usage=stores.usage,
                outcomes=OutcomeStore(self.database),
                links=LinkStore(self.database),
                prices=PriceLevels(store=PriceStore(self.database), rates=usual_rates),
                people=stores.people,
                administration=stores.administration,
                health=stores.health,
                clock=clock,
                real_now=real_now,
            ),
            digests=Digests(
                people=stores.people,
                personal=PersonalStore(self.database),
                deliveries=stores.deliveries,
                administration=stores.administration,
                preferences=PreferenceStore(self.database),
                coach=make_coach(self.database, clock),
                clock=clock,
                sources=frozenset({"anthropic", "git"}),
            ),
            releases=Releases(
                contributions=ContributionStore(self.database),
                ledger=stores.ledger,
                teams=stores.teams,
                administration=stores.administration,
                key=self.database.key,
                clock=clock,
            ),
            summaries=Summaries(
                teams=stores.teams,
                ledger=stores.ledger,
                budgets=TeamBudgetStore(self.database),
                deliveries=stores.deliveries,
                administration=stores.administration,
                clock=clock,
            ),
            watcher=Watcher(
                people=stores.people,
                personal=PersonalStore(self.database),
                facts=FactsStore(self.database),
                preferences=PreferenceStore(self.database),
                nudges=NudgeStore(self.database),
                budgets=BudgetStore(self.database),
                deliveries=stores.deliveries,
                administration=stores.administration,
                clock=clock,
                rates=usual_rates,
                sources=frozenset({"anthropic", "git"}),
                work_sources=frozenset({"git"}),
            ),
            health=stores.health,
            teams=stores.teams,
            administration=stores.administration,
            providers={"anthropic": self.provider},
            sources={"git": self.source},
            names=CommandNames(),
            language=ENGLISH,
            sync_directory=DirectorySync(
                directory=self.directory,
                people=stores.people,
                upkeep=self._upkeep(),
                health=stores.health,
                clock=clock,
                real_now=real_now,
            ).run,
            sender=Sender(
                deliveries=stores.deliveries,
                messenger=self.messenger,
                rate=RateStore(self.database, "chat.postMessage", 6000),
                clock=clock,
                real_now=real_now,
                sleep=self.real.sleep,
            ),
            settle_assertions=self._count("assertions"),
            retention=self._count("retention"),
        )

    def _upkeep(self) -> TeamUpkeep:
        audit = AuditStore(self.database)
        return TeamUpkeep(
            teams=self.stores.teams,
            teams_file=None,
            groups=NoGroups(),
            channels=OpenChannels(),
            audit=audit,
            news=TeamNews(
                teams=self.stores.teams,
                deliveries=self.stores.deliveries,
                audit=audit,
                clock=self.clock,
                render_changed=lambda _: make_message(),
                render_ended=lambda _: make_message(),
            ),
            clock=self.clock,
        )

    def _count(self, step: str):
        async def count() -> None:
            self.upkeep[step] += 1

        return count

    async def live_through(self, moment: datetime) -> int:
        self.clock.move_to(moment)
        return await run_all_due(self.queue, self.tick)

    async def deliveries(self) -> dict[tuple[str, str], str]:
        async with self.database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT channel, kind, state FROM deliveries"))
            return {(channel, kind): state for channel, kind, state in rows}
