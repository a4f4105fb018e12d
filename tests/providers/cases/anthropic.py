"""Anthropic: analytics, and the older reports of either kind of organization to fall back to."""

from __future__ import annotations

import httpx

from bot.providers.anthropic import Anthropic
from tests.providers.case import SECRET, Case
from tests.providers.case import page_name as usual_page_name


def page_name(request: httpx.Request) -> str:
    """The Console and Enterprise organizations both have a ``cost_report`` and ``users``."""
    for name in ("cost_report", "users"):
        if request.url.path.endswith(f"/analytics/{name}"):
            return f"analytics_{name}"
    return usual_page_name(request)


CASE = Case(
    provider=Anthropic,
    config={"admin_key": SECRET},
    refused={"usage_by_actor": httpx.Response(403), "cost_by_actor": httpx.Response(403)},
    refused_too={"messages_by_account_id": httpx.Response(403)},
    page_name=page_name,
    circle={"data": [], "has_more": True, "next_page": "again"},
    nowhere={"data": [], "has_more": True, "next_page": None},
    amount=("cost_by_actor", ("data", 0, "cost", "amount")),
    required={
        "usage_by_actor": [
            ("data",),
            ("has_more",),
            ("data", 0, "group"),
            ("data", 0, "starting_at"),
            ("data", 0, "usage", "output_tokens"),
            ("data", 0, "usage", "cache_creation"),
            ("data", 0, "group", "actor", "user_id"),
            ("data", 0, "group", "actor", "type"),
        ],
        "cost_by_actor": [("data", 0, "cost"), ("data", 0, "cost", "amount")],
        "cost": [("data", 0, "cost", "currency")],
    },
    spec="anthropic-admin-analytics.openapi.json",
)
