"""A life whose every trace carries a mark, so that a trace that is left can be found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.app import Upshot, open_upshot
from bot.clock import SetClock
from bot.database import DatabaseUrls
from bot.domain.audit import Action, AuditEntry
from bot.domain.delivery import DeliveryKind
from bot.domain.logged import Tag
from bot.domain.outcomes import Credit, Role
from bot.domain.people import Person, Proof
from bot.domain.tiers import Tier
from bot.domain.usage import ProviderDay, SessionCount
from bot.playground.slack.directory import SlackUser
from bot.playground.slack.stand_in import BOT_TOKEN, SIGNING_SECRET, SlackStandIn
from bot.settings import Settings
from bot.slack.config import Config
from db.audit import AuditStore
from db.logged import LoggedStore
from db.received import ReceivedStore
from db.tags import TagStore
from tests.db.everything_personal import coach
from tests.db.server import TestUrls
from tests.factories import (
    MONDAY,
    NOON,
    make_batch,
    make_day,
    make_delivery,
    make_identity,
    make_logged,
    make_message,
    make_outcome,
    make_record,
    make_sent,
)
from tests.fakes import FakeProvider, FakeSource

NAME = "marylou"
ADDRESS = f"{NAME}@example.com"
SLACK_ID = f"U{NAME.upper()}"
SLACK_NAME = "Mary-Lou Marker"
LOGGED = "Logged: a churn model that nobody asked for"
TITLE = "Title: teach the parser to stop"
ACCOUNT = f"acct-{NAME}-7f3a"
MARKS = (ADDRESS, SLACK_ID, SLACK_NAME, LOGGED, TITLE, ACCOUNT, NAME)
BILLED = Decimal("10.00")


def used() -> ProviderDay:
    """Of ten dollars billed, Mary-Lou spent 1.25, Bob 1.25, and nobody knows of the rest."""
    return make_day(
        make_record(ACCOUNT),
        make_record("bob"),
        make_record(ACCOUNT, currency="EUR", cost=None, foreign_cost=Decimal(3)),
        billed=BILLED,
        foreign_billed={"EUR": Decimal(8)},
        emails={ACCOUNT: ADDRESS, "bob": "bob@example.com"},
        sessions=(SessionCount(account=ACCOUNT, tool="claude", commits=3),),
    )


def finished() -> FakeSource:
    """Work of hers alone, and work that she shares with Bob under a title of Bob's own."""
    alone = make_outcome(1, ACCOUNT, title=TITLE, project=f"~{NAME}")
    both = (Credit(ACCOUNT, Role.COAUTHOR), Credit("bob", Role.AUTHOR))
    shared = make_outcome(2, credits=both, title="Shared work", project="app")
    named = {ACCOUNT: make_identity(NAME, Proof.IDP), "bob": make_identity("bob")}
    return FakeSource(make_batch(alone, shared, identities=named, readable=frozenset({"app"})))


@dataclass
class Marked:
    upshot: Upshot
    slack: SlackStandIn
    clock: SetClock

    async def night(self) -> None:
        """The directory, a provider and a system of record are read as every night."""
        assert self.upshot.slack is not None
        await self.upshot.slack.sync_directory()
        await self.upshot.collector.collect_day(FakeProvider(used()), MONDAY)
        await self.upshot.collector.collect_outcomes(finished())
        await self.upshot.collector.settle()

    async def person(self, slack_user_id: str = SLACK_ID) -> Person:
        found = await self.upshot.stores.people.find(slack_user_id)
        assert found is not None
        return found

    async def leaves_traces(self) -> None:
        """What she logs, tags, chooses, is sent, and does as an admin."""
        her, database = await self.person(), self.upshot.database
        await ReceivedStore(database).put([make_sent(NAME)], NOON)
        logged = make_logged(her.id, what=LOGGED, link=f"https://wiki.example.com/{NAME}")
        await LoggedStore(database).keep(logged)
        routine = Tag(tier=Tier.ROUTINE, provider=None, first_day=MONDAY, last_day=MONDAY)
        await TagStore(database).add(her.id, routine, NOON)
        await coach(database, her.id)
        announced = make_message(f"<@{SLACK_ID}> set settle_days to 9")
        told = [
            make_delivery(SLACK_ID, person=her.id, message=make_message(f"Dear {NAME}: {TITLE}")),
            make_delivery("C1", kind=DeliveryKind.ANNOUNCEMENT, message=announced),
        ]
        await self.upshot.stores.deliveries.plan(told, NOON)
        await self.upshot.stores.administration.add_admin(SLACK_ID, "UBOSS", NOON)
        entry = AuditEntry(at=NOON, actor=SLACK_ID, action=Action.EXPORTED)
        await AuditStore(database).append(entry)


@contextmanager
def workspace() -> Iterator[SlackStandIn]:
    users = (
        SlackUser(id=SLACK_ID, name=NAME, real_name=SLACK_NAME, email=ADDRESS),
        *(SlackUser(id=f"U{n.upper()}", name=n, email=f"{n}@example.com") for n in ("bob", "boss")),
    )
    stand_in = SlackStandIn(users=users)
    with stand_in.serving():
        yield stand_in


@asynccontextmanager
async def marked_life(urls: TestUrls, folder: Path) -> AsyncIterator[Marked]:
    with workspace() as slack:
        config = Config.model_validate(
            {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET, "api_url": slack.api_url}
        )
        settings = Settings(admins=("UBOSS",), slack=config, data_dir=folder)
        clock = SetClock(NOON)
        async with open_upshot(settings, DatabaseUrls(urls.owner, urls.worker), clock) as upshot:
            life = Marked(upshot, slack, clock)
            await life.night()
            await life.leaves_traces()
            yield life
