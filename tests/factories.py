"""Something valid of each kind, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import structs
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind, NewDelivery
from bot.domain.logged import LoggedKind, LoggedOutcome
from bot.domain.messages import Message
from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.people import DirectoryMember, Identity, Person, PersonId, Proof
from bot.domain.periods import IsoWeek, midnight
from bot.domain.preferences import Cadence
from bot.domain.received import ReceivedRecord
from bot.domain.teams import Membership, Team, TeamSource
from bot.domain.usage import CostBasis, ProviderDay, TokenUsage, UsageRecord
from bot.ports import OutcomeBatch
from db.database import Database
from db.people import PeopleStore
from db.teams import TeamStore

WEEK = IsoWeek(2026, 12)
MONDAY = WEEK.monday
"""16 March 2026."""
NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)
"""The Wednesday after that week."""


def make_member(name: str = "ada", **changes: Any) -> DirectoryMember:
    member = DirectoryMember(
        slack_user_id=f"U{name.upper()}",
        email=f"{name}@example.com",
        time_zone="Europe/London",
        locale="en-GB",
    )
    return replace(member, **changes)


def make_record(account: str | None = "ada", **changes: Any) -> UsageRecord:
    record = UsageRecord(
        provider="anthropic",
        account=account,
        day=MONDAY,
        product="claude_code",
        model="claude-sonnet-5",
        cost_type="tokens",
        tokens=TokenUsage(input_uncached=100, cache_read=2000, cache_write=30, output=400),
        requests=7,
        cost=Decimal("1.25"),
        cost_basis=CostBasis.BILLED,
    )
    return structs.replace(record, **changes)


def make_day(*records: UsageRecord, day: date = MONDAY, **changes: Any) -> ProviderDay:
    """A whole day's answer; accounts are called as their addresses begin."""
    provider = changes.get("provider", "anthropic")
    accounts = {record.account for record in records if record.account is not None}
    answer = ProviderDay(
        provider=provider,
        day=day,
        records=tuple(structs.replace(record, provider=provider, day=day) for record in records),
        billed=None,
        data_through=midnight(day) + timedelta(days=1),
        emails={account: f"{account}@example.com" for account in accounts},
    )
    return replace(answer, **changes)


def make_sent(account: str = "ada", record_id: str | None = None, **changes: Any) -> ReceivedRecord:
    """A record that a platform called Acme sends; *changes* are to its usage."""
    usage = make_record(account, **{"provider": "ingest:acme", "cost_type": None, **changes})
    return ReceivedRecord(
        record_id=record_id or f"{account}:{usage.day}",
        usage=usage,
        period_end=midnight(usage.day) + timedelta(days=1),
        email=f"{account}@example.com",
    )


def make_outcome(number: int = 1, *authors: str, **changes: Any) -> Outcome:
    outcome = Outcome(
        source="git",
        source_id=f"app#{number}",
        kind=OutcomeKind.MERGED_CHANGE,
        opened_at=None,
        completed_at=midnight(MONDAY) + timedelta(hours=10),
        reverted_at=None,
        evidence=frozenset(),
        credits=tuple(Credit(author, Role.AUTHOR) for author in authors),
    )
    return replace(outcome, **changes)


def make_identity(account: str = "ada", proof: Proof = Proof.ADMIN_EMAIL) -> Identity:
    return Identity(email=f"{account}@example.com", proof=proof)


def make_batch(*outcomes: Outcome, **changes: Any) -> OutcomeBatch:
    accounts = {credit.account for outcome in outcomes for credit in outcome.credits}
    batch = OutcomeBatch(
        outcomes=outcomes,
        data_through=NOON,
        complete=True,
        report={},
        identities={account: make_identity(account) for account in accounts},
    )
    return replace(batch, **changes)


def make_message(text: str = "Hello") -> Message:
    section = {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": text}}
    return Message(text, (section,))


def make_logged(owner: PersonId, **changes: Any) -> LoggedOutcome:
    logged = LoggedOutcome(
        id=UUID(int=1),
        owner=owner,
        kind=LoggedKind.ANALYSIS_DELIVERED,
        what="Churn analysis for the board",
        done_on=MONDAY,
        logged_at=NOON,
    )
    return replace(logged, **changes)


def make_delivery(channel: str = "UADA", **changes: Any) -> NewDelivery:
    delivery = NewDelivery(
        kind=DeliveryKind.DIGEST,
        channel=channel,
        period_start=MONDAY,
        due_at=NOON,
        message=make_message(),
    )
    return replace(delivery, **changes)


def make_team(name: str = "Compilers", **changes: Any) -> Team:
    return replace(Team(id=0, name=name, channel="C1", time_zone="Europe/London"), **changes)


def make_membership(name: str, team: str = "Compilers", role: str = "member") -> Membership:
    return Membership(team=team, email=f"{name}@example.com", role=role)


LONG_AGO = date(2020, 1, 6)


async def join_teams(
    database: Database,
    teams: Sequence[Team],
    members: Sequence[Membership],
    *,
    since: date = LONG_AGO,
) -> list[Team]:
    """Make *teams* the file's, with these *members*: they count from the Monday after *since*."""
    store = TeamStore(database)
    await store.sync(TeamSource.FILE, teams, members, today=since)
    by_name = {team.name: team for team in await store.all()}
    return [by_name[team.name] for team in teams]


async def enroll(database: Database, *names: str) -> list[Person]:
    """Make *names* the whole directory, and say who they are to us."""
    people = PeopleStore(database)
    await people.sync([make_member(name) for name in names], today=NOON.date())
    found = [await people.find(f"U{name.upper()}") for name in names]
    return [person for person in found if person is not None]


async def wish(database: Database, person: PersonId, cadence: Cadence, day: int | None = None):
    """When digests come, and nothing else: as of somebody who has never seen the settings."""
    async with database.for_person(person) as connection:
        await connection.execute(
            text("UPDATE people SET digest_cadence = :cadence, digest_day = :day WHERE id = :id"),
            {"cadence": cadence, "day": day, "id": person},
        )
