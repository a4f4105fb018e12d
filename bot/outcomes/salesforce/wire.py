"""The rows that Salesforce is asked for; what a row has as fields is what is selected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
R = TypeVar("R")


class Page(msgspec.Struct, Generic[R], rename="camel"):
    done: bool
    records: list[R]
    next_records_url: str | None = None


class Complaint(msgspec.Struct, rename="camel"):
    error_code: str


Complaints = list[Complaint]


class Token(msgspec.Struct):
    access_token: str


class Row(msgspec.Struct, rename="pascal", kw_only=True):
    pass


class Case(Row):
    """``closed_date`` is emptied when the case is opened again."""

    id: str
    created_date: Moment
    is_closed: bool
    closed_date: Moment | None
    owner_id: str | None
    subject: str | None


class Opportunity(Row):
    id: str
    created_date: Moment
    system_modstamp: Moment
    is_won: bool
    close_date: date
    owner_id: str | None
    name: str | None


class Article(Row):
    """A version of it; only the article's own id stays."""

    knowledge_article_id: str
    first_published_date: Moment | None
    article_created_by_id: str | None
    title: str | None


class CaseStatus(Row):
    master_label: str
    api_name: str
    is_closed: bool


class OpportunityStage(Row):
    master_label: str
    api_name: str
    is_won: bool


class CaseChange(Row):
    """Of the status, where the organization tracks it."""

    case_id: str
    created_date: Moment
    old_value: str | None
    new_value: str | None


class StageReached(Row):
    opportunity_id: str
    created_date: Moment
    stage_name: str | None


class User(Row):
    id: str
    user_type: str
    email: str | None
