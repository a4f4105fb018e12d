"""Zendesk: the export of tickets, and that of help-centre articles."""

from __future__ import annotations

import httpx

from bot.outcomes.zendesk import ZendeskSource
from tests.outcomes.case import SECRET, Case

END_OF_FIRST_ARTICLES = "1795089600"


def page_name(request: httpx.Request) -> str:
    params = request.url.params
    if "help_center" in request.url.path:
        is_second = params.get("start_time") == END_OF_FIRST_ARTICLES
        return f"articles_{'second' if is_second else 'first'}"
    return f"tickets_{params.get('cursor', 'first')}"


CASE = Case(
    source=ZendeskSource,
    config={
        "base_url": "https://acme.zendesk.com",
        "email": "admin@example.com",
        "api_token": SECRET,
    },
    page_name=page_name,
    required={
        "tickets_first": [
            ("tickets",),
            ("end_of_stream",),
            ("tickets", 0, "id"),
            ("tickets", 0, "status"),
            ("tickets", 0, "created_at"),
            ("tickets", 0, "updated_at"),
            ("users", 0, "id"),
        ],
        "articles_first": [
            ("articles",),
            ("articles", 0, "id"),
            ("articles", 0, "draft"),
            ("articles", 0, "created_at"),
        ],
    },
    schemas={
        "tickets_first": "tickets",
        "tickets_second": "tickets",
        "articles_first": "articles",
        "articles_second": "articles",
    },
    titles=(
        "Invoice shows the wrong tax",
        "Cannot export the report",
        "Login fails again after the update",
        "Move the account to another plan",
        "Answered by the queue",
        "Closed by a rule",
        "How to read your invoice",
        "Exporting reports step by step",
    ),
    circle={
        "tickets_second": {
            "tickets": [],
            "users": [],
            "after_cursor": "second",
            "end_of_stream": False,
        }
    },
    forbidden=("tickets_first", "tickets_second"),
    partly_forbidden=("articles_first",),
    nonsense=(
        {"base_url": "acme"},
        {"email": None},
        {"api_token": None},
        {"oauth_token": SECRET},
    ),
)
