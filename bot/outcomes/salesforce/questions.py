"""What Salesforce is asked, in SOQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from bot.outcomes.salesforce import wire

USERS_AT_ONCE = 200
USER_ID = re.compile(r"005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
"""Other owners are queues, whose ids begin with 00G."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All *rows* of *table* where *filters* hold, and that *changed* since a moment."""

    table: str
    rows: type[wire.Row]
    filters: tuple[str, ...] = ()
    changed: str | None = None

    def soql(self, since: datetime | None = None, *, most: int | None = None) -> str:
        filters = list(self.filters)
        if self.changed and since:
            filters.append(f"{self.changed} >= {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        where = f" WHERE {' AND '.join(filters)}" if filters else ""
        limit = f" LIMIT {most}" if most else ""
        fields = ", ".join(self.rows.__struct_encode_fields__)
        return f"SELECT {fields} FROM {self.table}{where}{limit}"  # noqa: S608 - our own names

    @property
    def answer(self) -> type[wire.Page[wire.Row]]:
        page: Any = wire.Page
        return cast("type[wire.Page[wire.Row]]", page[self.rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An object that holds finished work; *course* tells of what was finished and is not any more.

    What is left out of *course* costs only that.
    """

    work: Question
    course: Sequence[Question] = ()

    @property
    def name(self) -> str:
        return self.work.table


SUBJECTS: Final = (
    Subject(
        work=Question(table="Case", rows=wire.Case, changed="SystemModstamp"),
        course=(
            Question(table="CaseStatus", rows=wire.CaseStatus),
            Question(
                table="CaseHistory",
                rows=wire.CaseChange,
                filters=("Field = 'Status'", "Case.IsClosed = false"),
                changed="Case.SystemModstamp",
            ),
        ),
    ),
    Subject(
        work=Question(table="Opportunity", rows=wire.Opportunity, changed="SystemModstamp"),
        course=(
            Question(table="OpportunityStage", rows=wire.OpportunityStage),
            Question(
                table="OpportunityHistory",
                rows=wire.StageReached,
                filters=("Opportunity.IsWon = false",),
                changed="Opportunity.SystemModstamp",
            ),
        ),
    ),
    Subject(
        work=Question(
            table="KnowledgeArticleVersion",
            rows=wire.Article,
            filters=("PublishStatus = 'Online'", "IsMasterLanguage = true"),
            changed="FirstPublishedDate",
        ),
    ),
)


def users_called(ids: Iterable[str]) -> list[Question]:
    """Who *ids* are, as far as they are users'."""
    known = sorted(set(filter(USER_ID.fullmatch, ids)))
    quoted = [f"'{user}'" for user in known]
    return [
        Question(
            table="User",
            rows=wire.User,
            filters=(f"Id IN ({', '.join(quoted[at : at + USERS_AT_ONCE])})",),
        )
        for at in range(0, len(quoted), USERS_AT_ONCE)
    ]
