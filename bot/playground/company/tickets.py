"""What customers ask for, and what support makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from bot.playground.company.courses import (
    LONGEST_WAIT,
    Course,
    draw_course,
    moments_of_week,
    mondays_of_work,
)
from bot.playground.company.delivery import midnight
from bot.playground.company.people import Employee
from bot.playground.company.tasks import title_from

WEEKLY_MEAN, DISPERSION = 35.0, 6.0
REOPENED, SOLVED_AGAIN = 0.04, 0.7
SOLVED_BY_TRIGGERS, SPAM, UNSOLVED = 0.02, 0.01, 0.02
CLOSED_AFTER = timedelta(days=4)
REMOVED_AFTER = timedelta(hours=2)
ASKING = "Cannot Can-I How-do-I How-to Please Unable-to Want-to"
ASKED = (
    "add-a-colleague cancel-my-order change-my-address change-the-plan correct-an-invoice "
    "export-my-data find-my-receipt get-a-refund install-the-app join-two-accounts log-in "
    "move-an-appointment pay-by-transfer read-the-report reset-my-password track-a-parcel"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it is. Without an assignee it was solved by a trigger; spam is removed."""

    number: int
    subject: str
    customer: int
    assignee: str | None
    course: Course
    is_spam: bool = False


def tickets_of(
    employees: Sequence[Employee], start: date, end: date, seed: int
) -> tuple[Ticket, ...]:
    """Make the tickets of all whole weeks, numbered as they were opened."""
    drafts = [
        draft
        for person in employees
        if person.job == "support"
        for monday in mondays_of_work(start, end)
        for draft in _week(person, monday, Random(f"{seed}/tickets/{person.slack_id}/{monday}"))
        if draft.course.opened_at < midnight(end)
    ]
    drafts.sort(key=lambda draft: (draft.course.opened_at, draft.assignee or ""))
    return tuple(
        replace(draft, number=number, course=draft.course.until(midnight(end)))
        for number, draft in enumerate(drafts, start=501)
    )


def _week(person: Employee, monday: datetime, rng: Random) -> Iterator[Ticket]:
    for solved in moments_of_week(monday, WEEKLY_MEAN, DISPERSION, rng):
        waited = timedelta(minutes=5 + int(rng.lognormvariate(5.5, 1.2)))
        opened = solved - min(waited, LONGEST_WAIT)
        ticket = Ticket(
            number=0,
            subject=title_from(ASKING, ASKED, rng),
            customer=rng.randrange(400),
            assignee=person.slack_id,
            course=draw_course(opened, solved, rng, reopened=REOPENED, again=SOLVED_AGAIN),
        )
        yield _with_oddities(ticket, rng)


def _with_oddities(ticket: Ticket, rng: Random) -> Ticket:
    drawn, unfinished = rng.random(), Course(opened_at=ticket.course.opened_at)
    if drawn < SOLVED_BY_TRIGGERS:
        return replace(ticket, assignee=None)
    if drawn < SOLVED_BY_TRIGGERS + SPAM:
        return replace(ticket, assignee=None, course=unfinished, is_spam=True)
    if drawn < SOLVED_BY_TRIGGERS + SPAM + UNSOLVED:
        return replace(ticket, course=unfinished)
    return ticket
