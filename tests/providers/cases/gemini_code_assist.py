"""Gemini Code Assist: entries of the metadata log."""

from __future__ import annotations

import json

import httpx

from bot.providers.gemini_code_assist import GeminiCodeAssist
from tests.providers.case import SECRET, Case


def page_of(request: httpx.Request) -> str:
    """The log is asked by POST, and which page is wanted is said in the body."""
    token = json.loads(request.content).get("pageToken")
    return f"entries_list_{token}" if token else "entries_list"


CASE = Case(
    provider=GeminiCodeAssist,
    config={"access_token": SECRET, "project": "acme-editors"},
    page_name=page_of,
    has_bill=False,
    circle={"entries": [], "nextPageToken": "again"},
    required={
        "entries_list": [
            ("entries", 0, "insertId"),
            ("entries", 0, "timestamp"),
            ("entries", 0, "labels"),
            ("entries", 0, "jsonPayload"),
        ]
    },
)
