"""OpenRouter: the activity of a day, as a whole and member by member."""

from __future__ import annotations

import httpx

from bot.providers.openrouter import OpenRouter
from tests.providers.case import SECRET, Case


def page_name(request: httpx.Request) -> str:
    name = request.url.path.rsplit("/", 1)[-1]
    params = request.url.params
    whose = params.get("offset") or params.get("user_id")
    return f"{name}_{whose}" if whose else name


CASE = Case(
    provider=OpenRouter,
    config={"management_key": SECRET},
    page_name=page_name,
    amount=("activity_user_ana", ("data", 0, "usage")),
    required={
        "activity": [("data",), ("data", 0, "date"), ("data", 0, "usage")],
        "activity_user_ana": [
            ("data",),
            ("data", 0, "date"),
            ("data", 0, "model"),
            ("data", 0, "usage"),
            ("data", 0, "requests"),
        ],
        "members_0": [("data",), ("data", 0, "id"), ("data", 0, "email")],
    },
    spec="openrouter-activity.openapi.json",
)
