"""What stands between people and many providers' models: LiteLLM, OpenRouter, Langfuse."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from bench.pages.wire import DAY, Source, WirePage, address_of, in_pages, of, page, reading
from bot.providers import langfuse as langfuse_pages
from bot.providers import litellm as litellm_pages
from bot.providers import openrouter as openrouter_pages

MODELS = ("claude-opus-5", "claude-sonnet-5", "gpt-6-astra", "gpt-6-nova")
A_PERSON = len(MODELS)
PEOPLE_A_PAGE = 250


def litellm(people: int) -> Source:
    """A row is one key's use of one model, of which a page tells in three ways."""
    some = in_pages(range(people), PEOPLE_A_PAGE)
    answers = [_activity(numbers, position) for position, numbers in enumerate(some, 1)]
    return Source(
        name="litellm",
        pages=[page(a, litellm_pages.ActivityPage, A_PERSON * PEOPLE_A_PAGE) for a in answers],
        understand=of(litellm_pages.LiteLLM),
    )


def _activity(numbers: list[int], position: int) -> dict[str, Any]:
    keys = {f"{number:064x}": _owner(number) for number in numbers}
    by_key = {key: {"metrics": _metrics(1), "metadata": owner} for key, owner in keys.items()}
    whole = {"metrics": _metrics(A_PERSON * len(keys)), "metadata": {}}
    breakdown = {
        "models": {model: {**whole, "api_key_breakdown": by_key} for model in MODELS},
        "model_groups": {},
        "providers": {},
        "api_keys": {k: {"metrics": _metrics(A_PERSON), "metadata": o} for k, o in keys.items()},
        "entities": {},
    }
    day = {"date": f"{DAY}", "metrics": whole["metrics"], "breakdown": breakdown}
    return {"results": [day], "metadata": {"page": position, "has_more": True}}


def _owner(number: int) -> dict[str, Any]:
    return {
        "key_alias": f"key-{number}",
        "team_id": "t1",
        "user_id": f"u-{number:06}",
        "user_email": address_of(number),
        "key_exists": True,
    }


def _metrics(times: int) -> dict[str, Any]:
    return {
        "spend": round(0.0612 * times, 4),
        "flat_cost": 0,
        "prompt_tokens": 10500 * times,
        "completion_tokens": 900 * times,
        "cache_read_input_tokens": 6000 * times,
        "cache_creation_input_tokens": 200 * times,
        "total_tokens": 11400 * times,
        "successful_requests": 42 * times,
        "failed_requests": 0,
        "api_requests": 42 * times,
        "total_response_time_ms": 90000,
        "timed_requests": 42,
    }


def openrouter(people: int) -> Source:
    """A page for each member."""
    return Source(
        name="openrouter",
        pages=[
            WirePage(
                msgspec.json.encode({"data": [_item(model, number) for model in MODELS]}),
                partial(_of_member, f"user_{number:06}"),
                A_PERSON,
            )
            for number in range(people)
        ],
        understand=of(openrouter_pages.OpenRouter, openrouter_pages.Bill([])),
    )


_read_activity = reading(openrouter_pages.Activity)


def _of_member(member: str, content: bytes) -> openrouter_pages.Use:
    return openrouter_pages.Use(member, _read_activity(content).data)


def _item(model: str, number: int) -> dict[str, Any]:
    return {
        "date": f"{DAY}",
        "model": model,
        "model_permaslug": f"{model}-2026-08-01",
        "endpoint_id": "ep-1",
        "provider_name": "Anthropic",
        "usage": 0.2 + number % 9,
        "byok_usage_inference": 0,
        "requests": 5,
        "prompt_tokens": 5000 + number,
        "completion_tokens": 1250,
        "reasoning_tokens": 250,
        "cached_tokens": 1000,
    }


def langfuse(people: int) -> Source:
    """Observation by observation, as the days of many people are read."""
    meta = {"cursor": "next"}
    return Source(
        name="langfuse",
        pages=[
            page({"data": rows, "meta": meta}, langfuse_pages.ObservationsPage, len(rows))
            for rows in in_pages(map(_observation, range(people * A_PERSON)))
        ],
        understand=of(langfuse_pages.Langfuse),
    )


def _observation(number: int) -> dict[str, Any]:
    return {
        "id": f"obs-{number}",
        "traceId": f"trace-{number // 3}",
        "type": "GENERATION",
        "startTime": f"{DAY}T08:00:00.000Z",
        "userId": address_of(number // A_PERSON),
        "providedModelName": MODELS[number % A_PERSON],
        "usageDetails": {
            "input": 900 + number,
            "input_cached_tokens": 100,
            "output": 60,
            "total": 1060 + number,
        },
        "totalCost": 0.0102,
        "statusMessage": None,
    }
