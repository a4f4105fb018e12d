"""Confluence Cloud: two pages of what was found, and two of the spaces."""

from __future__ import annotations

import httpx

from bot.outcomes.confluence import ConfluenceSource
from tests.outcomes.case import SECRET, Case


def page_name(request: httpx.Request) -> str:
    """The end of the path, with the cursor that it is asked from."""
    name = request.url.path.rsplit("/", 1)[-1]
    cursor = request.url.params.get("cursor", "").strip("_=")
    return f"{name}_{cursor}" if cursor else name


CASE = Case(
    source=ConfluenceSource,
    config={
        "base_url": "https://acme.atlassian.net",
        "email": "upshot@example.com",
        "api_token": SECRET,
    },
    page_name=page_name,
    required={
        "spaces": [("results",), ("results", 0, "key"), ("_links",)],
        "search": [
            ("results",),
            ("_links",),
            ("results", 0, "id"),
            ("results", 0, "type"),
            ("results", 0, "status"),
            ("results", 0, "title"),
            ("results", 0, "space"),
            ("results", 0, "space", "key"),
            ("results", 0, "history"),
            ("results", 0, "history", "createdDate"),
        ],
    },
    schemas={
        "spaces": "spaces",
        "spaces_eyJpZCI6IjIifQ": "spaces",
        "search": "search",
        "search_sa_WzE3NjM": "search",
    },
    circle={
        "search_sa_WzE3NjM": {
            "results": [],
            "_links": {"next": "/rest/api/content/search?next=true&cursor=_sa_WzE3NjM%3D"},
        }
    },
    titles=(
        "How we roll back",
        "Handover of the night shift",
        "What we learned in the migration",
        "Weekly report of the backups",
        "Wishes from visitors",
    ),
    forbidden=("spaces", "search", "search_sa_WzE3NjM"),
    nonsense=(
        {"base_url": "acme.atlassian.net"},
        {"base_url": "https://ada:secret@acme.atlassian.net"},
        {"email": ""},
    ),
)
