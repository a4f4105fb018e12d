"""GitHub Copilot: an enterprise, whose charges are exported."""

from __future__ import annotations

import httpx

from bot.providers.copilot import Copilot
from tests.providers.case import SECRET, Case


def page_name(request: httpx.Request) -> str:
    """The end of the path; whose bill is asked for; an export's own page is named ``report``."""
    *_, parent, name = request.url.path.split("/")
    user = request.url.params.get("user")
    if parent == "reports" and name.count("-") == 4:
        return "report"
    return f"{name}_of_{user}" if user else name.split(".")[0]


CASE = Case(
    provider=Copilot,
    config={"token": SECRET, "enterprise": "octo-corp", "seat_price_usd_month": "21"},
    page_name=page_name,
    required={
        "seats": [
            ("total_seats",),
            ("seats",),
            ("seats", 0, "created_at"),
            ("seats", 0, "assignee", "id"),
            ("seats", 0, "assignee", "login"),
        ],
        "users-1-day": [("download_links",), ("report_day",)],
        "part-2": [("day_totals", 0, "day"), ("day_totals", 0, "user_id")],
        "reports": [("id",), ("status",)],
        "report": [("status",)],
        "graphql": [
            (
                "data",
                "owner",
                "ownerInfo",
                "samlIdentityProvider",
                "externalIdentities",
                "pageInfo",
                "hasNextPage",
            ),
        ],
    },
)
