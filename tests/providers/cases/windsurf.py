"""Windsurf: the team's consumption by user and model."""

from __future__ import annotations

import httpx

from bot.providers.windsurf import Windsurf
from tests.providers.case import SECRET, Case


def page_of(request: httpx.Request) -> str:
    cursor = request.url.params.get("page_cursor")
    return f"consumption_{cursor}" if cursor else "consumption"


META = {"data_freshness": "2026-11-20T03:00:00.000Z", "billing_strategy": "CREDITS"}
CASE = Case(
    provider=Windsurf,
    config={"service_key": SECRET},
    page_name=page_of,
    has_bill=False,
    circle={"data": [], "pagination": {"next_page_cursor": "again"}, "metadata": META},
    amount=("consumption", ("data", 0, "consumption", "prompt_credits")),
    required={
        "consumption": [
            ("data",),
            ("pagination",),
            ("metadata", "data_freshness"),
            ("data", 0, "timestamp"),
            ("data", 0, "consumption"),
            ("data", 0, "consumption", "message_count"),
        ]
    },
)
