"""Devin: the enterprise's consumption, its members and the consumption of each."""

from __future__ import annotations

import httpx

from bot.providers.devin import Devin
from tests.providers.case import SECRET, Case


def page_of(request: httpx.Request) -> str:
    name = request.url.path.rsplit("/", 1)[-1].replace("|", "_")
    after = request.url.params.get("after")
    return f"{name}_{after}" if after else name


CASE = Case(
    provider=Devin,
    config={"api_key": SECRET, "usd_per_acu": "2.25"},
    page_name=page_of,
    circle={"consumption_by_date": [], "items": [], "has_next_page": True, "end_cursor": "again"},
    nowhere={"consumption_by_date": [], "items": [], "has_next_page": True, "end_cursor": None},
    amount=("daily", ("consumption_by_date", 0, "acus")),
    required={
        "daily": [
            ("consumption_by_date",),
            ("consumption_by_date", 0, "acus"),
            ("consumption_by_date", 0, "date"),
        ],
        "okta_ana": [("consumption_by_date",)],
        "users": [("items",), ("has_next_page",)],
    },
)
