"""Tasks in the teams' projects: those that changes finish, and those that need none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Literal, NamedTuple

from bot.playground.company.courses import (
    Course,
    draw_course,
    moments_of_week,
    mondays_of_work,
)
from bot.playground.company.delivery import midnight
from bot.playground.company.people import Employee, Job
from bot.playground.company.work import THINGS, VERBS, Draft, MergedChange

WEEKLY_MEANS: Mapping[Job, float] = {"engineering": 0.52, "operations": 3.0, "product": 1.5}
"""Of the tasks that no change finishes."""

NAMED_IN_CHANGES = 0.35
DISPERSION = 2.0
REOPENED, FINISHED_AGAIN = 0.03, 0.6
DROPPED, UNFINISHED = 0.04, 0.06
NOBODYS, BY_AUTOMATION = 0.02, 0.02
TITLES: Mapping[Job, tuple[str, str]] = {
    "engineering": (VERBS, THINGS),
    "operations": (
        "Check File Order Pay Prepare Renew Review Update",
        "audit-papers budget-plan insurance laptop-orders office-lease payroll-run travel-policy",
    ),
    "product": (
        "Compare Describe Draw Outline Plan Sort Try-out",
        "checkout-steps customer-interviews empty-states help-texts pricing-page sign-up-form",
    ),
}

Resolution = Literal["Done", "Won't Do"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task as it is. What was dropped was finished without being done."""

    number: int
    key: str
    title: str
    assignee: str | None
    by_automation: bool
    started_at: datetime
    course: Course
    resolution: Resolution

    @property
    def project(self) -> str:
        return self.key.partition("-")[0]


class Tasks(NamedTuple):
    """*named* has the key of the task that a change finishes, by the change's place."""

    tasks: tuple[Task, ...]
    named: Mapping[int, str]


def project_of(team: str) -> str:
    """The key of a team's project: ``PAY`` of payments, ``PAY2`` of its second team."""
    return team[:3].upper() + "".join(letter for letter in team if letter.isdigit())


def title_from(verbs: str, things: str, rng: Random) -> str:
    return f"{rng.choice(verbs.split())} {rng.choice(things.split())}".replace("-", " ")


def tasks_of(
    employees: Sequence[Employee], changes: Sequence[Draft], start: date, end: date, seed: int
) -> Tasks:
    """Make the tasks of all whole weeks, numbered in each project as they were opened."""
    people = {person.slack_id: person for person in employees}
    drafts = [*_of_changes(changes, people, seed)]
    for person in employees:
        if mean := WEEKLY_MEANS.get(person.job):
            for monday in mondays_of_work(start, end):
                rng = Random(f"{seed}/tasks/{person.slack_id}/{monday}")
                drafts.extend(_week(person, mean, monday, rng))
    return _numbered(drafts, midnight(end))


class _Draft(NamedTuple):
    task: Task
    change: int | None


def _of_changes(
    changes: Sequence[Draft], people: Mapping[str, Employee], seed: int
) -> Iterator[_Draft]:
    """Those that changes name; automation finishes them as soon as the change is merged."""
    weeks = groupby(enumerate(changes), lambda each: (each[1].person.slack_id, each[1].monday))
    for (author, monday), week in weeks:
        rng = Random(f"{seed}/named/{author}/{monday}")
        for place, (_, _, change, _, _) in week:
            if change.credited_to and rng.random() < NAMED_IN_CHANGES:
                yield _Draft(_of_change(change, people[change.credited_to], rng), place)


def _of_change(change: MergedChange, person: Employee, rng: Random) -> Task:
    opened = change.opened_at - timedelta(minutes=rng.randint(30, 9 * 24 * 60))
    finished = change.merged_at + timedelta(minutes=rng.randint(1, 15))
    course = Course(opened_at=opened, turns=(finished,))
    return _task(person, change.subject, course, change.opened_at)


def _week(person: Employee, mean: float, monday: datetime, rng: Random) -> Iterator[_Draft]:
    for finished in moments_of_week(monday, mean, DISPERSION, rng):
        started = finished - timedelta(minutes=rng.randint(15, 3 * 24 * 60))
        opened = started - timedelta(minutes=rng.randint(5, 9 * 24 * 60))
        course = draw_course(opened, finished, rng, reopened=REOPENED, again=FINISHED_AGAIN)
        if rng.random() < UNFINISHED:
            course = Course(opened_at=opened)
        task = _task(person, title_from(*TITLES[person.job], rng), course, started)
        yield _Draft(_with_oddities(task, rng), None)


def _task(person: Employee, title: str, course: Course, started_at: datetime) -> Task:
    return Task(
        number=0,
        key=project_of(person.team),
        title=title,
        assignee=person.slack_id,
        by_automation=False,
        started_at=started_at,
        course=course,
        resolution="Done",
    )


def _with_oddities(task: Task, rng: Random) -> Task:
    drawn = rng.random()
    if drawn < NOBODYS:
        return replace(task, assignee=None)
    if drawn < NOBODYS + BY_AUTOMATION:
        return replace(task, assignee=None, by_automation=True)
    if drawn < NOBODYS + BY_AUTOMATION + DROPPED:
        return replace(task, resolution="Won't Do")
    return task


def _numbered(drafts: list[_Draft], end: datetime) -> Tasks:
    """Those that are opened by *end*, as they are known then."""
    drafts = [draft for draft in drafts if draft.task.course.opened_at < end]
    drafts.sort(key=lambda draft: (draft.task.course.opened_at, draft.task.key, draft.task.title))
    opened = Counter[str]()
    tasks, named = [], {}
    for number, (task, change) in enumerate(drafts, start=10_001):
        opened[task.key] += 1
        key = f"{task.key}-{opened[task.key]}"
        tasks.append(replace(task, number=number, key=key, course=task.course.until(end)))
        if change is not None:
            named[change] = key
    return Tasks(tuple(tasks), named)
