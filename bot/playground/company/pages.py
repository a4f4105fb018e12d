"""What is written for others to read: pages of the teams, and articles for customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random
from typing import Literal

from bot.playground.company.courses import moments_of_week, mondays
from bot.playground.company.people import Employee, Job
from bot.playground.company.tasks import title_from

PageKind = Literal["page", "blogpost", "article"]

DISPERSION = 2.0
BLOG_POSTS, BY_APPS, DRAFTS = 0.1, 0.03, 0.1
WEEKLY_MEANS: Mapping[Job, float] = {
    "analytics": 1.0,
    "product": 0.7,
    "sales": 0.8,
    "support": 0.25,
}
SPACES: Mapping[Job, str] = {
    "analytics": "DATA",
    "product": "PROD",
    "sales": "SALES",
    "support": "HELP",
}
TITLES: Mapping[Job, tuple[str, str]] = {
    "analytics": (
        "A-look-at Changes-in Forecast-of Notes-on What-drives",
        "churn delivery-times late-payments new-customers refunds search-misses trial-accounts",
    ),
    "product": (
        "Brief-for Decision-on Findings-about Options-for",
        "shorter-sign-up the-mobile-menu the-new-pricing-page saved-searches team-accounts",
    ),
    "sales": (
        "Answers-on Case-study-of Handover-of Proposal-for",
        "a-bakery-chain a-clinic a-school-district two-city-libraries the-yearly-plan",
    ),
    "support": (
        "Fixing How-to-handle What-to-know-about",
        "expired-invitations failed-payments lost-parcels old-browsers shared-accounts",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it is; without an author it was written by an app."""

    number: int
    kind: PageKind
    space: str
    title: str
    author: str | None
    published_at: datetime
    is_draft: bool = False


def pages_of(employees: Sequence[Employee], start: date, end: date, seed: int) -> tuple[Page, ...]:
    """Make what was written in all whole weeks, numbered as it was published."""
    drafts = [
        draft
        for person in employees
        if person.job in WEEKLY_MEANS
        for monday in mondays(start, end)
        for draft in _week(person, monday, Random(f"{seed}/pages/{person.slack_id}/{monday}"))
    ]
    drafts.sort(key=lambda draft: (draft.published_at, draft.author or ""))
    return tuple(replace(draft, number=number) for number, draft in enumerate(drafts, start=70_001))


def _week(person: Employee, monday: datetime, rng: Random) -> Iterator[Page]:
    is_for_customers = person.job == "support"
    for published in moments_of_week(monday, WEEKLY_MEANS[person.job], DISPERSION, rng):
        kind: PageKind = "blogpost" if rng.random() < BLOG_POSTS else "page"
        is_of_app, is_draft = rng.random() < BY_APPS, rng.random() < DRAFTS
        yield Page(
            number=0,
            kind="article" if is_for_customers else kind,
            space=SPACES[person.job],
            title=title_from(*TITLES[person.job], rng),
            author=None if is_of_app and not is_for_customers else person.slack_id,
            published_at=published,
            is_draft=is_draft,
        )
