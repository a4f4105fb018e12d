"""The tables of finished work: what the sources tell, what people log, and what it was for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from db.columns import (
    identity,
    key,
    moment,
    person,
    person_unchecked,
    texts,
    words,
    workspace,
)


class OutcomeRow(SQLModel, table=True):
    __tablename__ = "outcomes"

    workspace_id: int = workspace()
    source: str = key()
    source_id: str = key()
    kind: str = words()
    opened_at: datetime | None = moment()
    completed_at: datetime | None = moment()
    reverted_at: datetime | None = moment()
    state: str = words()
    size: int | None = Field(sa_type=BigInteger)
    evidence: list[str] = Field(sa_type=ARRAY(Text))
    restored_at: datetime | None = moment()
    reopened_at: datetime | None = moment()
    project: str | None = words()
    names: list[str] = texts()
    closes: list[str] = texts()
    closed_by: list[str] = texts()
    part_of_source: str | None = words()
    part_of_id: str | None = words()


class OutcomeCreditRow(SQLModel, table=True):
    """``title`` and ``url`` stand here, where only the one who is credited can read them.

    ``tier`` is what the person chose. Linking finds the rest: whether the row counts for its piece
    of work, for how much, how it is linked to AI use, the ``tools`` whose marks are on any part of
    the piece, and the other sources that tell of it.
    """

    __tablename__ = "outcome_credits"
    __table_args__ = (Index("outcome_credits_by_person", "person_id"),)

    workspace_id: int = workspace()
    source: str = key()
    source_id: str = key()
    account: str = key()
    role: str = key()
    person_id: int | None = person_unchecked()
    title: str | None = words()
    url: str | None = words()
    counts: bool = Field(sa_column_kwargs={"server_default": "true"})
    share: Decimal = Field(sa_column_kwargs={"server_default": "1"})
    level: int | None = Field(sa_type=SmallInteger)
    tier: str | None = words()
    tools: list[str] = texts()
    also_in: list[str] = texts()


class SourceProjectRow(SQLModel, table=True):
    """Where a source finds work; what lies in one that it lost sight of stays as it was."""

    __tablename__ = "source_projects"

    workspace_id: int = workspace()
    source: str = key()
    project: str = key()
    forbidden_since: datetime | None = moment()


class LoggedOutcomeRow(SQLModel, table=True):
    """What people log themselves: theirs to change and to delete, until its time is over."""

    __tablename__ = "logged_outcomes"
    __table_args__ = (Index("logged_by_person", "person_id", "done_on"),)

    id: UUID = Field(primary_key=True)
    workspace_id: int = workspace(primary_key=False)
    person_id: int = person()
    kind: str = words()
    what: str = words()
    link: str | None = words()
    helped_by: list[str] = Field(sa_type=ARRAY(Text))
    benefit: str | None = words()
    tier: str = words()
    visibility: str = words()
    done_on: date
    logged_at: datetime = moment()
    edited_at: datetime | None = moment()


class TagRow(SQLModel, table=True):
    """A person's word on what some use was; of several, the latest counts. ``''``: every tool."""

    __tablename__ = "tags"
    __table_args__ = (Index("tags_by_person", "person_id", "first_day"),)

    id: int = identity()
    workspace_id: int = workspace(primary_key=False)
    person_id: int = person()
    tier: str = words()
    provider: str = words()
    first_day: date
    last_day: date
    tagged_at: datetime = moment()


class FirstUseRow(SQLModel, table=True):
    """Since when a person uses a tool, as far as is known."""

    __tablename__ = "first_uses"

    workspace_id: int = workspace()
    person_id: int = Field(primary_key=True, sa_type=BigInteger)
    provider: str = key()
    first_day: date
