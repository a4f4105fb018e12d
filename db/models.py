"""The tables. ``person_id`` marks a person's rows: such a table has row-level security.

Text keys are ``''`` where a source does not tell (a key column cannot be ``NULL``); the stores turn
that into ``None``. Amounts are US dollars.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from db.columns import (
    identity,
    key,
    moment,
    person,
    person_unchecked,
    words,
    workspace,
)


class WorkspaceRow(SQLModel, table=True):
    __tablename__ = "workspaces"

    id: int = Field(
        primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False}
    )
    last_tick_at: datetime | None = moment()
    secret_check: bytes | None = Field(sa_type=LargeBinary)


class PersonRow(SQLModel, table=True):
    __tablename__ = "people"
    __table_args__ = (Index("people_by_slack_user", "workspace_id", "slack_user_id", unique=True),)

    id: int = identity()
    workspace_id: int = workspace(primary_key=False)
    slack_user_id: str = words()
    email: str | None = words()
    time_zone: str = words()
    locale: str = words()
    is_active: bool
    digest_cadence: str = words(sa_column_kwargs={"server_default": "weekly"})
    digest_day: int | None = Field(sa_type=SmallInteger)
    welcomed_at: datetime | None = moment()
    watched_through: date | None
    opted_out_on: date | None
    deactivated_on: date | None


class AccountRow(SQLModel, table=True):
    __tablename__ = "accounts"

    workspace_id: int = workspace()
    source: str = key()
    account: str = key()
    email: str | None = words()
    person_id: int | None = person(index=True)
    proof: str | None = words()


class UsageRow(SQLModel, table=True):
    __tablename__ = "usage_records"
    __table_args__ = (Index("usage_by_person", "person_id", "day"),)

    workspace_id: int = workspace()
    provider: str = key()
    day: date = Field(primary_key=True)
    account: str = key()
    product: str = key()
    model: str = key()
    cost_type: str = key()
    charge_category: str = key()
    currency: str = key()
    person_id: int | None = person_unchecked()
    input_uncached: int | None = Field(sa_type=BigInteger)
    cache_read: int | None = Field(sa_type=BigInteger)
    cache_write: int | None = Field(sa_type=BigInteger)
    output: int | None = Field(sa_type=BigInteger)
    reasoning: int | None = Field(sa_type=BigInteger)
    requests: int | None = Field(sa_type=BigInteger)
    cost: Decimal | None
    cost_basis: str | None = words()
    foreign_cost: Decimal | None


class ProviderDayRow(SQLModel, table=True):
    __tablename__ = "provider_days"

    workspace_id: int = workspace()
    provider: str = key()
    day: date = Field(primary_key=True)
    billed: Decimal | None
    unattributed: Decimal | None
    data_through: datetime = moment()
    fetched_at: datetime = moment()
    content: str = words()
    unchanged_since: datetime = moment()
    foreign_bills: dict[str, Any] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})
    oddities: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})


class SessionCountRow(SQLModel, table=True):
    """What a tool itself counts of its sessions: the commits and pull requests made in them."""

    __tablename__ = "session_counts"
    __table_args__ = (Index("session_counts_by_person", "person_id", "day"),)

    workspace_id: int = workspace()
    provider: str = key()
    day: date = Field(primary_key=True)
    account: str = key()
    tool: str = key()
    person_id: int | None = person_unchecked()
    sessions: int | None = Field(sa_type=BigInteger)
    commits: int | None = Field(sa_type=BigInteger)
    pull_requests: int | None = Field(sa_type=BigInteger)
    offered: int | None = Field(sa_type=BigInteger)
    accepted: int | None = Field(sa_type=BigInteger)


class PriceLevelRow(SQLModel, table=True):
    """What a model's list price became, as a multiple of its first, from ``first_day`` on."""

    __tablename__ = "price_levels"

    workspace_id: int = workspace()
    provider: str = key()
    model: str = key()
    first_day: date = Field(primary_key=True)
    level: Decimal


