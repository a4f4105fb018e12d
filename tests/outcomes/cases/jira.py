"""Jira Cloud: three pages of tickets, the second of which is empty, and what they went through."""

from __future__ import annotations

import json

import httpx

from bot.outcomes.jira import JiraSource
from tests.outcomes.case import SECRET, Case


def page_name(request: httpx.Request) -> str:
    """By the token in the body; changes also by the first ticket that they are asked of."""
    path = request.url.path
    if path.endswith("/status"):
        return "statuses"
    if path.endswith("/project/search"):
        start = request.url.params["startAt"]
        return f"projects_from_{start}" if start != "0" else "projects"
    body = json.loads(request.content)
    asks_for_changes = path.endswith("/changelog/bulkfetch")
    name = f"changes_of_{body['issueIdsOrKeys'][0]}" if asks_for_changes else "search"
    token = body.get("nextPageToken")
    return f"{name}_{token}" if token else name


CASE = Case(
    source=JiraSource,
    config={
        "base_url": "https://acme.atlassian.net",
        "email": "upshot@example.com",
        "api_token": SECRET,
    },
    page_name=page_name,
    required={
        "projects": [("values",), ("isLast",), ("values", 0, "key")],
        "statuses": [(0, "id"), (0, "statusCategory"), (0, "statusCategory", "key")],
        "search": [
            ("issues",),
            ("issues", 0, "id"),
            ("issues", 0, "key"),
            ("issues", 0, "fields"),
            ("issues", 0, "fields", "summary"),
            ("issues", 0, "fields", "status"),
            ("issues", 0, "fields", "project"),
            ("issues", 0, "fields", "project", "key"),
            ("issues", 0, "fields", "issuetype"),
            ("issues", 0, "fields", "created"),
            ("issues", 0, "fields", "updated"),
            ("issues", 0, "fields", "assignee", "accountId"),
        ],
        "changes_of_10001": [
            ("issueChangeLogs",),
            ("issueChangeLogs", 0, "issueId"),
            ("issueChangeLogs", 0, "changeHistories"),
            ("issueChangeLogs", 0, "changeHistories", 0, "id"),
            ("issueChangeLogs", 0, "changeHistories", 0, "created"),
            ("issueChangeLogs", 0, "changeHistories", 0, "items"),
            ("issueChangeLogs", 0, "changeHistories", 0, "items", 0, "field"),
        ],
    },
    schemas={
        "projects": "projects",
        "projects_from_2": "projects",
        "statuses": "statuses",
        "search": "issues",
        "search_CAEaAggD": "issues",
        "search_CAEaAggE": "issues",
        "changes_of_10001": "changes",
        "changes_of_10001_UxAQBFRF": "changes",
        "changes_of_10003": "changes",
    },
    circle={"search_CAEaAggE": {"issues": [], "nextPageToken": "CAEaAggE", "isLast": False}},
    titles=(
        "Rotate the certificates",
        "Export invoices as a spreadsheet",
        "Sort the list of customers",
        "Renew the domain",
        "Reset a password",
        "Move a mailbox",
    ),
    forbidden=("projects", "statuses", "search", "changes_of_10001"),
    nonsense=(
        {"base_url": "acme.atlassian.net"},
        {"base_url": "https://ada:secret@acme.atlassian.net"},
        {"site_url": "acme"},
        {"email": ""},
    ),
)
