"""OpenAI: usage and costs of the API platform."""

from __future__ import annotations

import httpx

from bot.providers.openai import OpenAI
from tests.providers.case import SECRET, Case

CASE = Case(
    provider=OpenAI,
    config={"admin_key": SECRET},
    refused={
        "costs_by_user_id": httpx.Response(400),
        "costs_by_api_key_id": httpx.Response(400),
    },
    circle={"data": [], "has_more": True, "next_page": "again"},
    nowhere={"data": [], "has_more": True, "next_page": None},
    amount=("costs_by_user_id", ("data", 0, "results", 0, "amount", "value")),
    required={
        "completions_by_user_id": [
            ("data", 0, "results"),
            ("data", 0, "start_time"),
            ("data", 0, "results", 0, "input_tokens"),
            ("data", 0, "results", 0, "num_model_requests"),
        ],
        "costs_by_user_id": [
            ("data", 0, "results", 0, "amount"),
            ("data", 0, "results", 0, "amount", "currency"),
        ],
        "users": [("data", 0, "id"), ("has_more",)],
    },
    spec="openai-admin-usage.openapi.json",
)
