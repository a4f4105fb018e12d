"""Anthropic's unified usage and cost, and the same day told otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bench.pages.wire import DAY, Source, WirePage, address_of, in_pages, of, page
from bot.providers.anthropic import Anthropic, analytics

MODELS_A_PERSON = 4
USES = (
    ("claude_code", "claude-opus-5"),
    ("claude_code", "claude-sonnet-5"),
    ("chat", "claude-sonnet-5"),
    ("api", "claude-haiku-5"),
)
_NOT_ASKED_FOR = (
    "actor_type", "agent_id", "claude_tag_category", "claude_tag_user_id", "context_window",
    "deployment_id", "environment_id", "inference_geo", "organization_id", "rbac_group_id",
    "service_tier", "session_id", "slack_channel_id", "speed", "user_profile_id", "workspace_id",
)  # fmt: skip


def anthropic(people: int) -> Source:
    return Source(
        name="anthropic", pages=list(anthropic_day(DAY, people)), understand=of(Anthropic)
    )


def anthropic_day(day: date, people: int, *, revision: int = 0) -> Iterator[WirePage]:
    """Everybody's use and cost of four models; another *revision* differs in every figure."""
    groups = [
        (number, _group(number, product, model))
        for number in range(people)
        for product, model in USES
    ]
    refreshed = f"{day + timedelta(days=2)}T00:00:00Z"
    span = {"starting_at": f"{day}T00:00:00Z", "ending_at": f"{day + timedelta(days=1)}T00:00:00Z"}
    for into, row in ((analytics.UsagePage, _usage), (analytics.CostPage, _cost)):
        for some in in_pages(groups):
            rows = [{**span, **row(number, group, revision)} for number, group in some]
            answer = {"data": rows, "has_more": False, "data_refreshed_at": refreshed}
            yield page(answer, into, len(rows))


def _group(number: int, product: str, model: str) -> dict[str, Any]:
    actor = {
        "type": "user_actor",
        "user_id": f"user_{number:06}",
        "email_address": address_of(number),
        "name": f"Person {number}",
        "deleted": False,
    }
    return {
        "actor": actor,
        "api_key_id": None,
        "cost_type": None,
        "model": model,
        "product": product,
        **dict.fromkeys(_NOT_ASKED_FOR),
    }


def _usage(number: int, group: dict[str, Any], revision: int) -> dict[str, Any]:
    base = 1000 + number % 977 + revision
    usage = {
        "uncached_input_tokens": 45 * base,
        "cache_read_input_tokens": 879 * base,
        "cache_creation": {
            "ephemeral_5m_input_tokens": 23 * base,
            "ephemeral_1h_input_tokens": base,
        },
        "output_tokens": 12 * base,
        "total_tokens": 960 * base,
        "requests": base // 5 + revision,
        "server_tool_use": {"web_search_requests": 0},
    }
    return {"group": group, "usage": usage}


def _cost(number: int, group: dict[str, Any], revision: int) -> dict[str, Any]:
    cents = f"{412 + number % 977 + revision}.{number % 1000:03}"
    cost = {"amount": cents, "list_amount": cents, "currency": "USD"}
    return {"group": {**group, "cost_type": "tokens"}, "cost": cost}
