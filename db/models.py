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
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel


def _workspace(*, primary_key: bool = True) -> Any:
    return Field(
        primary_key=primary_key, sa_type=SmallInteger, sa_column_kwargs={"server_default": "1"}
    )


def _key() -> Any:
    return Field(primary_key=True, sa_type=Text)


def _words(**kwargs: Any) -> Any:
    return Field(sa_type=Text, **kwargs)


def _texts() -> Any:
    return Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})


def _moment(**kwargs: Any) -> Any:
    return Field(sa_type=DateTime(timezone=True), **kwargs)


def _identity() -> Any:
    return Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)]
    )


def _person(**kwargs: Any) -> Any:
    owner = ForeignKey("people.id", ondelete="CASCADE")
    return Field(sa_type=BigInteger, sa_column_args=[owner], **kwargs)


def _person_unchecked() -> Any:
    """Without a foreign key: checking it row by row would halve the speed of the bulk path."""
    return Field(sa_type=BigInteger)


class WorkspaceRow(SQLModel, table=True):
    __tablename__ = "workspaces"

    id: int = Field(
        primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False}
    )
    last_tick_at: datetime | None = _moment()


class PersonRow(SQLModel, table=True):
    __tablename__ = "people"
    __table_args__ = (Index("people_by_slack_user", "workspace_id", "slack_user_id", unique=True),)

    id: int = _identity()
    workspace_id: int = _workspace(primary_key=False)
    slack_user_id: str = _words()
    email: str | None = _words()
    time_zone: str = _words()
    locale: str = _words()
    is_active: bool
    digest_cadence: str = _words(sa_column_kwargs={"server_default": "weekly"})
    welcomed_at: datetime | None = _moment()


class AccountRow(SQLModel, table=True):
    __tablename__ = "accounts"

    workspace_id: int = _workspace()
    source: str = _key()
    account: str = _key()
    email: str | None = _words()
    person_id: int | None = _person(index=True)
    proof: str | None = _words()


class UsageRow(SQLModel, table=True):
    __tablename__ = "usage_records"
    __table_args__ = (Index("usage_by_person", "person_id", "day"),)

    workspace_id: int = _workspace()
    provider: str = _key()
    day: date = Field(primary_key=True)
    account: str = _key()
    product: str = _key()
    model: str = _key()
    cost_type: str = _key()
    charge_category: str = _key()
    currency: str = _key()
    person_id: int | None = _person_unchecked()
    input_uncached: int | None = Field(sa_type=BigInteger)
    cache_read: int | None = Field(sa_type=BigInteger)
    cache_write: int | None = Field(sa_type=BigInteger)
    output: int | None = Field(sa_type=BigInteger)
    reasoning: int | None = Field(sa_type=BigInteger)
    requests: int | None = Field(sa_type=BigInteger)
    cost: Decimal | None
    cost_basis: str | None = _words()
    foreign_cost: Decimal | None


class ProviderDayRow(SQLModel, table=True):
    __tablename__ = "provider_days"

    workspace_id: int = _workspace()
    provider: str = _key()
    day: date = Field(primary_key=True)
    billed: Decimal | None
    unattributed: Decimal | None
    data_through: datetime = _moment()
    fetched_at: datetime = _moment()
    content: str = _words()
    unchanged_since: datetime = _moment()
    foreign_bills: dict[str, Any] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})
    oddities: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})


class OutcomeRow(SQLModel, table=True):
    __tablename__ = "outcomes"

    workspace_id: int = _workspace()
    source: str = _key()
    source_id: str = _key()
    kind: str = _words()
    opened_at: datetime | None = _moment()
    completed_at: datetime | None = _moment()
    reverted_at: datetime | None = _moment()
    state: str = _words()
    size: int | None = Field(sa_type=BigInteger)
    evidence: list[str] = Field(sa_type=ARRAY(Text))
    restored_at: datetime | None = _moment()
    reopened_at: datetime | None = _moment()
    project: str | None = _words()
    names: list[str] = _texts()
    closes: list[str] = _texts()
    closed_by: list[str] = _texts()
    part_of_source: str | None = _words()
    part_of_id: str | None = _words()


