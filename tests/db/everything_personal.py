"""Something of two people in every table that has a person's rows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text

from bot.domain.coaching.nudges import Nudge, NudgeKind
from bot.domain.coaching.rules import ShownTip
from bot.domain.logged import Tag
from bot.domain.people import Person, PersonId
from bot.domain.preferences import Preferences
from bot.domain.teams import TeamSource
from bot.domain.tiers import Tier
from bot.domain.usage import SessionCount
from db.budgets import BudgetStore
from db.database import Database
from db.deliveries import DeliveryStore
from db.linking import LinkStore
from db.logged import LoggedStore
from db.nudges import NudgeStore
from db.outcomes import OutcomeStore
from db.preferences import PreferenceStore
from db.received import ReceivedStore
from db.tags import TagStore
from db.teams import TeamStore
from db.tips import TipStore
from db.usage import UsageStore
from tests.factories import (
    MONDAY,
    NOON,
    WEEK,
    enroll,
    make_batch,
    make_day,
    make_delivery,
    make_logged,
    make_membership,
    make_outcome,
    make_record,
    make_sent,
    make_team,
)

A_MINUTE = timedelta(minutes=1)
A_WEEK = timedelta(days=7)


async def fill(database: Database) -> tuple[int, int]:
    """Ada and Bob, each with something of every kind."""
    ada, bob = await enroll(database, "ada", "bob")
    counts = tuple(SessionCount(account=who, tool="claude", commits=3) for who in ("ada", "bob"))
    used = make_day(make_record("ada"), make_record("bob"), sessions=counts)
    await UsageStore(database).replace_day(used, NOON)
    await ReceivedStore(database).put([make_sent("ada"), make_sent("bob")], NOON)
    work = make_batch(make_outcome(1, "ada"), make_outcome(2, "bob"), make_outcome(3))
    await OutcomeStore(database).replace("git", work)
    members = [make_membership("ada"), make_membership("bob")]
    await TeamStore(database).sync(TeamSource.FILE, [make_team()], members, today=NOON.date())
    for person in (ada, bob):
        await _assert(database, person)
    outbox = DeliveryStore(database, lease=A_MINUTE, settle=A_MINUTE)
    messages = [make_delivery("UADA", person=ada.id), make_delivery("UBOB", person=bob.id)]
    await outbox.plan(messages, NOON)
    routine = Tag(tier=Tier.ROUTINE, provider=None, first_day=MONDAY, last_day=MONDAY)
    for number, person in enumerate((ada.id, bob.id)):
        await LoggedStore(database).keep(make_logged(person, id=UUID(int=number)))
        await TagStore(database).add(person, routine, NOON)
        await coach(database, person)
    await LinkStore(database).link(NOON, A_WEEK)
    return ada.id, bob.id


async def _assert(database: Database, person: Person) -> None:
    """An admin says that an account is *person*'s, who has a day to say no."""
    async with database.for_jobs() as connection:
        await connection.execute(
            text(
                "INSERT INTO assertions (id, source, account, person_id, asserted_by, asserted_at,"
                " effective_at) VALUES (:id, 'cursor', :account, :person, 'UBOSS', :at, :at)"
            ),
            {
                "id": UUID(int=person.id),
                "account": f"{person.slack_user_id.lower()}-cursor",
                "person": person.id,
                "at": NOON,
            },
        )


async def coach(database: Database, person: PersonId) -> None:
    """Something in each of the tables of coaching."""
    usual = Decimal(20)
    nudge = Nudge(
        kind=NudgeKind.COST_GUARD,
        first_day=MONDAY,
        last_day=MONDAY,
        spend=(),
        low=usual,
        high=usual,
    )
    await PreferenceStore(database).keep(person, Preferences(budget=100))
    await TipStore(database).keep([(person, ShownTip(week=WEEK, rule="batch"))])
    await TipStore(database).mute(person, "effort", NOON)
    await NudgeStore(database).keep([(person, nudge)], MONDAY)
    await BudgetStore(database).keep([(person, 50)], MONDAY, MONDAY)
