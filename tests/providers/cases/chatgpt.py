"""ChatGPT: a workspace's unified usage."""

from __future__ import annotations

from bot.providers.chatgpt import ChatGPT
from tests.providers.case import SECRET, Case

CASE = Case(
    provider=ChatGPT,
    config={"admin_key": SECRET, "workspace_id": "ws-example"},
    required={
        "usage": [
            ("data",),
            ("has_more",),
            ("data", 0, "totals"),
            ("data", 0, "start_time"),
            ("data", 0, "end_time"),
        ]
    },
    amount=("usage", ("data", 0, "totals", "credits")),
    circle={"data": [], "has_more": True, "next_page": "again"},
    nowhere={"data": [], "has_more": True, "next_page": None},
    has_bill=False,
    spec="openai-chatgpt-workspace-analytics.openapi.json",
)