class DeliveryRow(SQLModel, table=True):
    """``due_at`` and ``planned_at`` are product time; the others are real time."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "deliveries_open",
            "due_at",
            postgresql_where=text("state IN ('planned', 'posting', 'ambiguous')"),
        ),
        Index("deliveries_by_person", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: int = workspace(primary_key=False)
    dedup_key: str = words(unique=True)
    person_id: int | None = person()
    channel: str = words()
    kind: str = words()
    period_start: date
    state: str = words()
    text: str = words()
    blocks: list[Any] = Field(sa_type=JSONB)
    planned_at: datetime = moment()
    due_at: datetime = moment()
    attempt: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = moment()
    posting_at: datetime | None = moment()
    slack_channel: str | None = words()
    slack_ts: str | None = words()
    error: str | None = words()


class ThresholdRow(SQLModel, table=True):
    """Values are only ever added; the latest that is in effect counts."""

    __tablename__ = "thresholds"

    id: int = identity()
    workspace_id: int = workspace(primary_key=False)
    name: str = words()
    value: int
    effective_on: date


class AdminRow(SQLModel, table=True):
    __tablename__ = "admins"

    workspace_id: int = workspace()
    slack_user_id: str = key()


class AuditRow(SQLModel, table=True):
    __tablename__ = "audit_log"

    id: int = identity()
    workspace_id: int = workspace(primary_key=False)
    at: datetime = moment()
    actor: str = words()
    action: str = words()
    detail: dict[str, Any] = Field(sa_type=JSONB)
    previous: bytes | None = Field(sa_type=LargeBinary)
    seal: bytes | None = Field(sa_type=LargeBinary)


class StepRow(SQLModel, table=True):
    """A step of a night that is done: what the clock compares with the time."""

    __tablename__ = "steps"

    workspace_id: int = workspace()
    name: str = key()
    night: date = Field(primary_key=True)
    finished_at: datetime = moment()


class SourceHealthRow(SQLModel, table=True):
    """``not_before`` is real time: until then a failing source is left alone."""

    __tablename__ = "source_health"

    workspace_id: int = workspace()
    source: str = key()
    data_through: datetime | None = moment()
    last_success_at: datetime | None = moment()
    last_error: str | None = words()
    hint: str | None = words()
    failures: int = Field(sa_column_kwargs={"server_default": "0"})
    not_before: datetime | None = moment()


class RateBucketRow(SQLModel, table=True):
    __tablename__ = "rate_buckets"

    workspace_id: int = workspace()
    name: str = key()
    tokens: float
    refilled_at: datetime = moment()
    frozen_until: datetime | None = moment()


class SeenRequestRow(SQLModel, table=True):
    """Signatures of the last minutes, so that a captured request works once only."""

    __tablename__ = "seen_requests"

    signature: str = key()
    seen_at: datetime = moment(index=True)


class ReceivedUsageRow(SQLModel, table=True):
    """What senders said, by their own names for it; ``usage_records`` is made of it."""

    __tablename__ = "received_usage"
    # Not beginning as the key does, or the planner would take the one for the other.
    __table_args__ = (Index("received_by_account_day", "account", "day", "provider"),)

    workspace_id: int = workspace()
    provider: str = key()
    record_id: str = key()
    day: date
    account: str = words()
    product: str = words()
    model: str = words()
    cost_type: str = words()
    charge_category: str = words()
    currency: str = words()
    signal: str = words()
    person_id: int | None = person_unchecked()
    input_uncached: int | None = Field(sa_type=BigInteger)
    cache_read: int | None = Field(sa_type=BigInteger)
    cache_write: int | None = Field(sa_type=BigInteger)
    output: int | None = Field(sa_type=BigInteger)
    reasoning: int | None = Field(sa_type=BigInteger)
    requests: int | None = Field(sa_type=BigInteger)
    cost: Decimal | None
    cost_basis: str | None = words()
    foreign_cost: Decimal | None


class SeenEventRow(SQLModel, table=True):
    """Hashes of the last days' events, so that each counts once."""

    __tablename__ = "seen_events"

    provider: str = key()
    event: bytes = Field(primary_key=True, sa_type=LargeBinary)
    seen_at: datetime = moment(index=True)
