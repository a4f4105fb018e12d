"""Understands what Salesforce tells: what was finished, by whom, and what is open again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role, link_of, title_of
from bot.domain.people import Identity, Proof, normalized_email
from bot.domain.periods import midnight
from bot.outcomes.salesforce.questions import USER_ID
from bot.outcomes.salesforce.wire import (
    Article,
    Case,
    CaseChange,
    CaseStatus,
    Opportunity,
    OpportunityStage,
    Row,
    StageReached,
    User,
)
from bot.reading.windowed import Found

EMPLOYEE = "Standard"
MACHINES = frozenset({"AutomatedProcess", "CloudIntegrationUser", "Guest"})


class Step(NamedTuple):
    at: datetime
    is_finished: bool


class Course(NamedTuple):
    """When work was finished for the last time, and since when it is open again."""

    completed_at: datetime | None
    reopened_at: datetime | None

    @classmethod
    def along(cls, steps: Iterable[Step]) -> Course:
        completed: datetime | None = None
        reopened: datetime | None = None
        for step in sorted(steps, key=lambda step: step.at):
            is_open = completed is None or reopened is not None
            if step.is_finished and is_open:
                completed, reopened = step.at, None
            elif not step.is_finished and not is_open:
                reopened = step.at
        return cls(completed, reopened)


def found_in(site: str, rows: Iterable[Row]) -> Found:
    """What *rows* tell of finished work, each record to be seen on *site*."""
    told: defaultdict[type[Row], list[Any]] = defaultdict(list)
    for row in rows:
        told[type(row)].append(row)
    users: dict[str, User] = {user.id: user for user in told[User]}
    reader = _Reader(site=site, users=users)
    cases = _courses_of_cases(told[CaseStatus], told[CaseChange])
    deals = _courses_of_deals(told[OpportunityStage], told[StageReached])
    outcomes = [
        *(reader.closed(case, cases.get(case.id)) for case in told[Case]),
        *(reader.won(deal, deals.get(deal.id)) for deal in told[Opportunity]),
        *(reader.published(article) for article in told[Article]),
    ]
    return Found(
        outcomes=tuple(outcome for outcome in outcomes if outcome),
        identities=_identities(users.values()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    site: str
    users: Mapping[str, User]

    def closed(self, case: Case, before: Course | None) -> Outcome | None:
        return self._outcome(
            "Case",
            case.id,
            Course(case.closed_date, None) if case.is_closed else before,
            is_finished=case.is_closed,
            kind=OutcomeKind.TICKET_SOLVED,
            opened_at=case.created_date,
            title=title_of(case.subject),
            credits=self._credits(case.owner_id, Role.ASSIGNEE),
        )

    def won(self, deal: Opportunity, before: Course | None) -> Outcome | None:
        return self._outcome(
            "Opportunity",
            deal.id,
            Course(_day_won(deal), None) if deal.is_won else before,
            is_finished=deal.is_won,
            kind=OutcomeKind.DEAL_WON,
            opened_at=deal.created_date,
            title=title_of(deal.name),
            credits=self._credits(deal.owner_id, Role.ASSIGNEE),
        )

    def published(self, article: Article) -> Outcome | None:
        return self._outcome(
            "KnowledgeArticleVersion",
            article.knowledge_article_id,
            Course(article.first_published_date, None),
            is_finished=True,
            kind=OutcomeKind.PAGE_PUBLISHED,
            opened_at=None,
            title=title_of(article.title),
            credits=self._credits(article.article_created_by_id, Role.AUTHOR),
        )

    def _outcome(
        self,
        table: str,
        record: str,
        course: Course | None,
        *,
        is_finished: bool,
        opened_at: datetime | None,
        **facts: Any,
    ) -> Outcome | None:
        """Finished work; ``None`` where nothing tells when it was finished, or opened again."""
        if course is None or course.completed_at is None:
            return None
        if not is_finished and course.reopened_at is None:
            return None
        is_before = opened_at is not None and opened_at <= course.completed_at
        return Outcome(
            source="salesforce",
            source_id=record,
            project=table,
            opened_at=opened_at if is_before else None,
            completed_at=course.completed_at,
            reopened_at=course.reopened_at,
            reverted_at=None,
            evidence=frozenset(),
            url=link_of(f"{self.site}/{record}"),
            **facts,
        )

    def _credits(self, owner: str | None, role: Role) -> tuple[Credit, ...]:
        if not owner or not USER_ID.fullmatch(owner):
            return ()
        user = self.users.get(owner)
        return () if user and user.user_type in MACHINES else (Credit(owner, role),)


def _day_won(deal: Opportunity) -> datetime:
    """The day is typed in, and may be one to come: the deal was won before it last changed."""
    return min(midnight(deal.close_date), deal.system_modstamp)


def _courses_of_cases(
    statuses: Iterable[CaseStatus], changes: Iterable[CaseChange]
) -> dict[str, Course]:
    closed = {name for s in statuses if s.is_closed for name in (s.master_label, s.api_name)}
    steps: defaultdict[str, list[Step]] = defaultdict(list)
    for change in changes:
        for value in (change.old_value, change.new_value):
            steps[change.case_id].append(Step(change.created_date, value in closed))
    return {case: Course.along(of_case) for case, of_case in steps.items()}


def _courses_of_deals(
    stages: Iterable[OpportunityStage], reached: Iterable[StageReached]
) -> dict[str, Course]:
    won = {name for s in stages if s.is_won for name in (s.master_label, s.api_name)}
    steps: defaultdict[str, list[Step]] = defaultdict(list)
    for stage in reached:
        steps[stage.opportunity_id].append(Step(stage.created_date, stage.stage_name in won))
    return {deal: Course.along(of_deal) for deal, of_deal in steps.items()}


def _identities(users: Iterable[User]) -> dict[str, Identity]:
    """Those of employees; customers and partners may have users too."""
    return {
        user.id: Identity(email=email, proof=Proof.ADMIN_EMAIL)
        for user in users
        if user.user_type == EMPLOYEE and (email := normalized_email(user.email))
    }
