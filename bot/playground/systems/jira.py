"""A stand-in of Jira Cloud: projects, statuses, searches for tickets, and their changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.company import Company, Task
from bot.playground.providers.errors import RefusedError
from bot.playground.providers.tool_answers import body_of
from bot.playground.systems.atlassian import atlassian_app, place_of, time_in_query, token_for
from bot.playground.systems.jira_issues import STATUSES, changes_of, issue, updated_at

LARGEST_PAGE, LARGEST_BULK, LARGEST_HISTORY = 5000, 1000, 10_000
MOST_FIELDS, MOST_FIELDS_SHOWN = 10, 100
FOUND_AFTER = timedelta(seconds=30)
"""Searches lag behind."""

_JQL: Final = re.compile(r'updated >= "([^"]+)" ORDER BY updated ASC', re.IGNORECASE)
_WHOLE: Final = re.compile(r"[0-9]{1,6}", re.ASCII)


def jira_app(company: Company, *, now: Callable[[], datetime]) -> Starlette:
    """Make the app; nothing that happens after *now* is known to it."""
    jira = _Jira(company, now)
    return atlassian_app(
        {
            ("GET", "/rest/api/3/project/search"): jira.projects,
            ("GET", "/rest/api/3/status"): jira.statuses,
            ("POST", "/rest/api/3/search/jql"): jira.search,
            ("POST", "/rest/api/3/changelog/bulkfetch"): jira.changes,
        },
        lambda refusal: {"errorMessages": [refusal.message], "errors": {}},
    )


class _Jira:
    def __init__(self, company: Company, now: Callable[[], datetime]) -> None:
        self._people = company.people
        self._tasks = company.tasks
        self._by_id = {str(task.number): task for task in company.tasks}
        self._keys = sorted({task.project for task in company.tasks})
        self._now = now

    async def projects(self, request: Request) -> Response:
        first, size = _number(request, "startAt", 0), _number(request, "maxResults", 50)
        shown = self._keys[first : first + min(size, 50)]
        after = first + len(shown)
        page = {
            "startAt": first,
            "maxResults": min(size, 50),
            "total": len(self._keys),
            "isLast": after >= len(self._keys),
            "values": [_project(key) for key in shown],
        }
        return JSONResponse(page)

    async def statuses(self, _: Request) -> Response:
        return JSONResponse(list(STATUSES.values()))

    async def search(self, request: Request) -> Response:
        """In pages that are shorter than asked; ids alone unless fields are asked for."""
        asked = await body_of(request)
        jql = asked.get("jql")
        fields = _strings(asked, "fields", MOST_FIELDS_SHOWN) if "fields" in asked else []
        size = _size(asked, usual=50, most=LARGEST_PAGE)
        found = self._updated_since(_restriction(jql))
        place = place_of(asked.get("nextPageToken"), str(jql))
        after = place + max(1, size * 4 // 5)
        issues = [issue(task, self._people, fields, self._now()) for task in found[place:after]]
        return JSONResponse({"issues": issues, **_what_follows(str(jql), after, len(found))})

    async def changes(self, request: Request) -> Response:
        """All changes of the fields asked for; a ticket's may be spread over two pages."""
        asked = await body_of(request)
        tasks = [self._task(id_) for id_ in _strings(asked, "issueIdsOrKeys", LARGEST_BULK)]
        fields = _strings(asked, "fieldIds", MOST_FIELDS)
        changes = [
            (task, change)
            for task in tasks
            for change in changes_of(task, self._people, fields, self._now())
        ]
        question = json.dumps([asked["issueIdsOrKeys"], fields])
        place = place_of(asked.get("nextPageToken"), question)
        after = place + _size(asked, usual=1000, most=LARGEST_HISTORY)
        logs: dict[str, list[dict[str, Any]]] = {}
        for task, change in changes[place:after]:
            logs.setdefault(str(task.number), []).append(change)
        page: dict[str, Any] = {
            "issueChangeLogs": [
                {"issueId": id_, "changeHistories": histories} for id_, histories in logs.items()
            ]
        }
        if after < len(changes):
            page["nextPageToken"] = token_for(question, after)
        return JSONResponse(page)

    def _updated_since(self, first: datetime) -> list[Task]:
        known = self._now() - FOUND_AFTER
        times = ((updated_at(task, self._now()), task) for task in self._tasks)
        found = [(at, task.number, task) for at, task in times if at and first <= at <= known]
        return [task for _, _, task in sorted(found, key=lambda each: each[:2])]

    def _task(self, id_: str) -> Task:
        if id_ not in self._by_id:
            raise RefusedError(400, "One of the tickets does not exist.")
        return self._by_id[id_]


def _restriction(jql: object) -> datetime:
    restriction, _, _ = jql.upper().partition("ORDER BY") if isinstance(jql, str) else ("", "", "")
    if not restriction.strip():
        raise RefusedError(400, "Unbounded JQL queries are not allowed here.")
    asked = _JQL.fullmatch(str(jql))
    if asked is None:
        raise RefusedError(400, 'This stand-in knows updated >= "…" ORDER BY updated ASC alone.')
    return time_in_query(asked[1])


def _what_follows(question: str, after: int, found: int) -> dict[str, Any]:
    """On the last page the token is absent, not null."""
    if after >= found:
        return {"isLast": True}
    return {"isLast": False, "nextPageToken": token_for(question, after)}


def _size(asked: dict[str, Any], *, usual: int, most: int) -> int:
    size = asked.get("maxResults", usual)
    if not (isinstance(size, int) and 0 < size <= most):
        raise RefusedError(400, f"maxResults is a whole number from 1 to {most}.")
    return size


def _strings(asked: dict[str, Any], name: str, most: int) -> list[str]:
    given = asked.get(name)
    if not (isinstance(given, list) and given and all(isinstance(each, str) for each in given)):
        raise RefusedError(400, f"{name} is a list of texts.")
    if len(given) > most:
        raise RefusedError(400, f"{name} has at most {most}.")
    return given


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not _WHOLE.fullmatch(text):
        raise RefusedError(400, f"{name} is a whole number.")
    return int(text)


def _project(key: str) -> dict[str, Any]:
    return {
        "id": str(20_000 + int.from_bytes(key.encode()) % 10_000),
        "key": key,
        "name": f"Project {key}",
        "projectTypeKey": "software",
        "simplified": False,
        "style": "classic",
        "isPrivate": False,
    }
