"""The tables of coaching: what each person chose, was told, and answered; all are their own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import SmallInteger
from sqlmodel import Field, SQLModel

from db.columns import moment, person, words, workspace


class PreferencesRow(SQLModel, table=True):
    """What a person chose; without a row, everything is as it comes.

    From ``usual_since`` on weeks count for what is usual; until ``muted_until`` there is no nudge.
    ``budget`` is a monthly amount in US dollars of the person's own.
    """

    __tablename__ = "preferences"

    workspace_id: int = workspace()
    person_id: int = person(primary_key=True)
    nudges: bool = Field(sa_column_kwargs={"server_default": "true"})
    budget_notes: bool = Field(sa_column_kwargs={"server_default": "true"})
    tips: bool = Field(sa_column_kwargs={"server_default": "true"})
    budget: int | None
    usual_since: date | None
    muted_until: date | None


class ShownTipRow(SQLModel, table=True):
    """The tip of a week's digest, and how it went three weeks later.

    ``measure`` is what was seen, ``goal`` where the tip would bring it, ``after`` what it became.
    """

    __tablename__ = "shown_tips"

    workspace_id: int = workspace()
    person_id: int = person(primary_key=True)
    week: date = Field(primary_key=True)
    rule: str = words()
    saving: Decimal | None
    measure: Decimal | None
    goal: Decimal | None
    after: Decimal | None
    verdict: str | None = words()
    judged_in: date | None


class MutedTipRow(SQLModel, table=True):
    """A tip that its reader found not useful: never shown again."""

    __tablename__ = "muted_tips"

    workspace_id: int = workspace()
    person_id: int = person(primary_key=True)
    rule: str = words(primary_key=True)
    muted_at: datetime = moment()


class NudgeRow(SQLModel, table=True):
    """A nudge, and what its reader answered. Others learn of counts alone, from five people up."""

    __tablename__ = "nudges"

    workspace_id: int = workspace()
    person_id: int = person(primary_key=True)
    kind: str = words(primary_key=True)
    first_day: date = Field(primary_key=True)
    last_day: date
    told_on: date
    answer: str | None = words()
    answered_at: datetime | None = moment()


class BudgetStepRow(SQLModel, table=True):
    """A share of a month's amount (in percent) that was reached, each told once."""

    __tablename__ = "budget_steps"

    workspace_id: int = workspace()
    person_id: int = person(primary_key=True)
    month: date = Field(primary_key=True)
    step: int = Field(primary_key=True, sa_type=SmallInteger)
    told_on: date
