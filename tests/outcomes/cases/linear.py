"""Linear: teams, states, and issues that are completed or were."""

from __future__ import annotations

import json
import re

import httpx

from bot.outcomes.linear.source import LinearSource
from tests.outcomes.case import SECRET, Case
from tests.outcomes.recorded_work import load_page

PAGES = {"teams": 1, "states": 2, "done": 2, "open": 1, "history": 1}


def page_name(request: httpx.Request) -> str:
    """Questions are told by their names, pages by the numbers at the ends of their cursors."""
    asked = json.loads(request.content)
    [name] = re.findall(r"query (\w+)\(", asked["query"])
    if PAGES[name.lower()] == 1:
        return str(name.lower())
    number = (asked["variables"]["after"] or "-1").rpartition("-")[2]
    return f"{name.lower()}_{number}"


def _circle() -> dict[str, object]:
    page = load_page("linear", "done_2")
    page["data"]["found"]["pageInfo"] = {"hasNextPage": True, "endCursor": "done-2"}
    return {"done_2": page}


NODES = ("data", "found", "nodes")

CASE = Case(
    source=LinearSource,
    config={"api_key": SECRET},
    page_name=page_name,
    required={
        "teams": [(*NODES, 0, "key"), NODES, ("data", "found", "pageInfo")],
        "states_1": [
            (*NODES, 0, "id"),
            (*NODES, 0, "type"),
            ("data", "found", "pageInfo", "hasNextPage"),
        ],
        "done_1": [
            NODES,
            ("data", "found", "pageInfo"),
            *(
                (*NODES, 0, field)
                for field in (
                    "id",
                    "identifier",
                    "previousIdentifiers",
                    "title",
                    "url",
                    "createdAt",
                    "updatedAt",
                    "completedAt",
                    "archivedAt",
                    "trashed",
                    "team",
                    "assignee",
                    "delegate",
                    "attachments",
                )
            ),
            (*NODES, 0, "assignee", "app"),
            (*NODES, 0, "delegate", "name"),
        ],
        "open": [
            (*NODES, 0, "history"),
            (*NODES, 0, "history", "pageInfo"),
            (*NODES, 0, "history", "nodes", 0, "createdAt"),
        ],
        "history": [("data", "found", "history")],
    },
    schemas={
        "teams": "teams",
        "states_1": "states",
        "states_2": "states",
        "done_1": "issues",
        "done_2": "issues",
        "open": "openIssues",
        "history": "history",
    },
    titles=(
        "Rotate the signing keys",
        "Drop the legacy importer",
        "Renew the wildcard certificate",
        "Archive the old dashboards",
        "Speed up the nightly import",
    ),
    circle=_circle(),
    forbidden=("teams", "states_1", "done_1", "done_2", "open", "history"),
    nonsense=({"api_key": None}, {"oauth_token": SECRET}),
)
