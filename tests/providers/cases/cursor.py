"""Cursor: the events, members and seats of a team."""

from __future__ import annotations

import json

import httpx

from bot.providers.cursor import Cursor
from tests.providers.case import SECRET, Case


def page_name(request: httpx.Request) -> str:
    """Pages of events are asked for by number, in the body."""
    name = request.url.path.rsplit("/", 1)[-1]
    return f"{name}_{json.loads(request.content)['page']}" if request.content else name


CASE = Case(
    provider=Cursor,
    config={"api_key": SECRET, "seat_price_usd_month": "40"},
    page_name=page_name,
    amount=("filtered-usage-events_1", ("usageEvents", 0, "chargedCents")),
    required={
        "filtered-usage-events_1": [
            ("usageEvents",),
            ("pagination",),
            ("pagination", "hasNextPage"),
            ("usageEvents", 0, "timestamp"),
            ("usageEvents", 0, "userEmail"),
            ("usageEvents", 0, "model"),
            ("usageEvents", 0, "kind"),
        ],
        "daily-usage-data_1": [("data",), ("data", 0, "day"), ("data", 0, "email")],
        "members": [
            ("teamMembers",),
            ("teamMembers", 0, "email"),
            ("teamMembers", 0, "role"),
        ],
    },
    spec="cursor-admin.openapi.json",
)
