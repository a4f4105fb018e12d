"""GitLab: two groups with their projects, merge requests, commits and authors."""

from __future__ import annotations

import httpx

from bot.outcomes.gitlab import GitLabSource
from tests.outcomes.case import SECRET, Case
from tests.outcomes.recorded_work import load_page, page_names


def page_name(request: httpx.Request) -> str:
    """What is asked of whom, and which page of it; what is not recorded is an empty list."""
    path = request.url.raw_path.decode().partition("?")[0].removeprefix("/api/v4/")
    match path.split("/"):
        case ["groups", group, what]:
            name = f"{what}_{group.replace('%2F', '_')}_{request.url.params['page']}"
        case ["projects", project, "merge_requests", number, "commits"]:
            name = f"commits_{project}_{number}"
        case ["users", number]:
            return f"user_{number}"
        case _:
            raise AssertionError(path)
    return name if name in page_names("gitlab") else "nothing"


CASE = Case(
    source=GitLabSource,
    config={"token": SECRET, "groups": ["acme", "globex/apps"]},
    page_name=page_name,
    required={
        "projects_acme_1": [(0, "id"), (0, "path_with_namespace")],
        "merge_requests_acme_1": [
            (1, "id"),
            (1, "iid"),
            (1, "project_id"),
            (1, "title"),
            (1, "created_at"),
            (1, "merged_at"),
            (1, "source_branch"),
            (1, "target_branch"),
            (1, "author"),
            (1, "author", "id"),
            (1, "author", "username"),
            (1, "author", "name"),
            (3, "assignees", 0, "id"),
            (1, "merge_user", "username"),
        ],
        "commits_7_41": [(0, "message"), (0, "author_name"), (0, "author_email")],
        "user_12": [("id",)],
    },
    schemas={
        "projects_acme_1": "projects",
        "projects_globex_apps_1": "projects",
        "merge_requests_acme_1": "merge_requests",
        "merge_requests_acme_2": "merge_requests",
        "merge_requests_globex_apps_1": "merge_requests",
        "commits_7_41": "commits",
        "commits_8_5": "commits",
        "commits_8_7": "commits",
        "user_12": "user",
        "user_13": "user",
        "user_21": "user",
        "nothing": "nothing",
    },
    titles=(
        "OPS-12 Keep the basket between visits",
        "Show prices with tax",
        'Revert "Show prices with tax"',
        "Retry the payment call once",
        "Translate the help pages",
        "Name the queues by region",
        "Sort orders by day",
    ),
    circle={"merge_requests_acme_2": load_page("gitlab", "merge_requests_acme_1")},
    forbidden=("merge_requests_acme_1",),
    partly_forbidden=("projects_acme_1", "projects_globex_apps_1"),
    nonsense=(
        {"groups": []},
        {"groups": ["../admin"]},
        {"groups": ["acme//web"]},
        {"groups": ["acme?private=true"]},
        {"base_url": "gitlab.example.com"},
        {"base_url": "https://user:password@gitlab.example.com"},
        {"lookups": -1},
    ),
)
