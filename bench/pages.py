"""Made-up answers of the providers' APIs, as the bytes that come over the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

import msgspec

from bot.domain.periods import midnight
from bot.http import _decode
from bot.providers.anthropic import analytics
from bot.providers.openai import pages as openai

ROWS_A_PAGE = 1000
MODELS_A_PERSON = 4
ANTHROPIC_USES = (
    ("claude_code", "claude-opus-5"),
    ("claude_code", "claude-sonnet-5"),
    ("chat", "claude-sonnet-5"),
    ("api", "claude-haiku-5"),
)
OPENAI_MODELS = ("gpt-6-astra", "gpt-6-astra-mini", "gpt-6-nova", "gpt-6-nova-mini")
_NOT_ASKED_FOR = (
    "actor_type", "agent_id", "claude_tag_category", "claude_tag_user_id", "context_window",
    "deployment_id", "environment_id", "inference_geo", "organization_id", "rbac_group_id",
    "service_tier", "session_id", "slack_channel_id", "speed", "user_profile_id", "workspace_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WirePage:
    content: bytes
    into: type[Any]
    rows: int

    def decode(self) -> Any:
        return _decode(self.content, self.into, "a made-up page")


def address_of(number: int) -> str:
    return f"person{number}@example.com"


def anthropic_day(day: date, people: int, *, revision: int = 0) -> Iterator[WirePage]:
    """Everybody's use and cost of four models; another *revision* differs in every figure."""
    groups = [
        (number, _anthropic_group(number, product, model))
        for number in range(people)
        for product, model in ANTHROPIC_USES
    ]
    refreshed = f"{day + timedelta(days=2)}T00:00:00Z"
    span = {"starting_at": f"{day}T00:00:00Z", "ending_at": f"{day + timedelta(days=1)}T00:00:00Z"}
    for into, row in ((analytics.UsagePage, _usage), (analytics.CostPage, _cost)):
        for some in _in_pages(groups):
            rows = [{**span, **row(number, group, revision)} for number, group in some]
            page = {"data": rows, "has_more": False, "data_refreshed_at": refreshed}
            yield WirePage(msgspec.json.encode(page), into, len(rows))


def openai_day(day: date, people: int) -> Iterator[WirePage]:
    """Everybody's use and cost of four models."""
    used = [(n, model) for n in range(people) for model in OPENAI_MODELS]
    for into, row in ((openai.UsagePage, _completions), (openai.CostsPage, _line_item)):
        for some in _in_pages(used):
            bucket = {
                "object": "bucket",
                "start_time": int(midnight(day).timestamp()),
                "end_time": int(midnight(day + timedelta(days=1)).timestamp()),
                "results": [row(number, model) for number, model in some],
            }
            page = {"object": "page", "data": [bucket], "has_more": False, "next_page": None}
            yield WirePage(msgspec.json.encode(page), into, len(some))


def _in_pages(rows: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, ROWS_A_PAGE)):
        yield some


def _anthropic_group(number: int, product: str, model: str) -> dict[str, Any]:
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


def _completions(number: int, model: str) -> dict[str, Any]:
    base = 1000 + number % 977
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": 105 * base,
        "input_cached_tokens": 60 * base,
        "input_uncached_tokens": 43 * base,
        "input_cache_write_tokens": 2 * base,
        "output_tokens": 9 * base,
        "num_model_requests": base // 5,
        "user_id": f"user-{number:06}",
        "api_key_id": f"key_{number:06}",
        "model": model,
        "batch": False,
        "project_id": None,
        "service_tier": None,
        "api_source": None,
    }


def _line_item(number: int, model: str) -> dict[str, Any]:
    return {
        "object": "organization.costs.result",
        "amount": {"value": round(0.31 + number % 977 / 1000, 3), "currency": "usd"},
        "line_item": f"{model}, input_tokens",
        "quantity": 1000 + number,
        "quantity_unit": "tokens",
        "user_id": f"user-{number:06}",
        "api_key_id": None,
        "organization_id": "org-example",
        "project_id": None,
    }
