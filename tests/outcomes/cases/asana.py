"""Asana: projects, members, and the tasks of each."""

from __future__ import annotations

import httpx

from bot.outcomes.asana import AsanaSource
from tests.outcomes.case import SECRET, Case
from tests.outcomes.recorded_work import load_page

ONE_PAGE = "users"


def page_name(request: httpx.Request) -> str:
    """Lists, each member's tasks apart, by the numbers at the ends of their offsets."""
    params = request.url.params
    name = request.url.path.rsplit("/", 1)[-1]
    if name == ONE_PAGE:
        return name
    number = params.get("offset", "-1").rpartition("-")[2]
    return "_".join(filter(None, (name, params.get("assignee"), number)))


def _circle() -> dict[str, object]:
    page = load_page("asana", "tasks_1001_2")
    page["next_page"] = load_page("asana", "tasks_1001_1")["next_page"]
    return {"tasks_1001_2": page}


CASE = Case(
    source=AsanaSource,
    config={"token": SECRET, "workspace": "9001"},
    page_name=page_name,
    required={
        "projects_1": [("data",), ("data", 0, "gid"), ("next_page", "offset")],
        "users": [("data",), ("data", 0, "gid")],
        "tasks_1001_1": [
            ("data",),
            *(
                ("data", 0, field)
                for field in (
                    "gid",
                    "name",
                    "completed",
                    "completed_at",
                    "created_at",
                    "modified_at",
                    "assignee",
                    "projects",
                )
            ),
            ("data", 0, "assignee", "gid"),
            ("data", 0, "projects", 0, "gid"),
        ],
    },
    schemas={
        "projects_1": "projects",
        "projects_2": "projects",
        "users": "users",
        "tasks_1001_1": "tasks",
        "tasks_1001_2": "tasks",
        "tasks_1002_1": "tasks",
        "tasks_1003_1": "tasks",
    },
    titles=(
        "Send the autumn newsletter",
        "Agree on the price list",
        "Hand over the onboarding",
        "Book the venue",
        "Order name badges",
        "Answer the auditors",
    ),
    circle=_circle(),
    forbidden=("projects_1", "projects_2", "users"),
    nonsense=({"workspace": "../users"}, {"workspace": ""}),
)
