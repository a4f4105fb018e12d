"""The composition root: builds the parts from the settings and hands them to one another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from procrastinate import App as ProcrastinateApp

import jobs.tasks
from bot.agreement import read_agreement
from bot.coaching_side import coaching_side
from bot.database import DatabaseUrls
from bot.domain.health import DIRECTORY
from bot.http import Retry, real_now
from bot.language.catalogues import language_of
from bot.ports import Clock
from bot.pricing import usual_rates
from bot.secret import read_key
from bot.services.administration import Administration
from bot.services.auditing import Auditing
from bot.services.collect import Collector
from bot.services.digests import Digests
from bot.services.identities import Identities
from bot.services.outcomes import Outcomes
from bot.services.planning import Planner, Stores
from bot.services.price_levels import PriceLevels
from bot.services.receive import Receiver
from bot.services.releases import Releases
from bot.services.retention import Retention
from bot.services.rights import Rights
from bot.services.summaries import Summaries
from bot.services.watching import Watcher
from bot.settings import Settings
from bot.slack_side import SlackSide, open_slack
from bot.sources import Sources, open_sources
from bot.weaknesses import of_settings
from db.account_store import AccountStore
from db.administration import AdministrationStore
from db.audit import CHAIN as AUDIT
from db.audit import AuditStore
from db.contributions import ContributionStore
from db.database import Database, make_engine
from db.deliveries import DeliveryStore
from db.health import HealthStore
from db.invoices import InvoiceStore
from db.ledger import CHAIN as LEDGER
from db.ledger import LedgerStore
from db.linking import LinkStore
from db.logged import LoggedStore
from db.migrate import require_current
from db.nudges import NudgeStore
from db.outcomes import OutcomeStore
from db.people import PeopleStore
from db.personal import PersonalStore
from db.prices import PriceStore
from db.queue import JobQueue, make_queue
from db.received import ReceivedStore
from db.retention import RetentionStore
from db.rights import RightsStore
from db.secret_check import require_same_secret
from db.tags import TagStore
from db.team_budgets import TeamBudgetStore
from db.teams import TeamStore
from db.usage import UsageStore
from db.work import WorkStore
from handlers.services import Services
from jobs.tick import Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Upshot:
    """Everything that is on, put together."""

    settings: Settings
    database: Database
    sources: Sources
    collector: Collector
    digests: Digests
    releases: Releases
    summaries: Summaries
    auditing: Auditing
    watcher: Watcher
    administration: Administration
    stores: Stores
    slack: SlackSide | None
    services: Services
    queue: ProcrastinateApp
    tick: Tick
    invoices: InvoiceStore
    receiver: Receiver
    clock: Clock


@asynccontextmanager
async def open_upshot(
    settings: Settings, urls: DatabaseUrls, clock: Clock, *, retry: Retry | None = None
) -> AsyncIterator[Upshot]:
    """All parts for as long as they are wanted; raises where the database is not safe to use."""
    async with AsyncExitStack() as stack:
        database = Database(make_engine(urls.worker), read_key(settings), settings.claimed_domains)
        stack.push_async_callback(database.close)
        await database.refuse_if_unsafe()
        await require_current(database)
        await require_same_secret(database)
        sources = await stack.enter_async_context(open_sources(settings, retry))
        queue = await stack.enter_async_context(make_queue(urls.worker).open_async())
        upshot = await _put_together(settings, database, sources, queue, clock, stack)
        jobs.tasks.register(queue, _parts(upshot))
        yield upshot


async def _put_together(
    settings: Settings,
    database: Database,
    sources: Sources,
    queue: ProcrastinateApp,
    clock: Clock,
    stack: AsyncExitStack,
) -> Upshot:
    stores = _stores(settings, database)
    personal = PersonalStore(database, settings.tiers.rules)
    coaching = coaching_side(settings, database, stores, personal, sources, clock)
    digests = Digests(
        people=stores.people,
        personal=personal,
        deliveries=stores.deliveries,
        administration=stores.administration,
        preferences=coaching.preferences,
        coach=coaching.coach,
        clock=clock,
        sources=frozenset(sources.titles),
        work_sources=frozenset(source.name for source in sources.outcomes),
    )
    summaries = Summaries(
        teams=stores.teams,
        ledger=stores.ledger,
        budgets=TeamBudgetStore(database),
        deliveries=stores.deliveries,
        administration=stores.administration,
        clock=clock,
    )
    releases = Releases(
        contributions=ContributionStore(database, settings.tiers.rules),
        ledger=stores.ledger,
        teams=stores.teams,
        administration=stores.administration,
        key=database.key,
        clock=clock,
    )
    administration = Administration(
        store=stores.administration,
        audit_log=AuditStore(database),
        health=stores.health,
        people=stores.people,
        teams=stores.teams,
        deliveries=stores.deliveries,
        nudges=NudgeStore(database),
        clock=clock,
        bootstrap=settings.admins,
        sources=_titles(settings, sources),
        weaker=(*await database.weaknesses(), *of_settings(settings)),
    )
    slack = None
    if settings.slack is not None:
        slack = await stack.enter_async_context(open_slack(settings, database, stores, clock))
    return Upshot(
        settings=settings,
        database=database,
        sources=sources,
        collector=Collector(
            usage=stores.usage,
            outcomes=OutcomeStore(database),
            links=LinkStore(database),
            prices=PriceLevels(store=PriceStore(database), rates=usual_rates),
            people=stores.people,
            administration=stores.administration,
            health=stores.health,
            clock=clock,
            real_now=real_now,
        ),
        digests=digests,
        releases=releases,
        summaries=summaries,
        auditing=Auditing(
            key=database.key,
            chains={LEDGER: stores.ledger.chain, AUDIT: AuditStore(database).chain},
        ),
        watcher=coaching.watcher,
        administration=administration,
        stores=stores,
        slack=slack,
        services=Services(
            names=settings.commands.names,
            language=language_of(settings.language),
            people=stores.people,
            digests=digests,
            summaries=summaries,
            administration=administration,
            outcomes=Outcomes(
                logged=LoggedStore(database),
                tags=TagStore(database),
                work=WorkStore(database, settings.tiers.rules),
                clock=clock,
            ),
            coach=coaching.coach,
            choices=coaching.choices,
            estimates=coaching.estimates,
            what_ran=coaching.what_ran,
            identities=Identities(accounts=AccountStore(database), clock=clock),
            rights=Rights(
                store=RightsStore(database),
                audit=AuditStore(database),
                clock=clock,
                bootstrap=settings.admins,
                files=None if slack is None else slack.files,
                messenger=None if slack is None else slack.messenger,
            ),
            home=None if slack is None else slack.home,
            team_lists=None if slack is None else slack.team_lists,
        ),
        queue=queue,
        tick=_tick(settings, stores, sources, JobQueue(queue, database), clock),
        invoices=InvoiceStore(database),
        receiver=Receiver(store=ReceivedStore(database), health=stores.health, clock=clock),
        clock=clock,
    )


def _titles(settings: Settings, sources: Sources) -> dict[str, str]:
    directory = {} if settings.slack is None else {DIRECTORY: "Slack directory"}
    return {**sources.titles, **directory}


def _stores(settings: Settings, database: Database) -> Stores:
    return Stores(
        usage=UsageStore(database),
        people=PeopleStore(database),
        teams=TeamStore(database),
        ledger=LedgerStore(database),
        deliveries=DeliveryStore(
            database,
            lease=timedelta(seconds=settings.delivery.lease_seconds),
            settle=timedelta(seconds=settings.delivery.settle_seconds),
        ),
        health=HealthStore(database),
        administration=AdministrationStore(database, read_agreement(settings.agreement_file)),
    )


def _tick(
    settings: Settings, stores: Stores, sources: Sources, queue: JobQueue, clock: Clock
) -> Tick:
    planner = Planner(
        stores=stores,
        providers=sources.providers,
        sources=sources.outcomes,
        clock=clock,
        real_now=real_now,
        backfill_days=settings.backfill_days,
        has_slack=settings.slack is not None,
        has_telemetry=settings.otlp is not None,
    )
    return Tick(planner=planner, queue=queue, health=stores.health, clock=clock)


def _parts(upshot: Upshot) -> jobs.tasks.Parts:
    return jobs.tasks.Parts(
        clock=upshot.clock,
        collector=upshot.collector,
        digests=upshot.digests,
        releases=upshot.releases,
        summaries=upshot.summaries,
        watcher=upshot.watcher,
        health=upshot.stores.health,
        teams=upshot.stores.teams,
        administration=upshot.stores.administration,
        providers={provider.name: provider for provider in upshot.sources.providers},
        sources={source.name: source for source in upshot.sources.outcomes},
        names=upshot.services.names,
        language=upshot.services.language,
        sync_directory=upshot.slack.sync_directory if upshot.slack else None,
        sender=upshot.slack.sender if upshot.slack else None,
        settle_assertions=upshot.services.identities.settle,
        retention=Retention(
            store=RetentionStore(upshot.database),
            administration=upshot.stores.administration,
            clock=upshot.clock,
        ).run,
    )