class OutcomeCreditRow(SQLModel, table=True):
    """``title`` and ``url`` stand here, where only the one who is credited can read them.

    ``tier`` is what the person chose. Linking finds the rest: whether the row counts for its piece
    of work, for how much, how it is linked to AI use, the ``tools`` whose marks are on any part of
    the piece, and the other sources that tell of it.
    """

    __tablename__ = "outcome_credits"
    __table_args__ = (Index("outcome_credits_by_person", "person_id"),)

    workspace_id: int = _workspace()
    source: str = _key()
    source_id: str = _key()
    account: str = _key()
    role: str = _key()
    person_id: int | None = _person_unchecked()
    title: str | None = _words()
    url: str | None = _words()
    counts: bool = Field(sa_column_kwargs={"server_default": "true"})
    share: Decimal = Field(sa_column_kwargs={"server_default": "1"})
    level: int | None = Field(sa_type=SmallInteger)
    tier: str | None = _words()
    tools: list[str] = _texts()
    also_in: list[str] = _texts()


class SourceProjectRow(SQLModel, table=True):
    """Where a source finds work; what lies in one that it lost sight of stays as it was."""

    __tablename__ = "source_projects"

    workspace_id: int = _workspace()
    source: str = _key()
    project: str = _key()
    forbidden_since: datetime | None = _moment()


class LoggedOutcomeRow(SQLModel, table=True):
    """What people log themselves: theirs to change and to delete, for ever."""

    __tablename__ = "logged_outcomes"
    __table_args__ = (Index("logged_by_person", "person_id", "done_on"),)

    id: UUID = Field(primary_key=True)
    workspace_id: int = _workspace(primary_key=False)
    person_id: int = _person()
    kind: str = _words()
    what: str = _words()
    link: str | None = _words()
    helped_by: list[str] = Field(sa_type=ARRAY(Text))
    benefit: str | None = _words()
    tier: str = _words()
    visibility: str = _words()
    done_on: date
    logged_at: datetime = _moment()
    edited_at: datetime | None = _moment()


class TagRow(SQLModel, table=True):
    """A person's word on what some use was; of several, the latest counts. ``''``: every tool."""

    __tablename__ = "tags"
    __table_args__ = (Index("tags_by_person", "person_id", "first_day"),)

    id: int = _identity()
    workspace_id: int = _workspace(primary_key=False)
    person_id: int = _person()
    tier: str = _words()
    provider: str = _words()
    first_day: date
    last_day: date
    tagged_at: datetime = _moment()


class FirstUseRow(SQLModel, table=True):
    """Since when a person uses a tool, as far as is known."""

    __tablename__ = "first_uses"

    workspace_id: int = _workspace()
    person_id: int = Field(primary_key=True, sa_type=BigInteger)
    provider: str = _key()
    first_day: date


class SessionCountRow(SQLModel, table=True):
    """What a tool itself counts of its sessions: the commits and pull requests made in them."""

    __tablename__ = "session_counts"
    __table_args__ = (Index("session_counts_by_person", "person_id", "day"),)

    workspace_id: int = _workspace()
    provider: str = _key()
    day: date = Field(primary_key=True)
    account: str = _key()
    tool: str = _key()
    person_id: int | None = _person_unchecked()
    sessions: int | None = Field(sa_type=BigInteger)
    commits: int | None = Field(sa_type=BigInteger)
    pull_requests: int | None = Field(sa_type=BigInteger)


class PriceLevelRow(SQLModel, table=True):
    """What a model's list price became, as a multiple of its first, from ``first_day`` on."""

    __tablename__ = "price_levels"

    workspace_id: int = _workspace()
    provider: str = _key()
    model: str = _key()
    first_day: date = Field(primary_key=True)
    level: Decimal


class TeamRow(SQLModel, table=True):
    __tablename__ = "teams"
    __table_args__ = (Index("teams_by_name", "workspace_id", "name", unique=True),)

    id: int = _identity()
    workspace_id: int = _workspace(primary_key=False)
    name: str = _words()
    channel: str | None = _words()
    time_zone: str = _words()


class TeamMemberRow(SQLModel, table=True):
    __tablename__ = "team_members"
    __table_args__ = (
        Index("one_home_team", "person_id", unique=True, postgresql_where=text("role = 'member'")),
    )

    team_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("teams.id", ondelete="CASCADE")],
    )
    person_id: int = _person(primary_key=True)
    role: str = _key()


