"""Each engineer's merged pull requests, with the marks AI leaves on them, reverts and re-lands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, takewhile
from math import log10
from random import Random
from typing import Literal, NamedTuple

from bot.playground.company.courses import LONGEST_WAIT, mondays_of_work
from bot.playground.company.delivery import midnight
from bot.playground.company.habits import ENGINEER_MEDIAN
from bot.playground.company.marks import Agent, coauthor_line, draw_agent, draw_marks
from bot.playground.company.people import Employee
from bot.playground.company.teams import poisson

WEEKLY_MEAN, WEEKLY_DISPERSION, WITHOUT_AI = 2.2, 1.2, 0.62
SPEND_LINK = 0.3
MARKED_SHARE, AGENT_WITH_HUMAN, AGENT_ALONE = 0.35, 0.08, 0.05
CHANGES_BY_USERS = 0.9  # so that the three shares hold for all changes
MERGE_COMMIT_SHARE = 0.10
REVERTED_SHARE, RELANDED_SHARE = 0.01, 0.10
VERBS = "Add Allow Avoid Cache Check Fix Handle Move Remove Rename Show Simplify Speed-up Test Use"
THINGS = (
    "invoice-export retry-policy login-page search-index rate-limits audit-trail webhooks "
    "feature-flags date-parsing price-rounding upload-queue error-texts sessions mail-templates "
    "address-form connection-pool nightly-import tax-rules dark-mode keyboard-access"
)

Style = Literal["squash", "merge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedChange:
    """One merged pull request as it is; `credited_to` is the one human it counts for, if any.

    Its subject begins with the key of the task that it finishes, if it finishes one.
    """

    number: int
    subject: str
    author_name: str
    author_email: str
    credited_to: str | None
    opened_at: datetime
    merged_at: datetime
    style: Style
    lines: int
    ai_tools: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    agent_authored: bool = False
    reverts: int | None = None
    reverted: bool = False


class Draft(NamedTuple):
    """A change before it has a number, and what undoes it and brings it back, if anything does."""

    person: Employee
    monday: datetime
    change: MergedChange
    undo: MergedChange | None
    again: MergedChange | None


def draft_changes(
    employees: Sequence[Employee],
    usual_dollars: Mapping[str, float],
    start: date,
    end: date,
    seed: int,
) -> tuple[Draft, ...]:
    """Make the changes of all whole weeks from *start* on, those under way at *end* too.

    What happens in a week is drawn for this week alone, however many others there are.
    """
    drafts: list[Draft] = []
    for person in employees:
        if person.job == "engineering":
            weekly = _weekly_mean(usual_dollars.get(person.slack_id))
            for monday in mondays_of_work(start, end):
                rng = Random("/".join((str(seed), "work", person.slack_id, str(monday))))
                uses_ai = person.slack_id in usual_dollars
                drafts.extend(_week(person, weekly, monday, rng, uses_ai=uses_ai))
    return tuple(drafts)


def merged_changes_of(
    drafts: Sequence[Draft], named: Mapping[int, str], end: date, seed: int
) -> tuple[MergedChange, ...]:
    """What is merged by *end*, named by the tasks it finishes and numbered as it was merged."""
    titled = [
        draft._replace(change=replace(draft.change, subject=f"{named[n]} {draft.change.subject}"))
        if n in named
        else draft
        for n, draft in enumerate(drafts)
    ]
    return _numbered([*_with_reverts(titled, midnight(end))], Random(f"{seed}/numbers"))


def _weekly_mean(usual_dollars: float | None) -> float:
    if usual_dollars is None:
        return WEEKLY_MEAN * WITHOUT_AI
    return WEEKLY_MEAN * max(0.2, 1 + SPEND_LINK * log10(usual_dollars / ENGINEER_MEDIAN))


def _week(
    person: Employee, mean: float, monday: datetime, rng: Random, *, uses_ai: bool
) -> Iterator[Draft]:
    expected = rng.gammavariate(WEEKLY_DISPERSION, mean / WEEKLY_DISPERSION)
    for _ in range(poisson(expected, rng)):
        merged_at = monday + timedelta(
            days=rng.randrange(5), hours=rng.randrange(7, 19), seconds=rng.randrange(3600)
        )
        change = _change(person, merged_at, rng)
        if uses_ai:
            change = _marked(change, person, rng)
        undo = _undo(change, rng) if rng.random() < REVERTED_SHARE else None
        again = _undo(undo, rng) if undo and rng.random() < RELANDED_SHARE else None
        yield Draft(person, monday, change, undo, again)


def _change(person: Employee, merged_at: datetime, rng: Random) -> MergedChange:
    return MergedChange(
        number=0,
        subject=f"{rng.choice(VERBS.split())} {rng.choice(THINGS.split())}".replace("-", " "),
        author_name=person.name,
        author_email=rng.choice(person.commit_emails),
        credited_to=person.slack_id,
        opened_at=merged_at
        - min(timedelta(minutes=int(rng.lognormvariate(6.5, 1.0))), LONGEST_WAIT),
        merged_at=merged_at,
        style="merge" if rng.random() < MERGE_COMMIT_SHARE else "squash",
        lines=1 + min(400, int(rng.lognormvariate(3.0, 1.0))),
    )


def _marked(draft: MergedChange, person: Employee, rng: Random) -> MergedChange:
    drawn = rng.random() * CHANGES_BY_USERS
    if drawn < AGENT_ALONE:
        return _by_agent(draft, draw_agent(rng), None)
    if drawn < AGENT_ALONE + AGENT_WITH_HUMAN:
        return _by_agent(draft, draw_agent(rng), person)
    if drawn < AGENT_ALONE + AGENT_WITH_HUMAN + MARKED_SHARE:
        tool, lines = draw_marks([account.provider for account in person.accounts], rng)
        return replace(draft, ai_tools=(tool,), trailers=lines)
    return draft


def _by_agent(draft: MergedChange, agent: Agent, person: Employee | None) -> MergedChange:
    return replace(
        draft,
        author_name=agent.name,
        author_email=agent.email,
        credited_to=person.slack_id if person else None,
        agent_authored=True,
        ai_tools=(agent.tool,),
        trailers=(coauthor_line(person.name, person.email),) if person else (),
    )


def _with_reverts(
    drafts: Sequence[Draft], end: datetime
) -> Iterator[tuple[MergedChange, int, int | None]]:
    """Give each change with a serial number and the serial number of what it reverts."""
    serials = count(len(drafts))
    for serial, draft in enumerate(drafts):
        merged, undone = _merged_by(end, draft), None
        for place, change in enumerate(merged):
            own = serial if undone is None else next(serials)
            is_reverted = (len(merged) - place) % 2 == 0
            yield replace(change, reverted=is_reverted), own, undone
            undone = own


def _merged_by(end: datetime, draft: Draft) -> list[MergedChange]:
    """The change, what undoes it and what brings it back, as far as that came to be."""
    steps = (draft.change, draft.undo, draft.again)
    made = [step for step in steps if step is not None]
    return [*takewhile(lambda step: step.merged_at < end, made)]


def _undo(change: MergedChange, rng: Random) -> MergedChange:
    delay = timedelta(minutes=5 + int(rng.lognormvariate(5.0, 2.2)))
    return replace(
        change,
        subject=f'Revert "{change.subject}"',
        opened_at=change.merged_at + delay / 2,
        merged_at=change.merged_at + delay,
        style="squash",
        ai_tools=(),
        trailers=(),
        agent_authored=False,
    )


def _numbered(
    drafts: list[tuple[MergedChange, int, int | None]], rng: Random
) -> tuple[MergedChange, ...]:
    drafts.sort(key=lambda draft: (draft[0].merged_at, draft[1]))
    numbers: dict[int, int] = {}
    subjects: dict[int, str] = {}
    changes, number = [], 100
    for draft, serial, target in drafts:
        number += rng.randint(1, 3)
        numbers[serial] = number
        subject = draft.subject if target is None else f'Revert "{subjects[target]}"'
        subjects[serial] = f"{subject} (#{number})"
        reverts = None if target is None else numbers[target]
        changes.append(replace(draft, number=number, subject=subject, reverts=reverts))
    return tuple(changes)
