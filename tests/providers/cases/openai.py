"""OpenAI: usage and costs of the API platform."""

from __future__ import annotations

import httpx

from bot.providers.openai import OpenAI
from tests.providers.case import SECRET, Case

NUMBERS = ("data", 0, "results", 0)

CASE = Case(
    provider=OpenAI,
    config={"admin_key": SECRET},
    refused={
        "embeddings_by_user_id": httpx.Response(400),
        "images_by_user_id": httpx.Response(404),
        "costs_by_user_id": httpx.Response(400),
        "costs_by_api_key_id": httpx.Response(400),
        "projects": httpx.Response(403),
    },
    circle={"data": [], "has_more": True, "next_page": "again"},
    nowhere={"data": [], "has_more": True, "next_page": None},
    amount=("costs_by_user_id", (*NUMBERS, "amount", "value")),
    required={
        "completions_by_user_id": [
            ("data", 0, "results"),
            ("data", 0, "start_time"),
            (*NUMBERS, "input_tokens"),
            (*NUMBERS, "output_tokens"),
            (*NUMBERS, "num_model_requests"),
        ],
        "embeddings_by_user_id": [(*NUMBERS, "input_tokens")],
        "images_by_user_id": [(*NUMBERS, "num_model_requests")],
        "web_search_calls_by_user_id": [(*NUMBERS, "num_requests")],
        "code_interpreter_sessions_by_project_id": [(*NUMBERS, "num_sessions")],
        "vector_stores_by_project_id": [(*NUMBERS, "usage_bytes")],
        "costs_by_user_id": [(*NUMBERS, "amount"), (*NUMBERS, "amount", "currency")],
        "users": [("data", 0, "id"), ("has_more",)],
        "projects": [("data", 0, "id")],
        "api_keys": [("data", 0, "owner")],
    },
    spec="openai-admin-usage.openapi.json",
)