class TeamReleaseRow(SQLModel, table=True):
    """``figures`` is ``NULL`` where the week was withheld. Rows are only ever added."""

    __tablename__ = "team_releases"

    team_id: int = Field(primary_key=True, sa_type=BigInteger)
    week: date = Field(primary_key=True)
    workspace_id: int = _workspace(primary_key=False)
    released_at: datetime = _moment()
    figures: dict[str, Any] | None = Field(sa_type=JSONB)
    rules: dict[str, Any] = Field(sa_type=JSONB)


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
    workspace_id: int = _workspace(primary_key=False)
    dedup_key: str = _words(unique=True)
    person_id: int | None = _person()
    channel: str = _words()
    kind: str = _words()
    period_start: date
    state: str = _words()
    text: str = _words()
    blocks: list[Any] = Field(sa_type=JSONB)
    planned_at: datetime = _moment()
    due_at: datetime = _moment()
    attempt: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = _moment()
    posting_at: datetime | None = _moment()
    slack_channel: str | None = _words()
    slack_ts: str | None = _words()
    error: str | None = _words()


class ThresholdRow(SQLModel, table=True):
    """Values are only ever added; the latest that is in effect counts."""

    __tablename__ = "thresholds"

    id: int = _identity()
    workspace_id: int = _workspace(primary_key=False)
    name: str = _words()
    value: int
    effective_on: date


class AdminRow(SQLModel, table=True):
    __tablename__ = "admins"

    workspace_id: int = _workspace()
    slack_user_id: str = _key()


class AuditRow(SQLModel, table=True):
    __tablename__ = "audit_log"

    id: int = _identity()
    workspace_id: int = _workspace(primary_key=False)
    at: datetime = _moment()
    actor: str = _words()
    action: str = _words()
    detail: dict[str, Any] = Field(sa_type=JSONB)


class StepRow(SQLModel, table=True):
    """A step of a night that is done: what the clock compares with the time."""

    __tablename__ = "steps"

    workspace_id: int = _workspace()
    name: str = _key()
    night: date = Field(primary_key=True)
    finished_at: datetime = _moment()


class SourceHealthRow(SQLModel, table=True):
    """``not_before`` is real time: until then a failing source is left alone."""

    __tablename__ = "source_health"

    workspace_id: int = _workspace()
    source: str = _key()
    data_through: datetime | None = _moment()
    last_success_at: datetime | None = _moment()
    last_error: str | None = _words()
    hint: str | None = _words()
    failures: int = Field(sa_column_kwargs={"server_default": "0"})
    not_before: datetime | None = _moment()


class RateBucketRow(SQLModel, table=True):
    __tablename__ = "rate_buckets"

    workspace_id: int = _workspace()
    name: str = _key()
    tokens: float
    refilled_at: datetime = _moment()
    frozen_until: datetime | None = _moment()


class SeenRequestRow(SQLModel, table=True):
    """Signatures of the last minutes, so that a captured request works once only."""

    __tablename__ = "seen_requests"

    signature: str = _key()
    seen_at: datetime = _moment(index=True)


class ReceivedUsageRow(SQLModel, table=True):
    """What senders said, by their own names for it; ``usage_records`` is made of it."""

    __tablename__ = "received_usage"
    # Not beginning as the key does, or the planner would take the one for the other.
    __table_args__ = (Index("received_by_account_day", "account", "day", "provider"),)

    workspace_id: int = _workspace()
    provider: str = _key()
    record_id: str = _key()
    day: date
    account: str = _words()
    product: str = _words()
    model: str = _words()
    cost_type: str = _words()
    charge_category: str = _words()
    currency: str = _words()
    signal: str = _words()
    person_id: int | None = _person_unchecked()
    input_uncached: int | None = Field(sa_type=BigInteger)
    cache_read: int | None = Field(sa_type=BigInteger)
    cache_write: int | None = Field(sa_type=BigInteger)
    output: int | None = Field(sa_type=BigInteger)
    reasoning: int | None = Field(sa_type=BigInteger)
    requests: int | None = Field(sa_type=BigInteger)
    cost: Decimal | None
    cost_basis: str | None = _words()
    foreign_cost: Decimal | None


class SeenEventRow(SQLModel, table=True):
    """Hashes of the last days' events, so that each counts once."""

    __tablename__ = "seen_events"

    provider: str = _key()
    event: bytes = Field(primary_key=True, sa_type=LargeBinary)
    seen_at: datetime = _moment(index=True)
