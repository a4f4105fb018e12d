"""Tasks as Jira shows them: their fields as they are at a time, and the changes that led there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.playground.company import Employee, Task
from bot.playground.systems.atlassian import AUTOMATION, READER_ZONE, SITE, account, hides_address

TO_DO, IN_PROGRESS, DONE = "10000", "3", "10001"
_CATEGORIES = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}

State = tuple[str, str | None]
"""The status' id, and the resolution."""


def _status(id_: str, name: str, category: str) -> dict[str, Any]:
    number, category_name = _CATEGORIES[category]
    return {
        "self": f"{SITE}/rest/api/3/status/{id_}",
        "id": id_,
        "name": name,
        "description": "",
        "statusCategory": {"id": number, "key": category, "name": category_name},
    }


STATUSES: Mapping[str, dict[str, Any]] = {
    TO_DO: _status(TO_DO, "To Do", "new"),
    IN_PROGRESS: _status(IN_PROGRESS, "In Progress", "indeterminate"),
    DONE: _status(DONE, "Done", "done"),
}
_RESOLUTION_IDS = {"Done": "10000", "Won't Do": "10001"}


def updated_at(task: Task, now: datetime) -> datetime | None:
    """When it was last changed as far as is known; ``None`` before there is such a task."""
    happened = [at for at, _ in _states(task) if at <= now]
    return happened[-1] if happened else None


def issue(
    task: Task, people: Mapping[str, Employee], fields: Collection[str], now: datetime
) -> dict[str, Any]:
    """The task at *now*: its id, and beside it no more than is asked for."""
    shown = {"id": str(task.number)}
    if not fields:
        return shown
    known = _fields(task, people, now)
    return {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        **shown,
        "self": f"{SITE}/rest/api/3/issue/{task.number}",
        "key": task.key,
        "fields": {name: known[name] for name in fields if name in known},
    }


def changes_of(
    task: Task, people: Mapping[str, Employee], fields: Collection[str], now: datetime
) -> Iterator[dict[str, Any]]:
    """Its changes up to *now*, the latest first, as far as they are of *fields*."""
    happened = [(at, state) for at, state in _states(task) if at <= now]
    steps = list(pairwise(happened))
    for place, ((_, before), (at, after)) in reversed(list(enumerate(steps))):
        items = [item for item in _items(before, after) if item["fieldId"] in fields]
        if items:
            yield {
                "id": str(task.number * 10 + place),
                "author": _assignee(task, people) or AUTOMATION,
                "created": _written(at),
                "items": items,
            }


def _states(task: Task) -> Sequence[tuple[datetime, State]]:
    """How it was created and what it was changed to, oldest first."""
    states: list[tuple[datetime, State]] = [
        (task.course.opened_at, (TO_DO, None)),
        (task.started_at, (IN_PROGRESS, None)),
    ]
    for place, at in enumerate(task.course.turns):
        is_finished = place % 2 == 0
        states.append((at, (DONE, task.resolution) if is_finished else (IN_PROGRESS, None)))
    return states


def _fields(task: Task, people: Mapping[str, Employee], now: datetime) -> dict[str, Any]:
    happened = [(at, state) for at, state in _states(task) if at <= now]
    at, (status, resolution) = happened[-1]
    return {
        "summary": task.title,
        "status": STATUSES[status],
        "resolution": _resolution(resolution),
        "resolutiondate": _written(at) if resolution else None,
        "assignee": _assignee(task, people),
        "project": {"key": task.project, "projectTypeKey": "software", "simplified": False},
        "issuetype": {"id": "10002", "name": "Task", "subtask": False, "hierarchyLevel": 0},
        "created": _written(task.course.opened_at),
        "updated": _written(at),
        "statuscategorychangedate": _written(at),
        "description": f"What is to be done about {task.key}, at length.",
    }


def _resolution(name: str | None) -> dict[str, Any] | None:
    return None if name is None else {"id": _RESOLUTION_IDS[name], "name": name}


def _assignee(task: Task, people: Mapping[str, Employee]) -> dict[str, Any] | None:
    """Where the profile hides the address, it is left out."""
    if task.by_automation:
        return dict(AUTOMATION)
    if task.assignee is None:
        return None
    person = people[task.assignee]
    return account(person, {} if hides_address(person) else {"emailAddress": person.email})


def _items(before: State, after: State) -> Iterator[dict[str, Any]]:
    (old_status, old_resolution), (new_status, new_resolution) = before, after
    if old_resolution != new_resolution:
        yield {
            **_item("resolution"),
            "from": _RESOLUTION_IDS.get(old_resolution or ""),
            "fromString": old_resolution,
            "to": _RESOLUTION_IDS.get(new_resolution or ""),
            "toString": new_resolution,
        }
    yield {
        **_item("status"),
        "from": old_status,
        "fromString": STATUSES[old_status]["name"],
        "to": new_status,
        "toString": STATUSES[new_status]["name"],
    }


def _item(field: str) -> dict[str, Any]:
    return {"field": field, "fieldtype": "jira", "fieldId": field}


def _written(at: datetime) -> str:
    """In the time zone of whoever asks."""
    return f"{at.astimezone(READER_ZONE):%Y-%m-%dT%H:%M:%S.000%z}"
