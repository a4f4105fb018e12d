"""The tables of teams, of the ledger of releases, and of who may be known at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlmodel import Field, SQLModel

from db.columns import identity, key, moment, person, words, workspace

EVER, STILL = "0001-01-01", "9999-12-31"
"""The dates of what has always been so, and still is: the driver has no word for infinity."""


def _since() -> Any:
    return Field(primary_key=True, sa_column_kwargs={"server_default": EVER})


def _until() -> Any:
    return Field(sa_column_kwargs={"server_default": STILL})


class TeamRow(SQLModel, table=True):
    """From ``ended_on``, a Monday, it is no team any more; what was released of it stays."""

    __tablename__ = "teams"
    __table_args__ = (Index("teams_by_name", "workspace_id", "name", unique=True),)

    id: int = identity()
    workspace_id: int = workspace(primary_key=False)
    name: str = words()
    channel: str | None = words()
    time_zone: str = words()
    source: str = words(sa_column_kwargs={"server_default": "file"})
    position: int = Field(sa_column_kwargs={"server_default": "0"})
    slack_group: str | None = words()
    channel_problem: str | None = words()
    ended_on: date | None


class TeamMemberRow(SQLModel, table=True):
    """From ``valid_from`` up to, not including, ``valid_to``; a member's are Mondays."""

    __tablename__ = "team_members"
    __table_args__ = (
        Index(
            "one_home_team",
            "person_id",
            unique=True,
            postgresql_where=text(f"role = 'member' AND valid_to = '{STILL}'"),
        ),
    )

    team_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey("teams.id", ondelete="CASCADE")],
    )
    person_id: int = person(primary_key=True)
    role: str = key()
    valid_from: date = _since()
    valid_to: date = _until()


class LedgerRow(SQLModel, table=True):
    """``team_id`` is 0 where the scope is no team's. Rows are only ever added, and sealed."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("one_release_a_week", "workspace_id", "week", "scope", "team_id", unique=True),
    )

    id: int = identity()
    workspace_id: int = workspace(primary_key=False)
    week: date
    scope: str = words()
    team_id: int = Field(sa_type=BigInteger)
    released_at: datetime = moment()
    body: str = words()
    previous: bytes = Field(sa_type=LargeBinary)
    seal: bytes = Field(sa_type=LargeBinary)


class AuditNameRow(SQLModel, table=True):
    """Who a token of the audit log stands for, until that person is forgotten."""

    __tablename__ = "audit_names"

    workspace_id: int = workspace()
    token: str = key()
    slack_user_id: str = words()


class AccountLinkRow(SQLModel, table=True):
    """Whose an account was, from ``valid_from`` up to, not including, ``valid_to``."""

    __tablename__ = "account_links"
    __table_args__ = (
        Index("account_links_by_person", "person_id"),
        Index(
            "one_owner",
            "workspace_id",
            "source",
            "account",
            unique=True,
            postgresql_where=text(f"valid_to = '{STILL}'"),
        ),
    )

    workspace_id: int = workspace()
    source: str = key()
    account: str = key()
    person_id: int = person()
    proof: str = words()
    valid_from: date = _since()
    valid_to: date = _until()


class AssertionRow(SQLModel, table=True):
    """An admin's word on whose an account is, which that person may refuse before it holds."""

    __tablename__ = "assertions"
    __table_args__ = (Index("assertions_by_person", "person_id"),)

    id: UUID = Field(primary_key=True)
    workspace_id: int = workspace(primary_key=False)
    source: str = words()
    account: str = words()
    person_id: int = person()
    asserted_by: str = words()
    asserted_at: datetime = moment()
    effective_at: datetime = moment()
    objected_at: datetime | None = moment()
    linked_at: datetime | None = moment()


class RefusalRow(SQLModel, table=True):
    """A keyed tag of who wants nothing kept; ``of_one`` joins the tags of one person."""

    __tablename__ = "refusals"

    workspace_id: int = workspace()
    tag: bytes = Field(primary_key=True, sa_type=LargeBinary)
    of_one: UUID
    reason: str = Field(sa_type=Text)
    since: date


class TeamBudgetStepRow(SQLModel, table=True):
    __tablename__ = "team_budget_steps"

    workspace_id: int = workspace()
    team_id: int = Field(primary_key=True, sa_type=BigInteger)
    month: date = Field(primary_key=True)
    step: int = Field(primary_key=True, sa_type=SmallInteger)
    told_on: date
