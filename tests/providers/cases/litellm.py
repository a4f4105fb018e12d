"""LiteLLM: daily activity by model and key, and the list of users where addresses are missing."""

from __future__ import annotations

import httpx

from bot.providers.litellm import LiteLLM
from tests.providers.case import SECRET, Case


def page_name(request: httpx.Request) -> str:
    return f"{request.url.path.rsplit('/', 1)[-1]}_{request.url.params['page']}"


KEY = "a" * 64
CELL = ("results", 0, "breakdown", "models", "claude-sonnet-5", "api_key_breakdown", KEY)

CASE = Case(
    provider=LiteLLM,
    config={"admin_key": SECRET, "base_url": "http://127.0.0.1:4000"},
    page_name=page_name,
    circle={
        "results": [],
        "metadata": {"page": 1, "has_more": True},
        "users": [],
        "page": 1,
        "total_pages": 2,
    },
    amount=("activity_1", (*CELL, "metrics", "spend")),
    required={
        "activity_1": [
            ("results",),
            ("metadata",),
            ("metadata", "page"),
            ("metadata", "has_more"),
            ("results", 0, "date"),
            ("results", 0, "breakdown"),
            ("results", 0, "breakdown", "models"),
            ("results", 0, "breakdown", "api_keys"),
            (*CELL, "metrics"),
            (*CELL, "metrics", "spend"),
            (*CELL, "metrics", "prompt_tokens"),
            (*CELL, "metrics", "completion_tokens"),
            (*CELL, "metrics", "cache_read_input_tokens"),
            (*CELL, "metrics", "api_requests"),
        ],
        "list_1": [("users",), ("total_pages",)],
    },
    has_bill=False,
    maps=frozenset({"models", "api_keys", "entities", "api_key_breakdown"}),
    spec="litellm-proxy.openapi.json",
)
